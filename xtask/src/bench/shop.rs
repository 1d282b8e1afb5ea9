//! Where the bench finds its programs and starts servers and load generators. It knows how each
//! says that it is ready, and no cell and no bar.

use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File};
use std::io::Read;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::procs::{Held, Scratch};

/// How long a server may take until it is ready.
const READY: Duration = Duration::from_secs(5);
/// Between two looks whether it is.
const LOOK: Duration = Duration::from_millis(2);
/// Longer than any load generator takes, joins and stalls included, on top of its own seconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program that is not on this machine: the entrant is left out and named.
#[derive(Debug)]
pub(super) struct Missing(pub(super) String);

impl fmt::Display for Missing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for Missing {}

/// How a server says that it is ready.
pub(super) enum Ready {
    /// By a line `listening ADDRESS`, which also says where.
    Announces,
    /// By taking connections here.
    Takes(SocketAddr),
    /// By the socket file it makes.
    Makes(PathBuf),
}

/// How to start a server.
pub(super) struct Recipe {
    pub(super) argv: Vec<OsString>,
    pub(super) ready: Ready,
    /// All its work is done in the process that is started.
    pub(super) whole: bool,
}

/// A running server, ended on drop.
pub(super) struct Server {
    pub(super) held: Held,
    /// The process whose time on a processor is the server's; 0 when it is spread over several.
    pub(super) process: String,
    /// As landline writes addresses.
    pub(super) address: String,
}

/// What every measurement needs.
pub(super) struct Shop {
    /// Where cargo puts what it builds.
    pub(super) target: PathBuf,
    /// The workspace.
    pub(super) root: PathBuf,
    pub(super) scratch: Scratch,
    pub(super) quick: bool,
    pub(super) python: Option<PathBuf>,
    /// The landline of this run, or why there is none.
    pub(super) landline: Result<PathBuf, String>,
    pub(super) serial: AtomicU32,
}

