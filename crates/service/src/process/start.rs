//! Starts a program in a tree of its own: marked, leading a process group, tried again while the
//! machine is short of something. It does not know what runs, or who reads its output.

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::time::Instant;

use super::heeded::heed_all_in_programs;
use super::mark::VARIABLE;
use super::trees::Tree;

/// How long a command waits for what its program takes (descriptors, a process, memory) when there
/// is none left, and how often it tries meanwhile.
const START_WAIT_MAX: Duration = Duration::from_secs(1);
const START_PAUSE: Duration = Duration::from_millis(20);

/// A program that runs, and whose end belongs to its tree.
pub(crate) struct Started {
    /// With the pipes that were asked for.
    pub(crate) child: Child,
    /// Readable once the program has ended (pidfd_open(2)).
    pub(crate) end: AsyncFd<OwnedFd>,
}

/// Starts the program, if need be once others have given back what it takes.
pub(crate) async fn start(tree: &mut Tree, command: &mut Command) -> io::Result<Started> {
    heed_all_in_programs();
    command.env(VARIABLE, tree.mark().to_string());
    command.process_group(0);
    let give_up_at = Instant::now() + START_WAIT_MAX;
    let child = loop {
        match spawn(tree, command) {
            // Only what has not begun may be tried again: a command runs once.
            Err(error) if is_shortage(&error) && Instant::now() < give_up_at => {
                tokio::time::sleep(START_PAUSE).await;
            }
            spawned => break spawned?,
        }
    };
    tree.grow(Pid::from_child(&child));
    let end = pidfd_open(Pid::from_child(&child), PidfdFlags::empty())?;
    Ok(Started {
        child,
        end: watch(end, Interest::READABLE)?,
    })
}

fn spawn(tree: &Tree, command: &mut Command) -> io::Result<Child> {
    let _worn = tree.mark().wear();
    command.spawn()
}

/// Whether descriptors, processes or memory have run out, which others give back.
fn is_shortage(error: &io::Error) -> bool {
    let errnos = [Errno::MFILE, Errno::NFILE, Errno::AGAIN, Errno::NOMEM];
    errnos
        .iter()
        .any(|errno| error.raw_os_error() == Some(errno.raw_os_error()))
}

/// Registers a descriptor that this end owns with the reactor.
#[allow(
    deprecated,
    reason = "unsound only for a type whose descriptor may change or close; this one owns it"
)]
pub(crate) fn watch<T: AsRawFd>(descriptor: T, interest: Interest) -> io::Result<AsyncFd<T>> {
    AsyncFd::with_interest(descriptor, interest)
}
