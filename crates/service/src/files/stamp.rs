//! By what a file's content is known to be the same as before. It does not know what is kept
//! under it.

use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::time::{Duration, SystemTime};

/// How old a change must be before a later one is sure to have another time: file systems stamp
/// with a clock that ticks every 10 ms at worst (CONFIG_HZ=100), unless the kernel has finer stamps
/// for files that were looked at (Linux 6.13 and later).
pub(super) const TICK_MAX: Duration = Duration::from_millis(20);

/// A file, whatever it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Identity {
    pub(super) device: u64,
    pub(super) inode: u64,
}

/// A file and the state of its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) identity: Identity,
    /// In bytes.
    pub(super) size: u64,
    /// Seconds and nanoseconds; anybody may set it.
    pub(super) modified: (i64, i64),
    /// Seconds and nanoseconds; only the kernel sets it.
    pub(super) changed: (i64, i64),
}

impl Stamp {
    /// The stamp of an open file, now.
    pub(super) fn of(file: &File) -> io::Result<Self> {
        let found = file.metadata()?;
        Ok(Self {
            identity: Identity {
                device: found.dev(),
                inode: found.ino(),
            },
            size: found.size(),
            modified: (found.mtime(), found.mtime_nsec()),
            changed: (found.ctime(), found.ctime_nsec()),
        })
    }

    /// Whether every change after `now` would show in the stamp.
    pub(super) fn is_settled(&self, now: SystemTime) -> bool {
        let (seconds, nanoseconds) = self.changed;
        let (Ok(seconds), Ok(nanoseconds)) = (seconds.try_into(), nanoseconds.try_into()) else {
            return false;
        };
        let changed = SystemTime::UNIX_EPOCH + Duration::new(seconds, nanoseconds);
        now.duration_since(changed).is_ok_and(|age| age > TICK_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_settles_after_a_tick() {
        let check = |changed: (i64, i64), now_ms: u64, expected: bool| {
            let stamp = Stamp {
                identity: Identity {
                    device: 1,
                    inode: 2,
                },
                size: 3,
                modified: (0, 0),
                changed,
            };
            let now = SystemTime::UNIX_EPOCH + Duration::from_millis(now_ms);
            assert_eq!(stamp.is_settled(now), expected, "{changed:?} at {now_ms}");
        };
        check((10, 0), 10_021, true);
        check((10, 0), 10_020, false);
        check((10, 500_000_000), 10_100, false); // in the future, as another host's clock may be
        check((-1, 0), 10_000, false);
    }
}
