//! The MD5 of a file as it is now, hashed once for as long as it stays the same. It does not know
//! who asks.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use md5::{Digest as _, Md5};
use tokio::sync::Semaphore;

use crate::files::known::Known;
use crate::files::refusal::Refusal;
use crate::files::stamp::{Stamp, TICK_MAX};

/// How often a file that changes meanwhile is hashed before it is given up.
pub(super) const TRIES_MAX: usize = 3;

/// What one hash reads at a time. It is given up between two reads: within a millisecond or so.
const READ_BYTES: usize = 512 * 1024;

/// How many files are hashed at once; the others wait. At worst 64 x 512 KiB = 32 MiB of buffers.
const HASHES_MAX: usize = 64;

/// The content of a file in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Digest {
    pub(super) md5: [u8; 16],
    /// How many bytes were hashed.
    pub(super) bytes: u64,
}

/// Hashes files and remembers the outcome.
pub(super) struct Digests {
    known: Known,
    hashing: Semaphore,
    /// How many hashes were begun, as an event.
    #[cfg(test)]
    pub(super) hashes: tokio::sync::watch::Sender<usize>,
}

impl Default for Digests {
    fn default() -> Self {
        Self {
            known: Known::default(),
            hashing: Semaphore::new(HASHES_MAX),
            #[cfg(test)]
            hashes: Default::default(),
        }
    }
}

impl Digests {
    /// The digest of `file`. Dropped midway, it stops hashing.
    pub(super) async fn of(&self, file: &Arc<File>) -> Result<Digest, Refusal> {
        for _ in 0..TRIES_MAX {
            let stamp = Stamp::of(file).map_err(Refusal::Unreadable)?;
            let slot = self.known.slot(stamp.identity);
            let mut known = slot.lock().await;
            let bytes = stamp.size;
            match *known {
                Some((md5, then)) if then == stamp => return Ok(Digest { md5, bytes }),
                _ => {}
            }
            if !stamp.is_settled(SystemTime::now()) {
                tokio::time::sleep(TICK_MAX).await;
            }
            let hashed = self.hash(file, bytes).await;
            let md5 = hashed.map_err(Refusal::Unreadable)?;
            if Stamp::of(file).map_err(Refusal::Unreadable)? == stamp {
                *known = Some((md5, stamp));
                return Ok(Digest { md5, bytes });
            }
        }
        Err(Refusal::Changing)
    }

    async fn hash(&self, file: &Arc<File>, bytes: u64) -> io::Result<[u8; 16]> {
        let _permit = self.hashing.acquire().await.map_err(io::Error::other)?;
        #[cfg(test)]
        self.hashes.send_modify(|count| *count += 1);
        let guard = GivenUp::default();
        let (file, given_up) = (file.clone(), guard.0.clone());
        tokio::task::spawn_blocking(move || md5_of(&file, bytes, &given_up)).await?
    }
}

/// The MD5 of the first `bytes` of a file, or of all that there are.
fn md5_of(file: &File, bytes: u64, given_up: &AtomicBool) -> io::Result<[u8; 16]> {
    // Only advice, so that the disk reads ahead.
    #[cfg(target_os = "linux")]
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::Sequential);
    let wanted = |left: u64| usize::try_from(left).map_or(READ_BYTES, |left| left.min(READ_BYTES));
    let mut buffer = vec![0; wanted(bytes)];
    let mut hash = Md5::new();
    let mut at = 0;
    while at < bytes && !given_up.load(Ordering::Relaxed) {
        let count = match file.read_at(&mut buffer[..wanted(bytes - at)], at) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            count => count?,
        };
        if count == 0 {
            break;
        }
        hash.update(&buffer[..count]);
        at += count as u64;
    }
    Ok(hash.finalize().into())
}

/// Tells the hashing thread that nobody waits for it any more.
#[derive(Default)]
struct GivenUp(Arc<AtomicBool>);

impl Drop for GivenUp {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
