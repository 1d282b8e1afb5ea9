//! Whether there is room for a file before a byte of it comes. It does not know quotas, nor what a
//! file system saves by packing: a file can still fail for them, or be refused in spite of them.

use std::collections::HashMap;
use std::os::fd::OwnedFd;

use landline_frame::landline1::{Code, Failure, Name};

use super::super::placer::shown;

/// Files from here on are asked about: a smaller one is there before an answer is.
pub(super) const ASKED_BYTES_MIN: u64 = 1024 * 1024;

/// How many bytes are still to come for files that were wanted, on each device: at most as many as
/// entries are open.
#[derive(Default)]
pub(super) struct Space {
    promised: HashMap<u64, u64>,
}

/// What a file was promised. It is given back by [`Space::keep`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Promise {
    device: u64,
    bytes: u64,
}

impl Space {
    /// Promises a file its room, unless there is less.
    pub(super) fn promise(
        &mut self,
        folder: &OwnedFd,
        device: u64,
        name: &Name,
        bytes: u64,
    ) -> Result<Promise, Failure> {
        if bytes < ASKED_BYTES_MIN {
            return Ok(Promise::default());
        }
        self.promise_of(free_bytes(folder), device, name, bytes)
    }

    fn promise_of(
        &mut self,
        free: Option<u64>,
        device: u64,
        name: &Name,
        bytes: u64,
    ) -> Result<Promise, Failure> {
        let promised = self.promised.get(&device).copied().unwrap_or(0);
        let free = free.map(|free| free.saturating_sub(promised));
        if let Some(free) = free.filter(|free| *free < bytes) {
            let sentence = format!(
                "{} has no room: {bytes} bytes are to come, and {free} are free",
                shown(name)
            );
            return Err(Failure::new(Code::DiskFull, sentence));
        }
        self.promised.insert(device, promised.saturating_add(bytes));
        Ok(Promise { device, bytes })
    }

    /// So many bytes of the promise are on the disk, or were saved.
    pub(super) fn keep(&mut self, promise: &mut Promise, bytes: u64) {
        let kept = promise.bytes.min(bytes);
        if kept == 0 {
            return;
        }
        promise.bytes -= kept;
        let left = self.promised.get(&promise.device).copied().unwrap_or(0);
        match left.saturating_sub(kept) {
            0 => self.promised.remove(&promise.device),
            left => self.promised.insert(promise.device, left),
        };
    }
}

/// How many bytes are free for all, if the file system tells: some know no size at all.
fn free_bytes(folder: &OwnedFd) -> Option<u64> {
    let found = rustix::fs::fstatvfs(folder).ok()?;
    (found.f_blocks > 0).then(|| found.f_bavail.saturating_mul(found.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn promises_count_until_they_are_kept() {
        let name = Name::new("a").expect("a name");
        let mut space = Space::default();
        let mut promise = |device, bytes| space.promise_of(Some(10), device, &name, bytes);
        let mut first = promise(1, 6).expect("there is room");
        let refused = promise(1, 5).expect_err("there is no room for both");
        assert_eq!(refused.known(), Some(Code::DiskFull));
        promise(2, 10).expect("another device");
        promise(1, 4).expect("there is room");
        space.keep(&mut first, 2);
        space.keep(&mut first, u64::MAX);
        space.keep(&mut first, 1);
        let mut promise = |bytes| space.promise_of(Some(10), 1, &name, bytes);
        promise(6).expect("there is room again");
        promise(1).expect_err("there is none");
        space
            .promise_of(None, 1, &name, u64::MAX)
            .expect("nobody knows");
    }

    #[test]
    fn what_is_free_is_asked_of_the_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = std::fs::File::open(folder.path()).expect("it is there");
        let folder = OwnedFd::from(folder);
        let name = Name::new("a").expect("a name");
        let mut space = Space::default();
        space
            .promise(&folder, 1, &name, u64::MAX / 2)
            .expect_err("nobody has so much");
        space
            .promise(&folder, 1, &name, ASKED_BYTES_MIN - 1)
            .expect("nobody asks");
    }
}
