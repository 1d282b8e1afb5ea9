//! Standard input and output as files that wait, whatever mode they are in: they may be shared with
//! programs that made them not wait (fcntl(2), O_NONBLOCK). It does not know what goes through.

use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::{Errno, read, retry_on_intr, write};
use rustix::pipe::fcntl_setpipe_size;

/// How much a pipe holds that much goes through, in bytes; at first it is 64 KiB (pipe(7)).
const PIPE_BYTES: usize = 256 * 1024;

/// A descriptor that waits.
pub(crate) struct Descriptor(OwnedFd);

impl Descriptor {
    /// Standard input.
    pub(crate) fn stdin() -> io::Result<Self> {
        Self::of(io::stdin())
    }

    /// Standard output.
    pub(crate) fn stdout() -> io::Result<Self> {
        Self::of(io::stdout())
    }

    fn of(descriptor: impl AsFd) -> io::Result<Self> {
        Ok(Self(descriptor.as_fd().try_clone_to_owned()?))
    }

    /// The same for much: where it is a pipe, both its ends run side by side then. A user over its
    /// share of pipe memory may be refused (pipe(7)): slower, no worse.
    pub(crate) fn wide(self) -> Self {
        widen(&self.0);
        self
    }
}

impl From<Descriptor> for OwnedFd {
    fn from(descriptor: Descriptor) -> Self {
        descriptor.0
    }
}

impl Read for Descriptor {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        waiting(&self.0, PollFlags::IN, || read(&self.0, &mut *room))
    }
}

impl Write for Descriptor {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        waiting(&self.0, PollFlags::OUT, || write(&self.0, bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Has a pipe hold more, if it may.
pub(crate) fn widen(descriptor: impl AsFd) {
    let _ = fcntl_setpipe_size(descriptor, PIPE_BYTES);
}

/// What `attempt` gives once it need not wait for `descriptor` any more.
pub(crate) fn waiting<T>(
    descriptor: impl AsFd,
    until: PollFlags,
    mut attempt: impl FnMut() -> rustix::io::Result<T>,
) -> io::Result<T> {
    loop {
        match retry_on_intr(&mut attempt) {
            Err(Errno::AGAIN) => {
                let mut ready = [PollFd::new(&descriptor, until)];
                retry_on_intr(|| poll(&mut ready, None))?;
            }
            done => return Ok(done?),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use rustix::io::ioctl_fionbio;
    use rustix::pipe::pipe;

    use super::*;

    #[test]
    fn it_waits_in_either_mode() {
        for is_nonblocking in [false, true] {
            let (from, to) = pipe().expect("a pipe");
            for end in [&from, &to] {
                ioctl_fionbio(end, is_nonblocking).expect("a pipe has modes");
            }
            let sent: Vec<u8> = (0..1_000_000_u32).map(|it| (it / 7) as u8).collect();
            let writing = sent.clone();
            let writer = thread::spawn(move || Descriptor(to).wide().write_all(&writing));
            let mut came = Vec::new();
            let read = Descriptor(from).read_to_end(&mut came);
            assert_eq!(read.expect("it ends"), sent.len());
            assert!(came == sent && writer.join().expect("it writes").is_ok());
        }
    }
}
