//! Several programs on one home at once: nothing that one of them did is lost.

use std::process::{Child, Stdio};

use crate::stand::{Stand, key};

#[test]
fn who_grant_at_once_lose_nothing() {
    let stand = Stand::new();
    let start = |number: u8| -> Child {
        let peer = key(number).to_string();
        let mut command = stand.landline(&["trust", "grant", &peer, "echo", "exec"]);
        command
            .stderr(Stdio::null())
            .spawn()
            .expect("the program is there")
    };
    let granting: Vec<Child> = (1..=12).map(start).collect();
    for mut one in granting {
        assert!(one.wait().expect("it is our child").success());
    }
    let grants = stand.grants();
    assert_eq!(grants.peers().count(), 12);
    assert!(
        grants
            .peers()
            .all(|(_, grant)| grant.capabilities.len() == 2)
    );
}

#[test]
fn who_grant_one_peer_at_once_grant_all_of_it() {
    let stand = Stand::new();
    stand.well(&format!("trust grant {} echo", key(1)));
    let start = |number: u8| -> Child {
        let mut command = stand.landline(&[]);
        command.args(["trust", "grant", &key(1).to_string()]);
        command.arg(format!("service:s{number}"));
        command
            .stderr(Stdio::null())
            .spawn()
            .expect("the program is there")
    };
    let granting: Vec<Child> = (0..8).map(start).collect();
    for mut one in granting {
        assert!(one.wait().expect("it is our child").success());
    }
    let grants = stand.grants();
    assert_eq!(grants.of(&key(1)).unwrap().capabilities.len(), 9);
}

#[test]
fn first_uses_at_once_make_one_key() {
    let stand = Stand::new();
    let start = |_| -> Child {
        let mut command = stand.landline(&["id"]);
        command
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program is there")
    };
    let starting: Vec<Child> = (0..8).map(start).collect();
    let printed: Vec<Vec<u8>> = starting
        .into_iter()
        .map(|one| one.wait_with_output().expect("it ends").stdout)
        .collect();
    assert!(
        printed.iter().all(|it| *it == printed[0] && it.len() > 64),
        "{printed:?}"
    );
}
