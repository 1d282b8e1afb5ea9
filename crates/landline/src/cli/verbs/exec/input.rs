//! Standard input, piece by piece, read without holding anything else up: watched by the reactor
//! where that can tell when something is there, and by a thread of its own elsewhere.

use std::io::{self, IoSliceMut};
use std::os::fd::{AsFd, OwnedFd};
use std::thread;

use bytes::Bytes;
use rustix::buffer::spare_capacity;
use rustix::event::PollFlags;
use rustix::fs::{FileType, fstat, major, minor};
use rustix::io::{Errno, ReadWriteFlags, preadv2, read, retry_on_intr};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::sync::mpsc;

use crate::cli::descriptor::waiting;

/// The most that the reactor's side reads at once, in bytes: what a pipe holds (pipe(7)).
const PIPE_BYTES: usize = 64 * 1024;

/// The most that the thread reads at once, in bytes.
const FILE_BYTES: usize = 256 * 1024;

/// The offset that means: where the descriptor stands (preadv2(2)).
const HERE: u64 = u64::MAX;

/// The device that never has anything (null(4)).
const NULL_DEVICE: (u32, u32) = (1, 3);

/// Standard input.
pub(super) struct Input {
    room: Vec<u8>,
    way: Way,
}

/// How it is read.
enum Way {
    /// Not yet found empty.
    AtOnce(OwnedFd),
    Watched(AsyncFd<OwnedFd>),
    Thread(mpsc::Receiver<io::Result<Bytes>>),
}

impl Input {
    /// Standard input; `None` when nothing can come of it: it is closed, or the null device.
    pub(super) fn open() -> io::Result<Option<Self>> {
        // Where it was closed at the start, the standard library has put the null device.
        let stdin = io::stdin();
        Ok(match is_null_device(&stdin) {
            true => None,
            false => Some(Self::of(stdin.as_fd().try_clone_to_owned()?)),
        })
    }

    fn of(from: OwnedFd) -> Self {
        Self {
            room: Vec::new(),
            way: Way::AtOnce(from),
        }
    }

    /// The next bytes; none at the end.
    pub(super) async fn next(&mut self) -> io::Result<Bytes> {
        let next = self.read().await;
        match next {
            // So says a terminal that hung up, and one that this program is not in front of.
            Err(error) if error.raw_os_error() == Some(Errno::IO.raw_os_error()) => {
                Ok(Bytes::new())
            }
            next => next,
        }
    }

    async fn read(&mut self) -> io::Result<Bytes> {
        self.room.resize(PIPE_BYTES, 0);
        if let Way::AtOnce(from) = &self.way {
            match read_at_once(from, &mut self.room) {
                Ok(bytes) => return Ok(bytes),
                Err(error) => self.way = Way::find(from.try_clone()?, &error)?,
            }
        }
        let room = &mut self.room;
        match &mut self.way {
            Way::Watched(from) => {
                from.async_io_mut(Interest::READABLE, |from| read_at_once(from, room))
                    .await
            }
            Way::Thread(pieces) => pieces.recv().await.unwrap_or_else(|| Ok(Bytes::new())),
            Way::AtOnce(_) => unreachable!("a way was found"),
        }
    }
}

impl Way {
    /// The way for a descriptor that could not be read at once because of `error`.
    fn find(from: OwnedFd, error: &io::Error) -> io::Result<Self> {
        if error.kind() == io::ErrorKind::WouldBlock
            && let Ok(watched) = watch(from.try_clone()?)
        {
            return Ok(Self::Watched(watched));
        }
        let (found, pieces) = mpsc::channel(1);
        thread::Builder::new().spawn(move || read_all(&from, &found))?;
        Ok(Self::Thread(pieces))
    }
}

#[allow(
    deprecated,
    reason = "unsound only for a type whose descriptor may change or close; this one owns it"
)]
fn watch(from: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::with_interest(from, Interest::READABLE)
}

fn is_null_device(stdin: impl AsFd) -> bool {
    fstat(stdin).is_ok_and(|status| {
        FileType::from_raw_mode(status.st_mode) == FileType::CharacterDevice
            && (major(status.st_rdev), minor(status.st_rdev)) == NULL_DEVICE
    })
}

/// Reads what is there, without waiting. A terminal, and others that cannot say so, refuse it.
fn read_at_once(from: &OwnedFd, room: &mut [u8]) -> io::Result<Bytes> {
    let read = || {
        preadv2(
            from,
            &mut [IoSliceMut::new(room)],
            HERE,
            ReadWriteFlags::NOWAIT,
        )
    };
    let count = retry_on_intr(read)?;
    Ok(Bytes::copy_from_slice(&room[..count]))
}

/// Reads piece by piece until the end or an error, or until nobody wants more.
fn read_all(from: &OwnedFd, found: &mpsc::Sender<io::Result<Bytes>>) {
    loop {
        let piece = read_waiting(from);
        let is_last = piece.as_ref().map_or(true, Bytes::is_empty);
        if found.blocking_send(piece).is_err() || is_last {
            return;
        }
    }
}

/// Reads once something is there, whatever mode the descriptor is in.
fn read_waiting(from: &OwnedFd) -> io::Result<Bytes> {
    let mut room = Vec::with_capacity(FILE_BYTES);
    let count = waiting(from, PollFlags::IN, || {
        read(from, spare_capacity(&mut room))
    })?;
    // A large piece goes as it lies, of a small one a copy: its room is not to be held.
    match count > FILE_BYTES / 2 {
        true => Ok(room.into()),
        false => Ok(Bytes::copy_from_slice(&room)),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Seek, Write};

    use rustix::pipe::pipe;

    use super::*;

    async fn all(mut input: Input) -> Vec<u8> {
        let mut all = Vec::new();
        loop {
            match input.next().await.expect("it can be read") {
                bytes if bytes.is_empty() => return all,
                bytes => all.extend_from_slice(&bytes),
            }
        }
    }

    #[tokio::test]
    async fn a_pipe_is_read_to_its_end_as_it_comes() {
        let (from, to) = pipe().expect("a pipe");
        let sent: Vec<u8> = (0..1_000_000_u32).map(|it| (it / 7) as u8).collect();
        let writing = sent.clone();
        let writer = thread::spawn(move || std::fs::File::from(to).write_all(&writing));
        assert!(all(Input::of(from)).await == sent);
        assert!(writer.join().expect("it writes").is_ok());
    }

    #[tokio::test]
    async fn a_file_is_read_from_where_it_stands() {
        let mut file = tempfile::tempfile().expect("a place for a file");
        let sent: Vec<u8> = (0..1_000_000_u32).map(|it| (it / 7) as u8).collect();
        file.write_all(&sent).expect("room");
        file.seek(io::SeekFrom::Start(10)).expect("a file");
        assert!(all(Input::of(file.into())).await == sent[10..]);
    }

    #[tokio::test]
    async fn a_folder_cannot_be_read() {
        let folder = std::fs::File::open("/").expect("it is there");
        assert!(Input::of(folder.into()).next().await.is_err());
    }

    #[test]
    fn the_null_device_is_known() {
        let is_null = |path| is_null_device(std::fs::File::open(path).expect("it is there"));
        assert!(is_null("/dev/null"));
        assert!(!is_null("/dev/zero") && !is_null("/"));
    }
}
