//! `ls`: what there is, a name a line, sorted; with -l and --json what is known of it.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::{Duration, SystemTime};

use serde_json::json;

use crate::stand::{Process, Sharing, objects, odd, sentence, write};

fn filled() -> Sharing {
    let stand = Sharing::open();
    for name in [
        "b.log",
        "a.txt",
        "docs/inner/deep",
        "docs/z",
        "docs/a",
        "void/x",
    ] {
        write(stand.there(name), "hello");
    }
    stand
}

#[test]
fn a_folder_lists_what_is_in_it_and_a_file_itself() {
    let stand = filled();
    let check = |paths: &[&str], expected: &str| {
        let listed = stand.run(&[&["ls", "office"], paths].concat()).well();
        assert_eq!(listed.text(), expected, "{paths:?}");
    };
    check(&[], "a.txt\nb.log\ndocs\nvoid\n");
    check(&["."], "a.txt\nb.log\ndocs\nvoid\n");
    check(&["shared:"], "a.txt\nb.log\ndocs\nvoid\n");
    check(&["docs"], "a\ninner\nz\n");
    check(&["docs/"], "a\ninner\nz\n");
    check(&["docs/inner"], "deep\n");
    check(&["a.txt"], "a.txt\n");
}

#[test]
fn of_several_each_name_stands_behind_what_was_asked() {
    let stand = filled();
    let check = |paths: &[&str], expected: &str| {
        let listed = stand.run(&[&["ls", "office"], paths].concat()).well();
        assert_eq!(listed.text(), expected, "{paths:?}");
    };
    check(&["void", "docs"], "docs/a\ndocs/inner\ndocs/z\nvoid/x\n");
    check(&["docs/inner", "a.txt"], "a.txt\ndocs/inner/deep\n");
    check(&["*.*"], "a.txt\nb.log\n");
    check(&["docs/?"], "docs/a\ndocs/z\n");
    check(
        &["v*", "shared:docs/inner"],
        "shared:docs/inner/deep\nvoid/x\n",
    );
}

#[test]
fn names_are_as_they_are_where_no_terminal_is() {
    let stand = Sharing::open();
    write(stand.there(odd(b"\xff\x1b[31m")), "");
    assert_eq!(stand.run(&["ls", "office"]).well().out, b"\xff\x1b[31m\n");
    let all = objects(&stand.run(&["ls", "office", "--json"]).well());
    assert_eq!(all[0]["name_b64"], "/xtbMzFt");
}

#[test]
fn a_long_line_has_kind_mode_size_time_and_name() {
    let stand = Sharing::open();
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    for (name, bytes, mode) in [("a", 5, 0o640), ("big", 12_345, 0o755)] {
        write(stand.there(name), vec![0; bytes]);
        let file = fs::File::open(stand.there(name)).expect("it is there");
        file.set_modified(time).expect("it is ours");
        let mode = fs::Permissions::from_mode(mode);
        fs::set_permissions(stand.there(name), mode).expect("it is ours");
    }
    symlink("a", stand.there("link")).expect("a free name");
    let mut command = stand.landline(&["ls", "office", "-l"]);
    command.env("TZ", "XXX-8");
    let listed = Process::start(command).finish().well().text();
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines[0], "-rw-r-----     5 2023-11-15T06:13:20+08:00 a");
    assert_eq!(lines[1], "-rwxr-xr-x 12345 2023-11-15T06:13:20+08:00 big");
    assert!(
        lines[2].starts_with('l') && lines[2].ends_with(" link"),
        "{listed}"
    );
    let all = objects(&stand.run(&["ls", "office", "--json"]).well());
    let expected = json!({
        "v": 1, "event": "entry", "name": "a", "type": "file", "size": 5, "mode": "0640",
        "mtime": "2023-11-14T22:13:20Z",
    });
    assert_eq!(all[0], expected);
    assert_eq!((&all[2]["type"], all.len()), (&json!("link"), 3));
}

#[test]
fn what_is_not_there_is_told_and_the_rest_listed() {
    let stand = filled();
    let finished = stand.run(&["ls", "office", "none", "docs/inner"]);
    assert_eq!(
        (finished.code, finished.text().as_str()),
        (255, "docs/inner/deep\n")
    );
    assert!(sentence(&finished.err).contains("none"), "{}", finished.err);
    let finished = stand.run(&["ls", "office", "docs/none", "--json"]);
    let all = objects(&finished);
    assert_eq!((finished.code, all.len()), (255, 1), "{}", finished.err);
    let found = ["event", "name", "code"].map(|name| all[0][name].clone());
    assert_eq!(json!(found), json!(["failed", "docs/none", "path-missing"]));
}

#[test]
fn a_reader_that_leaves_ends_it_quietly() {
    let stand = Sharing::open();
    // Together they are more than a pipe holds.
    for number in 0..400 {
        write(stand.there(format!("{number:0200}")), "");
    }
    let mut command = stand.landline(&["ls", "office"]);
    let reader = crate::stand::held_pipe(&mut command);
    command.stderr(std::process::Stdio::piped());
    let listing = Process::start_as_it_is(command);
    let mut first = [0];
    rustix::io::read(&reader, &mut first).expect("something comes");
    drop(reader);
    let finished = listing.finish();
    assert_eq!((finished.code, &*finished.err), (141, ""));
}
