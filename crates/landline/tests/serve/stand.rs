//! A `serve` that runs on a home of its own, and landline run beside it to its end. Nothing outlives
//! its test.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open};
use tempfile::TempDir;

/// Longer than anything here takes.
pub(crate) const LATE: Duration = Duration::from_secs(20);

/// Folders of a test: a home for each side.
pub(crate) struct Stand(TempDir);

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Stand {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a place for files"))
    }

    /// Where runs start.
    pub(crate) fn path(&self) -> PathBuf {
        self.0.path().to_owned()
    }

    /// landline on the home `home`.
    pub(crate) fn landline(&self, home: &str, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_landline"));
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("LC_") || text.starts_with("LANDLINE_") {
                command.env_remove(&name);
            }
        }
        command
            .args(words)
            .env("LANG", "C.UTF-8")
            .env("LANDLINE_HOME", self.path().join(home))
            .current_dir(self.path());
        command
    }

    /// Runs landline on `home` with `input` to its end.
    pub(crate) fn run(&self, home: &str, words: &[&str], input: &str) -> Ran {
        let mut command = self.landline(home, words);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("it was built");
        let mut stdin = child.stdin.take().expect("a pipe");
        // It need not read.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        let text = |bytes| String::from_utf8(bytes).expect("it is text");
        Ran {
            code: output.status.code(),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// The same, which must end well; what it printed is returned.
    #[track_caller]
    pub(crate) fn well(&self, home: &str, words: &[&str], input: &str) -> String {
        let ran = self.run(home, words, input);
        assert_eq!(ran.code, Some(0), "{words:?}: {}", ran.err);
        ran.out
    }

    /// `serve` with these words besides, once it listens.
    #[track_caller]
    pub(crate) fn serve(&self, words: &[&str]) -> Serving {
        let mut all = vec!["serve", "--listen", "127.0.0.1:0"];
        all.extend(words);
        Serving::start(self.landline("server", &all))
    }

    /// Has the home `caller` know the server as `office`, granted `capabilities`.
    #[track_caller]
    pub(crate) fn pair(&self, capabilities: &[&str]) {
        let mut words = vec!["trust", "invite"];
        for capability in capabilities {
            words.extend(["--grant", capability]);
        }
        let ticket = self.well("server", &words, "");
        self.well("caller", &["pair", "--as", "office"], &ticket);
    }
}

/// A `serve` that runs.
pub(crate) struct Serving {
    child: Child,
    said: Receiver<String>,
    heard: Vec<String>,
    /// Where it listens.
    pub(crate) address: String,
}

impl Serving {
    /// Starts `command` and waits until it listens.
    #[track_caller]
    pub(crate) fn start(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stderr(Stdio::piped());
        command.stdout(Stdio::null());
        let mut child = command.spawn().expect("it was built");
        let stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let (say, said) = channel();
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                // The test may have ended.
                let _ = say.send(line);
            }
        });
        let mut serving = Self {
            child,
            said,
            heard: Vec::new(),
            address: String::new(),
        };
        let line = serving.says("listening");
        let address = line.trim_start_matches("listening ").to_owned();
        serving.address = address;
        serving
    }

    /// The first line with `needle` in it that was not asked for yet.
    #[track_caller]
    pub(crate) fn says(&mut self, needle: &str) -> String {
        let end = Instant::now() + LATE;
        loop {
            match self
                .said
                .recv_timeout(end.saturating_duration_since(Instant::now()))
            {
                Ok(line) if line.contains(needle) => return line,
                Ok(line) => self.heard.push(line),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    panic!("no {needle:?} in {:#?}", self.heard)
                }
            }
        }
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("it has not been waited for");
    }

    /// Waits for its end.
    #[track_caller]
    pub(crate) fn end(&mut self) -> ExitStatus {
        let pidfd = pidfd_open(self.pid(), PidfdFlags::empty()).expect("it is our child");
        let late = Timespec::try_from(LATE).expect("a short time");
        let ended = poll(&mut [PollFd::new(&pidfd, PollFlags::IN)], Some(&late));
        assert_eq!(ended.expect("it can be waited for"), 1, "it does not end");
        self.child.wait().expect("it has ended")
    }

    fn pid(&self) -> Pid {
        let id = i32::try_from(self.child.id()).expect("an id");
        Pid::from_raw(id).expect("an id")
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