impl Shop {
    /// A program of this machine.
    ///
    /// # Errors
    /// [`Missing`], with the Debian package that brings it.
    pub(super) fn program(&self, name: &str, package: &str) -> Result<PathBuf> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path)
            .chain([PathBuf::from("/usr/sbin"), PathBuf::from("/sbin")])
            .map(|folder| folder.join(name))
            .find(|file| file.is_file())
            .ok_or_else(|| Missing(format!("{name}: not here (Debian package {package})")).into())
    }

    /// # Errors
    /// [`Missing`], if landline could not be built.
    pub(super) fn landline(&self) -> Result<&Path> {
        match &self.landline {
            Ok(path) => Ok(path),
            Err(why) => Err(Missing(format!("landline: {why}")).into()),
        }
    }

    /// # Errors
    /// [`Missing`].
    pub(super) fn python(&self) -> Result<&Path> {
        let missing = || Missing("python3: not here (Debian package python3)".into());
        Ok(self.python.as_deref().ok_or_else(missing)?)
    }

    /// A program that the bench built from `bench/peers`.
    pub(super) fn tool(&self, name: &str) -> PathBuf {
        self.target.join("bench").join(name)
    }

    /// A script of the bench.
    pub(super) fn script(&self, name: &str) -> PathBuf {
        self.root.join("bench/peers").join(name)
    }

    /// A name in the scratch folder that no other call gets.
    pub(super) fn fresh(&self, stem: &str) -> PathBuf {
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        self.scratch.0.join(format!("{stem}-{serial}"))
    }

    /// Starts a server and waits until it is ready.
    ///
    /// # Errors
    /// It is missing, ends at once, or is not ready within five seconds; with its last words.
    pub(super) fn serve(&self, recipe: &Recipe) -> Result<Server> {
        let log = self.fresh("log");
        let words = File::create(&log).context("a log")?;
        let held = self.start(&recipe.argv, |command| {
            let again = words
                .try_clone()
                .map_or_else(|_| Stdio::null(), Stdio::from);
            command.stdout(again).stderr(words);
        })?;
        let until = Instant::now() + READY;
        loop {
            let said = fs::read(&log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            let said = said.unwrap_or_default();
            if let Some(address) = recipe.ready.check(&said) {
                let process = if recipe.whole { held.id() } else { 0 }.to_string();
                return Ok(Server {
                    held,
                    process,
                    address,
                });
            }
            if held.has_ended() || Instant::now() > until {
                let name = recipe.argv.first().map(|word| word.display().to_string());
                bail!(
                    "{} is not ready: {}",
                    name.unwrap_or_default(),
                    last_words(&said)
                );
            }
            thread::sleep(LOOK);
        }
    }

    /// Runs a load generator of the bench's own to its end and reads the JSON that it prints.
    ///
    /// # Errors
    /// It fails, prints something else, or does not end; with its last words.
    pub(super) fn load(&self, name: &str, arguments: &[&str]) -> Result<Value> {
        let mut argv = vec![self.tool(name).into_os_string()];
        argv.extend(arguments.iter().map(OsString::from));
        self.load_argv(&argv)
            .with_context(|| format!("{name} {}", arguments.join(" ")))
    }

    /// The same for any program that prints one JSON object.
    ///
    /// # Errors
    /// As [`Shop::load`].
    pub(super) fn load_argv(&self, argv: &[OsString]) -> Result<Value> {
        let out = self.said(argv)?;
        serde_json::from_str(&out).with_context(|| format!("not JSON: {}", last_words(&out)))
    }

    /// What a program says on its stdout, once it has ended well. It must be little: nobody reads
    /// before.
    ///
    /// # Errors
    /// It fails or does not end; with its last words.
    pub(super) fn said(&self, argv: &[OsString]) -> Result<String> {
        let mut held = self.start(argv, |command| {
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
        })?;
        let ended = held.wait(PATIENCE);
        let (mut out, mut err) = (String::new(), String::new());
        if ended.is_ok() || held.has_ended() {
            read_pipe(held.child().stdout.take(), &mut out);
            read_pipe(held.child().stderr.take(), &mut err);
        }
        ended.with_context(|| last_words(&err))?;
        Ok(out)
    }

    /// Starts a program that ends with the bench. Its stdin is empty, its outputs are as `set`
    /// makes them.
    ///
    /// # Errors
    /// It cannot be started.
    pub(super) fn start(&self, argv: &[OsString], set: impl FnOnce(&mut Command)) -> Result<Held> {
        let mut held_argv = vec![self.tool("hold").into_os_string()];
        held_argv.extend(argv.iter().cloned());
        Held::start(&held_argv, |command| set(self.surround(command)))
    }

    /// The home of every landline that is told of no other.
    pub(super) fn home(&self) -> PathBuf {
        self.scratch.0.join("home")
    }

    /// What each process finds around itself: no home, no locale, no state of the reader's own.
    fn surround<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command
            .current_dir(&self.scratch.0)
            .env("LANDLINE_HOME", self.home())
            .env("LC_ALL", "C.UTF-8")
    }
}

impl Ready {
    /// The address, once the server is ready.
    fn check(&self, said: &str) -> Option<String> {
        match self {
            Self::Announces => said
                .lines()
                .find_map(|line| line.trim().strip_prefix("listening "))
                .filter(|_| said.ends_with('\n'))
                .map(|address| address.trim().to_owned()),
            Self::Takes(address) => TcpStream::connect_timeout(address, READY)
                .ok()
                .map(|_| format!("tcp://{address}")),
            Self::Makes(path) => path.exists().then(|| format!("unix:{}", path.display())),
        }
    }
}

/// A TCP port of loopback that is free now.
///
/// # Errors
/// There is none.
pub(super) fn free_port() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

fn read_pipe(pipe: Option<impl Read>, into: &mut String) {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        let _ = pipe.read_to_end(&mut bytes);
    }
    *into = String::from_utf8_lossy(&bytes).into_owned();
}

/// The end of what was said, on one line.
fn last_words(said: &str) -> String {
    let lines: Vec<&str> = said
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    match lines.split_at_checked(lines.len().saturating_sub(3)) {
        Some((_, last)) if !last.is_empty() => last.join(" / "),
        _ => "it said nothing".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_announcement_counts_once_its_line_is_whole() {
        let ready = Ready::Announces;
        assert_eq!(ready.check("plain\nlistening tcp://127.0.0.1:80"), None);
        let whole = ready.check("plain\nlistening tcp://127.0.0.1:8080\n");
        assert_eq!(whole.as_deref(), Some("tcp://127.0.0.1:8080"));
    }

    #[test]
    fn last_words_are_the_last_three_lines() {
        assert_eq!(last_words("a\nb\n\nc\nd\n"), "b / c / d");
        assert_eq!(last_words(" \n"), "it said nothing");
    }
}
