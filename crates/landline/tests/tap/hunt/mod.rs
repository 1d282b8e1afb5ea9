//! The hunt by the real binary, in programs of Python's standard library and in landline's own. It does
//! not know how a hunt goes on, only what comes of it.

mod breaks;
mod ends;
mod ours;
mod right;

use std::path::PathBuf;
use std::process::Command;

use crate::stand::{Finished, Listening, Process, clean, landline, patience};

/// A command that is hunted in, in which `{}` is the tap.
struct Hunted(Vec<String>);

impl Hunted {
    /// One of the scripts in `hunted`, on the system's Python.
    fn script(name: &str, arguments: &[&str]) -> Self {
        Self::python(&format!("tap/hunted/{name}"), arguments)
    }

    /// One of the tutorial's scripts, as it is.
    fn tutorial(name: &str, arguments: &[&str]) -> Self {
        Self::python(&format!("tutorial/{name}"), arguments)
    }

    fn python(path: &str, arguments: &[&str]) -> Self {
        let path = folder().join(path).to_string_lossy().into_owned();
        let words = ["python3", "-BS", &path, "{}"].map(str::to_owned);
        let arguments = arguments.iter().map(|it| (*it).to_owned());
        Self(words.into_iter().chain(arguments).collect())
    }

    /// landline itself.
    fn landline(arguments: &[&str]) -> Self {
        let program = env!("CARGO_BIN_EXE_landline").to_owned();
        let arguments = arguments.iter().map(|it| (*it).to_owned());
        Self([program].into_iter().chain(arguments).collect())
    }

    /// A line for the shell, in which `landline` is the binary under test.
    fn shell(line: &str) -> Self {
        let line = line.replace("landline", env!("CARGO_BIN_EXE_landline"));
        Self(vec!["/bin/sh".into(), "-c".into(), line])
    }

    /// The hunt in it, before `target`, not started yet.
    fn hunt(&self, target: &str, options: &[&str]) -> Command {
        let mut words = vec!["tap", "--hunt", "tcp://127.0.0.1:0", target];
        words.extend(options);
        words.push("--");
        words.extend(self.0.iter().map(String::as_str));
        let mut command = landline(&words);
        scripts_path(&mut command);
        command
    }

    /// The same, to its end.
    #[track_caller]
    fn hunted(&self, target: &str, options: &[&str]) -> Finished {
        let hunt = Process::start(self.hunt(target, options));
        // Dozens of runs, on a machine that may be busy.
        hunt.ends_within(3 * patience());
        let finished = hunt.finish();
        clean(&finished.err);
        finished
    }

    /// Runs it alone against `address`, to its end.
    fn alone(&self, address: &str) -> Finished {
        let words = self.0.iter().map(|word| word.replace("{}", address));
        let words: Vec<String> = words.collect();
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]);
        scripts_path(&mut command);
        Process::start(command).finish()
    }
}

/// What a hunt found.
struct Found {
    /// The words of the command that shows it again.
    words: Vec<String>,
    /// What was said.
    said: String,
}

impl Found {
    /// Hunts, and finds one move.
    #[track_caller]
    fn one_move(hunted: &Hunted, target: &str, options: &[&str]) -> Self {
        let finished = hunted.hunted(target, options);
        assert_eq!(finished.code, 1, "{}{}", finished.err, finished.text());
        let words: Vec<String> = finished
            .text()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        assert_eq!(words[..2], ["landline", "tap"], "{words:?}");
        assert_eq!(words[3], target);
        assert_eq!(words.len(), 6, "more than one move: {words:?}");
        Self {
            words,
            said: finished.err,
        }
    }

    /// The option of the move and its value, without the time if there is one.
    fn its_move(&self) -> (&str, &str) {
        let value = self.words[5].split(',').next().unwrap_or_default();
        (&self.words[4], value)
    }

    /// It is a split of what goes to the server, whose reader takes one read for one message.
    #[track_caller]
    fn is_of_the_targets_reads(&self) {
        let (option, value) = self.its_move();
        let way = value.split(':').next();
        assert_eq!((option, way), ("--split-at", Some("to-server")));
        self.says("the target takes one read for one message");
    }

    /// It was told so.
    #[track_caller]
    fn says(&self, meaning: &str) {
        assert!(self.said.contains(meaning), "{}", self.said);
    }

    /// Runs the command that was printed, and before it what was hunted in: it fails.
    #[track_caller]
    fn shows_again(&self, hunted: &Hunted) {
        let words: Vec<&str> = self.words[1..].iter().map(String::as_str).collect();
        let tap = Listening::of(landline(&words));
        // A machine that is busy may wake the reader too late, once.
        let failed = (0..5).any(|_| hunted.alone(&tap.address).code != 0);
        assert!(failed, "{:?} shows nothing", self.words);
        tap.stop();
    }
}

fn scripts_path(command: &mut Command) {
    let paths = ["tutorial", "tap/hunted"].map(|name| folder().join(name));
    let paths = std::env::join_paths(paths).expect("no colon in a folder's name");
    command.env("PYTHONPATH", paths);
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// `landline listen` with a service.
fn serving(service: &[&str]) -> Listening {
    Listening::of(landline(
        &[&["listen", "tcp://127.0.0.1:0"], service].concat(),
    ))
}

/// A server of the scripts in `hunted`.
fn server(name: &str) -> Listening {
    python_server(&format!("tap/hunted/{name}"))
}

/// A server of the tutorial, as it is.
fn tutorial_server(name: &str) -> Listening {
    python_server(&format!("tutorial/{name}"))
}

fn python_server(path: &str) -> Listening {
    let mut command = Command::new("python3");
    command
        .arg("-B")
        .arg(folder().join(path))
        .arg("tcp://127.0.0.1:0");
    scripts_path(&mut command);
    Listening::of(command)
}
