//! Files that people spoiled: which file, which line, and nothing of it changed.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::stand::{Stand, key};

#[test]
fn what_is_wrong_in_a_file_is_told_with_its_line() {
    let check = |name: &str, text: &str, place: &str| {
        let stand = Stand::new();
        let path = stand.write(name, text);
        for line in ["trust", "trust list --json"] {
            let said = stand.run(line);
            assert_eq!((said.code, said.out.as_str()), (2, ""), "{}", said.err);
            let place = format!("{}, line {place}", path.display());
            assert!(said.err.contains(&place), "{place} in {}", said.err);
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    };
    check("grants.toml", "\n[peers.laptop]\n", "2");
    let bad = format!(
        "[peers.{}]\nname = \"a\"\ncapabilities = [\"exce\"]\n",
        key(1)
    );
    check("grants.toml", &bad, "3");
    check("grants.toml", "[peers\n", "1");
    check("book.toml", "# mine\n[machines.a]\nkey = \"12\"\n", "3");
    let stand = Stand::new();
    stand.write("grants.toml", &bad);
    assert!(stand.fails("trust grant a echo", 2).contains("line 3"));
    assert!(stand.fails("trust revoke a", 2).contains("line 3"));
    assert_eq!(stand.read("grants.toml"), bad);
}

#[test]
fn a_file_that_others_may_change_is_refused_with_what_to_do() {
    let stand = Stand::new();
    let path = stand.write("grants.toml", "");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    let sentence = stand.fails("trust", 2);
    assert!(
        sentence.contains(&format!("chmod go-w {}", path.display())),
        "{sentence}"
    );
}

#[test]
fn comments_of_people_stay() {
    let stand = Stand::new();
    let text = format!(
        "# mine\n[peers.{}] # his\nname = \"a\"\ncapabilities = [\"echo\"]\n",
        key(1)
    );
    stand.write("grants.toml", &text);
    stand.well("trust grant a exec");
    let now = stand.read("grants.toml");
    assert!(
        now.starts_with("# mine\n") && now.contains("# his"),
        "{now}"
    );
    stand.well("trust grant a exec");
    assert_eq!(stand.read("grants.toml"), now);
}
