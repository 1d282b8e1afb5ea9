//! All experiments, as whoever runs the tests, as an ordinary user, and without IPv6. What is not
//! allowed there is said, and nothing fails.

use std::path::Path;
use std::process::Command;

use crate::stand::{Ran, bounded, names, ran, run};

/// All experiments ended well and told what they found.
#[track_caller]
fn all_told(ran: Ran) {
    let printed = ran.well();
    for name in names() {
        let heading = format!("{name}: ");
        let is_there = printed.lines().any(|line| line.starts_with(&heading));
        assert!(is_there, "{name} in {printed}");
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[test]
fn all_of_them_in_a_pipe() {
    all_told(run("lab all --quick"));
}

#[test]
fn all_of_them_in_chinese() {
    all_told(run("lab all --quick --lang zh-CN"));
}

#[test]
fn all_of_them_as_objects() {
    let objects = run("lab all --quick --json").objects();
    let told: Vec<&str> = objects
        .iter()
        .filter_map(|it| it["name"].as_str())
        .collect();
    assert_eq!(told, names());
    assert!(
        objects.iter().all(|it| it["event"] == "experiment"),
        "{objects:?}"
    );
}

#[test]
fn all_of_them_as_an_ordinary_user() {
    if !is_root() {
        // Then the tests above were that.
        return;
    }
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(folder.path(), open).expect("the folder is ours");
    // The build may lie in a folder that is closed to others.
    let copy = folder.path().join("landline");
    std::fs::copy(env!("CARGO_BIN_EXE_landline"), &copy).expect("the folder takes a file");
    let stage = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tutorial/as_nobody.py");
    let (stage, copy) = (stage.to_str().expect("text"), copy.to_str().expect("text"));
    let words = ["-B", stage, copy, "lab", "all", "--quick"];
    let mut command = bounded(Path::new("python3"), &words);
    command
        .env("LANDLINE_HOME", "/nonexistent")
        .current_dir("/");
    all_told(ran(&mut command));
}

#[test]
fn all_of_them_without_ipv6() {
    if !unshares("--net") {
        return;
    }
    let script = "ip link set lo up && \
        echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6 && exec \"$0\" lab all --quick";
    let words = ["--net", "sh", "-c", script, env!("CARGO_BIN_EXE_landline")];
    all_told(ran(&mut bounded(Path::new("unshare"), &words)));
}

/// What the lab itself advises whom it lacks rights. Loopback is down there at first.
#[test]
fn all_of_them_where_the_advice_leads() {
    if !unshares("-rn") {
        return;
    }
    let words = [
        "-rn",
        env!("CARGO_BIN_EXE_landline"),
        "lab",
        "all",
        "--quick",
    ];
    all_told(ran(&mut bounded(Path::new("unshare"), &words)));
    let words = ["-rn", words[1], "lab", "phone", "--lang", "zh-CN"];
    let printed = ran(&mut bounded(Path::new("unshare"), &words)).well();
    assert!(!printed.contains("unshare"), "{printed}");
}

/// Whether this user may make such namespaces.
fn unshares(kinds: &str) -> bool {
    let made = Command::new("unshare").args([kinds, "true"]).status();
    made.is_ok_and(|status| status.success())
}
