//! `command`: one program on the secure line, with exact arguments, streams apart and an exact end.
//! It does not know which line the call came on, or whether the peer may run programs.

mod ahead;
mod environment;
mod inflow;
mod memory;
mod outflow;
mod program;
mod room;
mod running;
#[cfg(test)]
mod tests;
mod warden;
mod wire;

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::process::{self, Stdio};
use std::time::Duration;

use rustix::io::Errno;

pub use self::environment::ENV_ALLOW_DEFAULT;
pub use self::memory::{CommandPeer, MemoryStdin, MemoryStream};
pub use self::running::Running;
pub use self::wire::{
    CommandCall, CommandDone, CommandEnd, CommandError, CommandInput, CommandOutput,
    CommandRequest, Control, OutputStream,
};
use crate::process::{Trees, start};

/// The most bytes that one piece of output holds.
pub const CHUNK_BYTES_MAX: usize = 256 * 1024;

/// How long a program has between SIGTERM and SIGKILL, when it is cancelled or its time is over.
pub const KILL_GRACE: Duration = Duration::from_secs(1);

/// The shell of a request that asks for one.
const SHELL: &str = "/bin/sh";

/// Runs programs for peers.
///
/// One that runs holds at most four times [`CHUNK_BYTES_MAX`] of either output stream and one piece
/// of stdin, and three pipes of at most 256 KiB in the kernel: what the peer does not take stays with
/// the program.
///
/// When a program is over, or its future is dropped, it and everything that it started are ended
/// within a second, by SIGTERM and then SIGKILL. For that, making one makes this process a
/// subreaper: orphans among its descendants come back to it. Only what wears a command's mark is
/// ended or reaped; other children of this process are left alone.
pub struct Command {
    /// Which variables a peer may set: names, or the start of names with `*` behind it. Default
    /// [`ENV_ALLOW_DEFAULT`]. Those that say who the user is, or make other programs or code run
    /// (`PATH`, `LD_*`, `IFS` and the like), are refused in any case.
    pub env_allow: Vec<String>,
    trees: &'static Trees,
}

impl Command {
    /// A `command` with the default variables.
    ///
    /// # Errors
    /// The kernel does not let this process adopt orphans (PR_SET_CHILD_SUBREAPER(2const)).
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            env_allow: ENV_ALLOW_DEFAULT.map(String::from).into(),
            trees: Trees::of_this_process()?,
        })
    }

    /// Starts what is asked for. Its time runs from here; its output waits for
    /// [`Running::attend`].
    ///
    /// # Errors
    /// Nothing has run then.
    pub async fn start(&self, request: &CommandRequest) -> Result<Running, CommandError> {
        let mut command = self.prepare(request)?;
        let mut tree = self.trees.plant();
        let started = start(&mut tree, &mut command).await.map_err(start_error)?;
        Running::new(tree, started, request.timeout).map_err(CommandError::Start)
    }

    /// Starts what is asked for and serves the peer until its end: [`Command::start`] and
    /// [`Running::attend`].
    ///
    /// # Errors
    /// Nothing has run, or the line broke.
    pub async fn run(&self, call: CommandCall) -> Result<CommandDone, CommandError> {
        self.start(&call.request).await?.attend(call).await
    }

    /// Waits until everything that commands started has ended, for at most 3 s. To be called once
    /// all calls are over, before the runtime goes: a runtime that goes before kills at once.
    pub async fn ended(&self) {
        self.trees.ended().await;
    }

    /// As [`Command::ended`], for all commands of this process, whoever has run them; at once where
    /// nobody ever has.
    pub async fn all_ended() {
        if let Some(trees) = Trees::if_any() {
            trees.ended().await;
        }
    }

    fn prepare(&self, request: &CommandRequest) -> Result<process::Command, CommandError> {
        check(request)?;
        let environment = environment::environment(&request.env, &self.env_allow)?;
        if let Some(dir) = &request.dir {
            program::check_dir(dir)?;
        }
        let mut command = program(request)?;
        command.env_clear().envs(environment);
        if let Some(dir) = &request.dir {
            command.current_dir(dir);
        }
        command.stdin(if request.stdin {
            Stdio::piped()
        } else {
            Stdio::null()
        });
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        Ok(command)
    }
}

/// Whether the request makes sense at all.
fn check(request: &CommandRequest) -> Result<(), CommandError> {
    let dir = request.dir.iter().map(|dir| dir.as_os_str());
    let mut strings = request.argv.iter().map(OsStr::new).chain(dir);
    let sentence = match &request.argv[..] {
        [] => "no program is named",
        [_, _, ..] if request.shell => "the shell takes one line",
        _ if strings.any(|string| string.as_bytes().contains(&0)) => "an argument holds a NUL byte",
        _ => return Ok(()),
    };
    Err(CommandError::Malformed(sentence))
}

/// The program and its arguments.
fn program(request: &CommandRequest) -> Result<process::Command, CommandError> {
    let name = &request.argv[0];
    if request.shell {
        let mut command = process::Command::new(SHELL);
        // Behind `--` a line that begins with `-` is a command and no option.
        command.args([OsStr::new("-c"), OsStr::new("--"), name]);
        return Ok(command);
    }
    let mut command = process::Command::new(program::find(name, request.dir.as_deref())?);
    command.arg0(name).args(&request.argv[1..]);
    Ok(command)
}

/// What it means that a program that was found does not start.
fn start_error(error: io::Error) -> CommandError {
    match error.raw_os_error().map(Errno::from_raw_os_error) {
        Some(Errno::TOOBIG) => CommandError::TooLarge,
        // NOENT: a script names a missing interpreter. NOEXEC: no format that the kernel knows.
        Some(Errno::NOENT | Errno::NOEXEC | Errno::ACCESS | Errno::PERM | Errno::LOOP) => {
            CommandError::NotExecutable
        }
        _ => CommandError::Start(error),
    }
}
