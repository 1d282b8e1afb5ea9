//! A home of a test, and landline run on it to its end. It does not know what landline is asked.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use landline::trust::{Book, Capability, Grants, Home, HostAddress, Invites, PeerId, TrustError};
use serde_json::Value;
use tempfile::TempDir;

/// A folder that is gone with its test: the home stands in it, and beside it whatever a test needs.
pub(crate) struct Stand {
    folder: TempDir,
}

/// How a run ended.
pub(crate) struct Ran {
    /// Its exit status.
    pub(crate) code: i32,
    /// What it wrote to stdout.
    pub(crate) out: String,
    /// What it wrote to stderr.
    pub(crate) err: String,
}

impl Stand {
    /// A folder with nothing in it.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("the machine has room for a folder");
        Self { folder }
    }

    /// Where runs start.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The home, through the library.
    pub(crate) fn home(&self) -> Home {
        Home::in_folder(self.path().join("home"))
    }

    /// Who may do what, now.
    pub(crate) fn grants(&self) -> Grants {
        self.home().grants().read().expect("the grants are good")
    }

    /// The address book, now.
    pub(crate) fn book(&self) -> Book {
        self.home().book().read().expect("the address book is good")
    }

    /// The invites that wait, now.
    pub(crate) fn invites(&self) -> Invites {
        self.home().invites().read().expect("the invites are good")
    }

    /// Lets `key`, called `name`, do what the texts say.
    pub(crate) fn add_peer(&self, name: &str, key: PeerId, capabilities: &[&str]) {
        let capabilities = capabilities.iter().map(|text| text.parse::<Capability>());
        let granted = self.home().grants().change(|grants| {
            let capabilities = capabilities.collect::<Result<Vec<_>, _>>()?;
            grants.grant(key, &name.parse()?, capabilities);
            Ok::<_, TrustError>(())
        });
        granted.expect("the test's texts are good");
    }

    /// Puts a machine into the address book.
    pub(crate) fn add_machine(&self, name: &str, key: PeerId, addresses: &[&str]) {
        let addresses = addresses.iter().map(|text| text.parse::<HostAddress>());
        let added = self.home().book().change(|book| {
            let addresses = addresses.collect::<Result<Vec<_>, _>>()?;
            book.add(&name.parse()?, key, &addresses)?;
            Ok::<_, TrustError>(())
        });
        added.expect("the test's texts are good");
    }

    /// A file of the home, which is made with the home.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        self.home().make().expect("the folder takes a home");
        let path = self.home().config_folder().join(name);
        fs::write(&path, text).expect("the home takes a file");
        path
    }

    /// A file of the home as it is now.
    pub(crate) fn read(&self, name: &str) -> String {
        let path = self.home().config_folder().join(name);
        fs::read_to_string(path).expect("the file is there")
    }

    /// landline with `line` as its words, on this home and with nothing else in its environment that
    /// would change what it says.
    pub(crate) fn landline(&self, line: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_landline"));
        command.args(line);
        self.place(command)
    }

    /// Any command, placed as [`Stand::landline`] is.
    pub(crate) fn place(&self, mut command: Command) -> Command {
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("LC_") || text.starts_with("LANDLINE_") || text == "LANGUAGE" {
                command.env_remove(&name);
            }
        }
        command
            .env("LANG", "C.UTF-8")
            .env("LANDLINE_HOME", self.path().join("home"))
            .current_dir(self.path());
        command
    }

    /// Runs landline with the words of `line` to its end.
    pub(crate) fn run(&self, line: &str) -> Ran {
        let words: Vec<&str> = line.split(' ').collect();
        ran(&mut self.landline(&words))
    }

    /// The same, which must end well; gives what it printed.
    #[track_caller]
    pub(crate) fn well(&self, line: &str) -> String {
        let ran = self.run(line);
        assert_eq!(ran.code, 0, "{line}: {}", ran.err);
        ran.out
    }

    /// The same, which must end with `code` and one sentence; gives that.
    #[track_caller]
    pub(crate) fn fails(&self, line: &str, code: i32) -> String {
        let ran = self.run(line);
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (code, ""),
            "{line}: {}",
            ran.err
        );
        ran.sentence().to_owned()
    }
}

impl Ran {
    /// The one sentence on stderr, which is for people.
    #[track_caller]
    pub(crate) fn sentence(&self) -> &str {
        let text = self.err.trim_end();
        assert!(text.starts_with("landline: "), "{text:?}");
        let dumps = [
            "panicked", "Error", "Os {", "{$", "trust-", "config-", "invite-",
        ];
        for dump in dumps {
            assert!(!text.contains(dump), "{dump:?} in {text:?}");
        }
        assert!(!text.contains(char::is_control), "{text:?}");
        text
    }

    /// The lines of stdout, each an object.
    #[track_caller]
    pub(crate) fn objects(&self) -> Vec<Value> {
        assert_eq!(self.code, 0, "{}", self.err);
        let object = |line: &str| serde_json::from_str(line).expect("a line is an object");
        let objects: Vec<Value> = self.out.lines().map(object).collect();
        assert!(objects.iter().all(|it| it["v"] == 1), "{objects:?}");
        objects
    }
}

/// Runs a command to its end.
#[track_caller]
pub(crate) fn ran(command: &mut Command) -> Ran {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("the program is there");
    use std::os::unix::process::ExitStatusExt;
    let code = status.code().or(status.signal().map(|number| 128 + number));
    Ran {
        code: code.expect("it exited or was ended by a signal"),
        out: String::from_utf8(stdout).expect("it prints text"),
        err: String::from_utf8(stderr).expect("it says text"),
    }
}

/// A key that belongs to nobody.
pub(crate) fn key(number: u8) -> PeerId {
    PeerId::from_bytes([number; 32])
}
