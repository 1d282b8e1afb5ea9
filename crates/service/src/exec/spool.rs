//! Holds one stream of a command's output until its length is known: in memory, then in a file
//! without a name that lives in memory too (memfd_create(2)). It does not know where it goes then.

use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::sync::Arc;

use rustix::buffer::spare_capacity;
use rustix::fs::{MemfdFlags, memfd_create};
use rustix::io::{read, retry_on_intr};
use rustix::pipe::{SpliceFlags, fcntl_setpipe_size, splice};

/// The most that a spool holds in a buffer; what follows goes to a memfd. Two for each command that
/// runs: 512 KiB at worst.
pub(super) const MEMORY_BYTES_MAX: usize = 256 * 1024;

/// How much of a pipe goes to the memfd in one system call, and what the pipe is given to hold from
/// then on, so that the command and the spool run side by side.
pub(super) const SPLICE_BYTES: usize = 256 * 1024;

/// The first buffer: enough for most commands.
const FIRST_BYTES: usize = 4096;

/// What one stream of a command said.
#[derive(Default)]
pub(super) struct Spool {
    memory: Vec<u8>,
    file: Option<Arc<File>>,
    file_bytes: u64,
}

impl Spool {
    /// Takes what the pipe holds, in one system call, and returns how many bytes that were: none
    /// at its end. `WouldBlock` when it holds nothing for now.
    pub(super) fn take(&mut self, pipe: impl AsFd) -> io::Result<usize> {
        let room = MEMORY_BYTES_MAX - self.memory.len();
        if room == 0 {
            return self.take_to_file(pipe);
        }
        if self.memory.len() == self.memory.capacity() {
            let more = self.memory.len().max(FIRST_BYTES).min(room);
            self.memory.reserve_exact(more);
        }
        Ok(retry_on_intr(|| {
            read(&pipe, spare_capacity(&mut self.memory))
        })?)
    }

    fn take_to_file(&mut self, pipe: impl AsFd) -> io::Result<usize> {
        let file = match &self.file {
            Some(file) => file,
            None => {
                // A user over its share of pipe memory may be refused (pipe(7)): slower, no worse.
                let _ = fcntl_setpipe_size(&pipe, SPLICE_BYTES);
                let file = memfd_create(c"landline-output", MemfdFlags::CLOEXEC)?;
                self.file.insert(Arc::new(File::from(file)))
            }
        };
        let flags = SpliceFlags::NONBLOCK | SpliceFlags::MOVE;
        let taken = retry_on_intr(|| splice(&pipe, None, file, None, SPLICE_BYTES, flags))?;
        self.file_bytes += taken as u64;
        Ok(taken)
    }

    /// How many bytes it holds.
    pub(super) fn len(&self) -> u64 {
        self.memory.len() as u64 + self.file_bytes
    }

    /// The first bytes of it, which are all unless there is a file.
    pub(super) fn memory(&self) -> &[u8] {
        &self.memory
    }

    /// What follows the memory, from the file's start, and how many bytes that are.
    pub(super) fn file(&self) -> Option<(&Arc<File>, u64)> {
        self.file.as_ref().map(|file| (file, self.file_bytes))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::fs::FileExt;

    use super::*;

    #[test]
    fn what_does_not_fit_in_memory_follows_in_the_file() {
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
        assert_eq!(spool.memory().len(), MEMORY_BYTES_MAX);
        let (file, count) = spool.file().expect("more than fits in memory");
        let mut rest = vec![0; usize::try_from(count).expect("small")];
        file.read_exact_at(&mut rest, 0)
            .expect("all of it is there");
        assert!([spool.memory(), &rest].concat() == bytes);
    }

    #[test]
    fn a_few_bytes_take_a_small_buffer_only() {
        let (reader, mut writer) = io::pipe().expect("a pipe");
        writer.write_all(b"hello").expect("a pipe holds it");
        drop(writer);
        let mut spool = Spool::default();
        while spool.take(&reader).expect("a pipe can be read") > 0 {}
        assert_eq!(spool.memory(), b"hello");
        assert!(spool.file().is_none());
        assert!(spool.memory.capacity() <= 2 * FIRST_BYTES);
    }
}
