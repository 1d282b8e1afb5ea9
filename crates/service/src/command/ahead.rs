//! The pipe of a command that says much, read on a thread of its own while what came before is
//! encrypted and sent: both take about as long. It does not know who reads it.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::thread;

use bytes::Bytes;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::retry_on_intr;
use rustix::pipe::{PipeFlags, pipe_with};
use tokio::sync::mpsc;

use super::room::Room;

/// How many pieces wait. One more is in the thread's hands.
const PIECES_MAX: usize = 2;

/// The thread, seen by who takes its pieces. It ends when this is dropped, and the pipe is left alone
/// from then on.
pub(super) struct Ahead {
    pieces: mpsc::Receiver<io::Result<Bytes>>,
    /// The thread reads while this end is open.
    hold: Option<OwnedFd>,
}

impl Ahead {
    /// Starts to read the pipe, which does not block.
    ///
    /// # Errors
    /// The system gives no more threads or descriptors.
    pub(super) fn start(pipe: Arc<OwnedFd>, mut room: Room) -> io::Result<Self> {
        let (held, hold) = pipe_with(PipeFlags::CLOEXEC)?;
        let (hand_over, pieces) = mpsc::channel(PIECES_MAX);
        let work = move || {
            while wait(&pipe, &held) {
                let piece = match room.read(&pipe) {
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
                    piece => piece,
                };
                let is_last = !matches!(&piece, Ok(bytes) if !bytes.is_empty());
                if hand_over.blocking_send(piece).is_err() || is_last {
                    return;
                }
            }
        };
        thread::Builder::new()
            .name("output".to_owned())
            .spawn(work)?;
        let hold = Some(hold);
        Ok(Self { pieces, hold })
    }

    /// The next piece: nothing at the pipe's end. `None` once the thread was stopped, and all that it
    /// had read was taken.
    pub(super) async fn next(&mut self) -> Option<io::Result<Bytes>> {
        self.pieces.recv().await
    }

    /// Whether the thread was told to stop.
    pub(super) fn is_stopped(&self) -> bool {
        self.hold.is_none()
    }

    /// Tells the thread to read no more.
    pub(super) fn stop(&mut self) {
        self.hold = None;
    }
}

/// Waits for bytes in the pipe, or its end. `false`: nobody wants them from here.
fn wait(pipe: &OwnedFd, held: &OwnedFd) -> bool {
    let mut watched = [held, pipe].map(|it| PollFd::new(it, PollFlags::IN));
    let polled = retry_on_intr(|| poll(&mut watched, None));
    polled.is_ok() && watched[0].revents().is_empty()
}
