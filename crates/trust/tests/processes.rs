//! What several processes do to one home at once, what is left of one that is killed, and what a full
//! disk loses. Each test plays its roles by starting itself again.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::SystemTime;

use landline_trust::{
    Capability, HOME_VARIABLE, Home, INVITE_LIFETIME, Identity, PeerId, RunningServer, TrustError,
};

/// Tells a role what to do, in a word or two.
const TASK: &str = "LANDLINE_TEST_TASK";

/// This program again, to play `role` with `task` on the home in `folder`.
fn role(role: &str, task: &str, folder: &Path) -> Command {
    let mut command = Command::new(env::current_exe().expect("a program has a path"));
    command.args([
        "--exact",
        role,
        "--ignored",
        "--nocapture",
        "--test-threads=1",
    ]);
    command
        .env(HOME_VARIABLE, folder)
        .env(TASK, task)
        .stdout(Stdio::piped());
    command
}

/// Waits for a role and returns what it said, which it marks so that the harness's own lines do not
/// count.
fn said(child: Child) -> Vec<String> {
    let output = child.wait_with_output().expect("the child ends");
    let text = String::from_utf8(output.stdout).expect("it prints text");
    assert!(output.status.success(), "{text}");
    let lines = text
        .lines()
        .filter_map(|line| Some(line.split_once("said: ")?.1.to_owned()));
    lines.collect()
}

#[test]
#[ignore = "a role that other tests play"]
fn makes_an_identity() {
    let home = Home::from_environment().unwrap();
    println!("said: {}", home.identity().unwrap().peer_id());
}

#[test]
fn processes_that_race_for_an_identity_end_with_one() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("new/home");
    let racers = [(); 6].map(|()| role("makes_an_identity", "", &home).spawn().unwrap());
    let found = racers.map(said);
    let kept = Identity::open(&home.join("key.pem"))
        .unwrap()
        .unwrap()
        .peer_id();
    assert!(
        found.iter().all(|it| *it == [kept.to_string()]),
        "{found:?}"
    );
    assert!(!home.join(".key.pem.new").exists());
}

#[test]
#[ignore = "a role that other tests play"]
fn grants_many() {
    let home = Home::from_environment().unwrap();
    let first: u8 = env::var(TASK).unwrap().parse().unwrap();
    for number in 0..10 {
        let peer = PeerId::from_bytes([first + number; 32]);
        let name = "laptop".parse().unwrap();
        let granted = home
            .grants()
            .change(|it| Ok::<_, TrustError>(it.grant(peer, &name, [])));
        granted.unwrap();
    }
}

#[test]
fn no_change_is_lost_among_processes() {
    let folder = tempfile::tempdir().unwrap();
    let tasks = ["0", "50", "100", "150"];
    let writers = tasks.map(|task| role("grants_many", task, folder.path()).spawn().unwrap());
    for writer in writers {
        said(writer);
    }
    let grants = Home::in_folder(folder.path()).grants().read().unwrap();
    assert_eq!(grants.peers().count(), 40);
    let names: std::collections::BTreeSet<_> = grants.peers().map(|(_, it)| &it.name).collect();
    assert_eq!(names.len(), 40);
}

#[test]
#[ignore = "a role that other tests play"]
fn redeems() {
    use landline_trust::{Pairing, Ticket, proof_of_client, redeem};
    let home = Home::from_environment().unwrap();
    let task = env::var(TASK).unwrap();
    let (number, ticket) = task.split_once(' ').unwrap();
    let ticket: Ticket = ticket.parse().unwrap();
    let client = PeerId::from_bytes([number.parse().unwrap(); 32]);
    let proof = proof_of_client(&ticket.secret, &client, &ticket.server);
    let (server, proof) = (ticket.server, &proof);
    let pairing = Pairing {
        ticket: ticket.id,
        proof,
        client,
        server,
        name: "a",
    };
    match redeem(&home, &pairing, SystemTime::now()) {
        Ok(_) => println!("said: paired"),
        Err(error) => println!("said: {}", error.key()),
    }
}

#[test]
fn a_ticket_is_used_once_among_servers_of_one_home() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::in_folder(folder.path());
    let (server, addresses) = (PeerId::from_bytes([255; 32]), vec!["h".parse().unwrap()]);
    let (granted, now) = ([Capability::Echo].into(), SystemTime::now());
    let ticket = landline_trust::invite(&home, server, addresses, granted, INVITE_LIFETIME, now);
    let ticket = ticket.unwrap();
    let users = [1, 2, 3, 4].map(|number| {
        let task = format!("{number} {ticket}");
        role("redeems", &task, folder.path()).spawn().unwrap()
    });
    let mut found = users.map(|user| said(user).concat());
    found.sort();
    let unknown = "trust-invite-unknown";
    assert_eq!(found, ["paired", unknown, unknown, unknown]);
    assert_eq!(home.grants().read().unwrap().peers().count(), 1);
}

