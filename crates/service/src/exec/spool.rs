//! Holds one stream of a command's output until its length is known: in a buffer, and what that
//! cannot hold in a file without a name that lives in memory (memfd_create(2)). It does not know where it goes then.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::sync::Arc;

use rustix::buffer::spare_capacity;
use rustix::fs::{MemfdFlags, memfd_create};
use rustix::io::{read, retry_on_intr};
use rustix::pipe::fcntl_setpipe_size;

/// The buffer of a spool. Each time it is full it goes to the memfd. Two for each command that
/// runs: 512 KiB at worst.
///
/// Read and write are faster here than splice(2), which costs less but keeps the pipe locked while
/// it fills new pages, so that the command has to wait (0.6 s against 0.8 s for 1 GiB).
pub(super) const BUFFER_BYTES: usize = 256 * 1024;

/// What the pipe holds once there is a memfd, so that the command and the spool run side by side.
const PIPE_BYTES: usize = 256 * 1024;

/// The first buffer: enough for most commands.
const FIRST_BYTES: usize = 4096;

/// What one stream of a command said: what is in the file, then what is in the buffer.
#[derive(Default)]
pub(super) struct Spool {
    file: Option<Arc<File>>,
    file_bytes: u64,
    buffer: Vec<u8>,
}

impl Spool {
    /// Takes what the pipe holds, at most [`BUFFER_BYTES`], and returns how many bytes that were:
    /// none at its end. `WouldBlock` when it holds nothing for now.
    pub(super) fn take(&mut self, pipe: impl AsFd) -> io::Result<usize> {
        if self.buffer.len() >= BUFFER_BYTES {
            self.move_to_file(&pipe)?;
        }
        if self.buffer.len() == self.buffer.capacity() {
            let more = self.buffer.len().max(FIRST_BYTES);
            self.buffer.reserve_exact(more);
        }
        Ok(retry_on_intr(|| {
            read(&pipe, spare_capacity(&mut self.buffer))
        })?)
    }

    fn move_to_file(&mut self, pipe: impl AsFd) -> io::Result<()> {
        let file = match &self.file {
            Some(file) => file,
            None => {
                // A user over its share of pipe memory may be refused (pipe(7)): slower, no worse.
                let _ = fcntl_setpipe_size(&pipe, PIPE_BYTES);
                let file = memfd_create(c"landline-output", MemfdFlags::CLOEXEC)?;
                self.file.insert(Arc::new(File::from(file)))
            }
        };
        (&**file).write_all(&self.buffer)?;
        self.file_bytes += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    /// How many bytes it holds.
    pub(super) fn len(&self) -> u64 {
        self.file_bytes + self.buffer.len() as u64
    }

    /// The first of it where it is long: the file, and how many bytes it holds.
    pub(super) fn file(&self) -> Option<(&Arc<File>, u64)> {
        self.file.as_ref().map(|file| (file, self.file_bytes))
    }

    /// What comes behind the file, which is all unless there is one.
    pub(super) fn buffer(&self) -> &[u8] {
        &self.buffer
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::FileExt;

    use super::*;

    #[test]
    fn what_the_buffer_does_not_hold_is_in_the_file() {
        let (reader, mut writer) = io::pipe().expect("a pipe");
        let bytes: Vec<u8> = (0..1_000_003_u32).map(|n| (n % 251) as u8).collect();
        let sent = bytes.clone();
        let sending = std::thread::spawn(move || writer.write_all(&sent));
        let mut spool = Spool::default();
        loop {
            match spool.take(&reader) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => std::thread::yield_now(),
                Err(error) => panic!("a pipe can be read: {error}"),
            }
        }
        sending.join().expect("no panic").expect("all was read");

        assert_eq!(spool.len(), bytes.len() as u64);
        let (file, count) = spool.file().expect("more than the buffer holds");
        let mut first = vec![0; usize::try_from(count).expect("small")];
        file.read_exact_at(&mut first, 0)
            .expect("all of it is there");
        assert!([&first, spool.buffer()].concat() == bytes);
    }

    #[test]
    fn a_few_bytes_take_a_small_buffer_only() {
        let (reader, mut writer) = io::pipe().expect("a pipe");
        writer.write_all(b"hello").expect("a pipe holds it");
        drop(writer);
        let mut spool = Spool::default();
        while spool.take(&reader).expect("a pipe can be read") > 0 {}
        assert_eq!(spool.buffer(), b"hello");
        assert!(spool.file().is_none());
        assert!(spool.buffer.capacity() <= 2 * FIRST_BYTES);
    }
}
