//! `trust grant`, `revoke`, `rename`: whom they mean, what they change, and what they say of it.

use landline::trust::PeerId;

use crate::stand::{Stand, key};

fn with_laptop() -> Stand {
    let stand = Stand::new();
    stand.add_peer("laptop", key(1), &["echo"]);
    stand
}

/// What `peer` may do, as text.
fn may(stand: &Stand, peer: PeerId) -> Vec<String> {
    let grants = stand.grants();
    let grant = grants.of(&peer).expect("it is known");
    grant.capabilities.iter().map(ToString::to_string).collect()
}

#[test]
fn a_peer_is_meant_by_name_words_key_or_its_first_digits() {
    let stand = with_laptop();
    let digits = key(1).to_string();
    let peers = ["laptop", &key(1).words(), &digits, &digits[..8]];
    for (number, peer) in peers.iter().enumerate() {
        let ran = stand.run(&format!("trust grant {peer} service:s{number}"));
        assert_eq!((ran.code, ran.out.as_str()), (0, ""));
        let sentence = ran.sentence();
        for part in ["laptop", &key(1).words(), &format!("service:s{number}")] {
            assert!(sentence.contains(part), "{part} in {sentence}");
        }
    }
    let expected = [
        "echo",
        "service:s0",
        "service:s1",
        "service:s2",
        "service:s3",
    ];
    assert_eq!(may(&stand, key(1)), expected);
}

#[test]
fn folders_count_from_here_and_exec_is_said_to_be_a_shell() {
    let stand = with_laptop();
    let ran = stand.run("trust grant laptop files:rw:in/box files:ro:. exec");
    let here = stand.path().canonicalize().unwrap();
    let here = here.display();
    let expected = [
        "echo".into(),
        "exec".into(),
        format!("files:ro:{here}"),
        format!("files:rw:{here}/in/box"),
    ];
    assert_eq!(may(&stand, key(1)), expected, "{}", ran.err);
    assert!(
        ran.err.lines().any(|line| line.contains("shell")),
        "{}",
        ran.err
    );
}

#[test]
fn a_key_that_is_new_here_may_be_granted_as_a_whole_or_by_its_machines_name() {
    let stand = with_laptop();
    stand.add_machine("office", key(2), &[]);
    stand.well(&format!("trust grant {} echo", key(3)));
    stand.well("trust grant office exec");
    let grants = stand.grants();
    let name = |peer| grants.of(&peer).unwrap().name.clone().unwrap().to_string();
    assert_eq!(name(key(2)), "office");
    assert!(key(3).words().starts_with(&name(key(3))));
    let digits = key(4).to_string();
    let sentence = stand.fails(&format!("trust grant {} echo", &digits[..8]), 2);
    assert!(sentence.contains(&digits[..8]), "{sentence}");
}

#[test]
fn what_cannot_be_granted_changes_nothing() {
    let stand = with_laptop();
    let before = stand.read("grants.toml");
    for (line, part) in [
        ("trust grant laptop exce", "exce"),
        ("trust grant laptop echo files:rx:.", "files:ro:DIR"),
        ("trust grant laptop service:Weather", "Weather"),
        ("trust grant nobody echo", "nobody"),
    ] {
        let sentence = stand.fails(line, 2);
        assert!(sentence.contains(part), "{sentence}");
    }
    assert_eq!(stand.read("grants.toml"), before);
}

#[test]
fn who_is_revoked_is_forgotten() {
    let stand = with_laptop();
    stand.add_machine("den", key(1), &[]);
    let ran = stand.run("trust revoke laptop");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let lines: Vec<&str> = ran.err.lines().collect();
    assert!(
        lines[0].contains("laptop") && lines[0].contains(&key(1).words()),
        "{lines:?}"
    );
    assert!(
        lines[1].contains("den") && lines[1].contains("book.toml"),
        "{lines:?}"
    );
    assert_eq!(stand.grants().peers().count(), 0);
    let again = stand.fails("trust revoke laptop", 2);
    assert!(again.contains("laptop"), "{again}");
    let machine = stand.fails("trust revoke den", 2);
    assert!(machine.contains("nothing was revoked"), "{machine}");
    assert!(stand.book().find("den").is_some());
}

#[test]
fn a_peer_gets_another_name_and_a_taken_one_is_refused() {
    let stand = with_laptop();
    stand.well(&format!("trust grant {} echo", key(2)));
    let ran = stand.run("trust rename laptop desk");
    assert!(
        ran.sentence().contains("laptop") && ran.sentence().contains("desk"),
        "{}",
        ran.err
    );
    let grants = stand.grants();
    assert_eq!(grants.find("desk"), Ok(key(1)));
    let other = &key(2).to_string()[..8];
    let taken = stand.fails(&format!("trust rename {other} desk"), 2);
    assert!(taken.contains("desk"), "{taken}");
    let shape = stand.fails("trust rename desk a/b", 2);
    assert!(shape.contains('/'), "{shape}");
}

#[test]
fn a_machine_that_is_no_peer_is_renamed_in_the_address_book() {
    let stand = with_laptop();
    stand.add_machine("office", key(2), &[]);
    stand.add_machine("den", key(1), &[]);
    let ran = stand.run("trust rename office work");
    assert!(ran.sentence().contains("address book"), "{}", ran.err);
    let ran = stand.run("trust rename laptop desk");
    assert!(
        ran.err
            .lines()
            .any(|line| line.contains("still calls it den")),
        "{}",
        ran.err
    );
    let book = stand.book();
    assert!(book.find("work").is_some() && book.find("office").is_none());
    assert!(book.find("den").is_some());
}

#[test]
fn a_name_that_two_peers_have_is_nobodys() {
    let stand = Stand::new();
    let text = format!(
        "[peers.{}]\nname = \"a\"\n[peers.{}]\nname = \"a\"\n",
        key(1),
        key(2)
    );
    stand.write("grants.toml", &text);
    let sentence = stand.fails("trust revoke a", 2);
    assert!(sentence.contains("more than one"), "{sentence}");
    assert_eq!(stand.read("grants.toml"), text);
}

#[test]
fn codes_are_not_there_yet() {
    let sentence = Stand::new().fails("trust code --grant echo", 2);
    assert!(sentence.contains("not yet: trust code"), "{sentence}");
}
