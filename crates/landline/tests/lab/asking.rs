//! What can be asked, and what is said of what cannot.

use crate::stand::{names, run};

#[test]
fn the_list_has_every_experiment_with_its_question() {
    let list = run("lab").well();
    for name in names() {
        let line = list
            .lines()
            .find(|line| line.starts_with(&format!("{name} ")));
        let line = line.unwrap_or_else(|| panic!("{name} is in {list}"));
        assert!(line.len() > name.len() + 10, "{line}");
    }
    assert!(list.contains("landline lab all"), "{list}");
}

#[test]
fn an_experiment_in_a_pipe_is_text_of_80_columns() {
    let printed = run("lab leftover").well();
    assert!(printed.starts_with("leftover: "), "{printed}");
    assert!(printed.contains("1024 + 1"), "{printed}");
    assert!(printed.contains("Try next: "), "{printed}");
    let widest = printed.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(80), "{printed}");
}

#[test]
fn an_unknown_name_is_told_the_known_ones() {
    let ran = run("lab nonsense");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
    for name in names() {
        assert!(ran.err.contains(&name), "{}", ran.err);
    }
}

#[test]
fn what_makes_no_sense_is_status_2() {
    for line in [
        "lab --svg a.svg",
        "lab --write a.pcapng",
        "lab leftover --svg - --json",
        "lab leftover --svg - --write -",
        "lab leftover sticky",
    ] {
        let ran = run(line);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{line}: {}", ran.err);
    }
}

#[test]
fn an_experiment_speaks_chinese() {
    let printed = run("lab leftover --lang zh-CN").well();
    for word in ["接收缓冲区", "读取次数", "接下来可以试试"] {
        assert!(printed.contains(word), "{printed}");
    }
    // What the kernel did is the same in every language.
    assert!(printed.contains("1024 + 1"), "{printed}");
}
