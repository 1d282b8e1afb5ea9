//! Mounts that only one test sees (mount_namespaces(7)), gone with it. Only root can make them.

use std::path::Path;
use std::process::Command;

/// Set in the process whose mounts are its own.
const INSIDE: &str = "FAULTS_TEST_MOUNTS";

/// Whether this process has mounts of its own. If not, the test `name` of `module` is run once more
/// in a process that has them, and must pass there.
#[track_caller]
pub(crate) fn are_own_mounts(module: &str, name: &str) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    if !rustix::process::geteuid().is_root() {
        return false;
    }
    let (_, module) = module.split_once("::").expect("a crate and a module");
    let test = format!("{module}::{name}");
    let own = std::env::current_exe().expect("it runs");
    let mut inside = Command::new("unshare");
    inside
        .args(["--mount", "--propagation", "private"])
        .arg(own)
        .args(["--exact", &test, "--nocapture"])
        .env(INSIDE, "1");
    let output = inside.output().expect("unshare is there");
    let said = String::from_utf8_lossy(&output.stdout);
    let error = String::from_utf8_lossy(&output.stderr);
    let is_right = output.status.success() && said.contains("1 passed");
    assert!(is_right, "{said}\n{error}");
    false
}

/// mount(8) with these words.
#[track_caller]
pub(crate) fn mount(words: &[&str], at: &Path) {
    run(Command::new("mount").args(words).arg(at));
}

/// Takes away what is mounted there, as soon as nobody uses it.
#[track_caller]
pub(crate) fn unmount(at: &Path) {
    run(Command::new("umount").arg("--lazy").arg(at));
}

#[track_caller]
fn run(command: &mut Command) {
    let output = command.output().expect("every system has it");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {error}");
}