#[test]
#[ignore = "a role that other tests play"]
fn serves() {
    let home = Home::from_environment().unwrap();
    let server = RunningServer {
        process: std::process::id(),
        ..RunningServer::default()
    };
    let _announced = home.announce(&server).unwrap();
    println!("said: ready");
    // Until it is killed, or its tester is gone.
    let _ = std::io::stdin().read_line(&mut String::new());
}

#[test]
fn a_server_that_is_killed_is_not_taken_for_a_running_one() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::in_folder(folder.path());
    let mut child = role("serves", "", folder.path())
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut lines = lines.map(Result::unwrap);
    assert!(lines.any(|line| line.ends_with("said: ready")));
    let running = home.running_servers().unwrap();
    assert_eq!(
        running.iter().map(|it| it.process).collect::<Vec<_>>(),
        [child.id()]
    );
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(home.running_servers().unwrap(), []);
}

#[test]
#[ignore = "a role that other tests play"]
fn has_a_home() {
    println!(
        "said: {}",
        Home::from_environment().unwrap().config_folder().display()
    );
    println!(
        "said: {}",
        Home::from_environment().unwrap().key_file().display()
    );
    println!(
        "said: {}",
        Home::from_environment().unwrap().invites().path().display()
    );
}

#[test]
fn the_environment_names_the_home() {
    let check = |variables: &[(&str, &str)], expected: [&str; 3]| {
        let mut command = role("has_a_home", "", Path::new(""));
        for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"] {
            command.env_remove(name);
        }
        command
            .env("HOME", "/h")
            .envs(variables.iter().copied())
            .current_dir("/");
        assert_eq!(said(command.spawn().unwrap()), expected);
    };
    let xdg = [
        "/h/.config/landline",
        "/h/.local/share/landline/key.pem",
        "/h/.local/state/landline/invites.toml",
    ];
    check(&[], xdg);
    check(
        &[("XDG_DATA_HOME", "/d"), ("XDG_STATE_HOME", "relative")],
        [xdg[0], "/d/landline/key.pem", xdg[2]],
    );
    check(
        &[(HOME_VARIABLE, "/one")],
        ["/one", "/one/key.pem", "/one/invites.toml"],
    );
    check(
        &[(HOME_VARIABLE, "one")],
        ["/one", "/one/key.pem", "/one/invites.toml"],
    );
}

#[test]
#[ignore = "a role that other tests play"]
fn fills_a_disk() {
    let home = Home::from_environment().unwrap();
    let identity = home.identity().unwrap().peer_id();
    let name = "laptop".parse().unwrap();
    let mut full = None;
    for number in 0..=u8::MAX {
        let peer = PeerId::from_bytes([number; 32]);
        let changed = home
            .grants()
            .change(|it| Ok::<_, TrustError>(it.grant(peer, &name, [])));
        if let Err(error) = changed {
            full = Some((usize::from(number), error));
            break;
        }
    }
    let (written, error) = full.expect("the disk is small");
    assert_eq!(error.key(), "trust-file-write");
    assert_eq!(home.grants().read().unwrap().peers().count(), written);
    assert_eq!(home.identity().unwrap().peer_id(), identity);
    let left = fs::read_dir(home.config_folder())
        .unwrap()
        .map(|it| it.unwrap().file_name());
    assert!(
        left.into_iter()
            .all(|name| !name.to_str().unwrap().ends_with(".new"))
    );
    // Room again, and all goes on.
    fs::remove_file(home.config_folder().join("ballast")).unwrap();
    let peer = PeerId::from_bytes([255; 32]);
    home.grants()
        .change(|it| Ok::<_, TrustError>(it.grant(peer, &name, [])))
        .unwrap();
    println!("said: {written}");
}

/// Needs a mount namespace of its own; where the system gives none, nothing is tested.
#[test]
fn a_full_disk_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let inner = role("fills_a_disk", "", folder.path());
    let program = PathBuf::from(inner.get_program());
    let script = "mount -t tmpfs -o size=32k,mode=700 none \"$LANDLINE_HOME\" || exit 77\n\
        head -c 16384 /dev/zero > \"$LANDLINE_HOME/ballast\"\nexec \"$@\"";
    let mut command = Command::new("unshare");
    command.args([
        "--user",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        script,
        "sh",
    ]);
    command.arg(program).args(inner.get_args());
    command
        .env(HOME_VARIABLE, folder.path())
        .stdout(Stdio::piped());
    let Ok(child) = command.spawn() else {
        return;
    };
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    if text.is_empty() {
        // Neither unshare nor mount are allowed here: the role has not begun.
        return;
    }
    assert!(output.status.success(), "{text}");
    let said = text.lines().find_map(|line| line.split_once("said: "));
    let written: usize = said.expect("the role says how many").1.parse().unwrap();
    assert!(written > 3, "{written}");
}
