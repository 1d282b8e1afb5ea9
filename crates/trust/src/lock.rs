//! Who may change a file now: one at a time, among all programs of one home. It does not know what is
//! changed.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::file_error::FileError;
use crate::private_file::{beside, folder_of, make_folder};

/// How long one waits for another to finish a change, which takes as long as two fsyncs: 10 s.
pub const LOCK_WAIT_MAX: Duration = Duration::from_secs(10);

/// How often one looks whether the other has finished.
const LOCK_LOOK_EVERY: Duration = Duration::from_millis(5);

/// Holds the lock of one file until it is dropped, or the program ends however it ends.
pub(crate) struct Lock(#[expect(dead_code, reason = "the open file is the lock")] File);

impl Lock {
    /// Takes the lock of the file at `path`, whose folder is made if need be. The lock is a file of
    /// its own, `.NAME.lock`, since the file itself is another one after each change.
    pub(crate) fn take(path: &Path, wait_max: Duration) -> Result<Self, FileError> {
        make_folder(folder_of(path))?;
        let lock = beside(path, "lock");
        let mut options = OpenOptions::new();
        let opened = options
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&lock);
        let file = opened.map_err(|error| FileError::write(&lock, error))?;
        let until = Instant::now() + wait_max;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) if Instant::now() < until => {
                    thread::sleep(LOCK_LOOK_EVERY);
                }
                Err(TryLockError::WouldBlock) => {
                    let path = path.to_owned();
                    return Err(FileError::Busy { path });
                }
                Err(TryLockError::Error(error)) => return Err(FileError::write(&lock, error)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("home/a.toml");
        let held = Lock::take(&path, Duration::ZERO).unwrap();
        let error = Lock::take(&path, Duration::ZERO).err().unwrap();
        assert_eq!(error.key(), "trust-file-busy");
        drop(held);
        Lock::take(&path, Duration::ZERO).unwrap();
    }
}
