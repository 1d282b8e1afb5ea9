//! What this machine has of the programs that the stages call, and how to get what it lacks.

use std::process::{Command, Stdio};

/// Programs without which no run is worth starting: what to try, and what to do when it fails.
const NEEDED: [(&[&str], &str); 6] = [
    (
        &["cargo", "fmt", "--version"],
        "rustfmt is missing: rustup component add rustfmt",
    ),
    (
        &["cargo", "clippy", "--version"],
        "clippy is missing: rustup component add clippy",
    ),
    (
        &["python3", "--version"],
        "python3 is missing, and the tests' peers are written in it: install python3 (on Debian: apt-get install python3)",
    ),
    (
        &["cc", "--version"],
        "a C compiler is missing: install one as `cc` (on Debian: apt-get install gcc libc6-dev)",
    ),
    (
        &["ip", "-V"],
        "ip is missing, and a test cuts a network's link: install it (on Debian: apt-get install iproute2)",
    ),
    (
        &["unshare", "--version"],
        "unshare is missing, and tests make namespaces with it: install it (on Debian: apt-get install util-linux)",
    ),
];

/// The programs that were found.
pub(super) struct Machine {
    /// Whether `cargo nextest` runs.
    pub(super) has_nextest: bool,
    /// Whether `cargo deny` runs.
    pub(super) has_deny: bool,
    /// One sentence for each program that is missing: which, and how to get it.
    pub(super) missing: Vec<&'static str>,
}

impl Machine {
    /// Looks at this machine.
    pub(super) fn look() -> Self {
        let needed = NEEDED.iter().filter(|(words, _)| !runs(words));
        Self {
            has_nextest: runs(&["cargo", "nextest", "--version"]),
            has_deny: runs(&["cargo", "deny", "--version"]),
            missing: needed.map(|(_, sentence)| *sentence).collect(),
        }
    }

    /// A machine with everything, for tests.
    #[cfg(test)]
    pub(super) fn full() -> Self {
        Self {
            has_nextest: true,
            has_deny: true,
            missing: Vec::new(),
        }
    }
}

/// Whether a command starts and succeeds. What it says is of no interest.
fn runs(words: &[&str]) -> bool {
    let quiet = Command::new(words[0])
        .args(&words[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    quiet.is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_not_there_does_not_run() {
        assert!(!runs(&["landline-no-such-program"]));
    }

    #[test]
    fn a_program_that_is_there_runs() {
        assert!(runs(&["cargo", "--version"]));
    }
}
