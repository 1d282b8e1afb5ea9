//! landline run to its end, in an environment that changes nothing of what it says. It does not know
//! what is asked.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// How long a run may take: `lab all` is to take less than a minute.
const SECONDS_MAX: &str = "60";

/// How a run ended.
pub(crate) struct Ran {
    /// Its exit status.
    pub(crate) code: i32,
    /// What it wrote to stdout.
    pub(crate) out: String,
    /// What it wrote to stderr.
    pub(crate) err: String,
}

/// The binary under test with these words, ended when it takes too long.
pub(crate) fn landline(words: &[&str]) -> Command {
    bounded(Path::new(env!("CARGO_BIN_EXE_landline")), words)
}

/// Any program so.
pub(crate) fn bounded(program: &Path, words: &[&str]) -> Command {
    let mut command = Command::new("timeout");
    command.args(["--kill-after=5", SECONDS_MAX]).arg(program);
    command.args(words);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("LC_") || text.starts_with("LANDLINE_") || text == "LANGUAGE" {
            command.env_remove(&name);
        }
    }
    command.env("LANG", "C.UTF-8");
    command.env("LANDLINE_HOME", env!("CARGO_TARGET_TMPDIR"));
    command
}

/// Runs landline with the words of `line` to its end.
pub(crate) fn run(line: &str) -> Ran {
    ran(&mut landline(&line.split(' ').collect::<Vec<_>>()))
}

/// Runs a command to its end.
pub(crate) fn ran(command: &mut Command) -> Ran {
    let output = command.output().expect("the program is there");
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("it prints text"),
        err: String::from_utf8(output.stderr).expect("it says text"),
    }
}

impl Ran {
    /// What it printed; it must have ended well, with every sentence and every value in place.
    #[track_caller]
    pub(crate) fn well(self) -> String {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        assert_eq!(self.err, "");
        for gap in ["{$", "lab-", "\u{1b}", "panicked"] {
            assert!(!self.out.contains(gap), "{gap:?} in {}", self.out);
        }
        self.out
    }

    /// The objects that it printed, a line each; it must have ended well.
    #[track_caller]
    pub(crate) fn objects(self) -> Vec<Value> {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        let object = |line: &str| serde_json::from_str(line).expect("a line is an object");
        let objects: Vec<Value> = self.out.lines().map(object).collect();
        assert!(objects.iter().all(|it| it["v"] == 1), "{objects:?}");
        objects
    }
}

/// The names of all experiments, as the list has them.
pub(crate) fn names() -> Vec<String> {
    let listed = run("lab --json").objects();
    let name = |object: &Value| object["name"].as_str().map(str::to_owned);
    listed.iter().filter_map(name).collect()
}
