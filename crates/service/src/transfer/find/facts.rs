//! What the system says of a file: what it is, and by what it is known to be the same as before. It
//! opens nothing.

use std::time::{Duration, SystemTime};

use cap_std::fs::{Metadata, MetadataExt};
use landline_frame::landline1::{Code, Entry, EntryKind, Failure, Mtime, Name};
use rustix::fs::{FileType, Stat};

/// How many bytes a block of stat(2) has.
const BLOCK_BYTES: u64 = 512;

/// How long after a change another one may have the same time: file systems stamp with a clock that
/// ticks every 10 ms at worst (CONFIG_HZ=100), unless the kernel has finer stamps for files that were
/// looked at (Linux 6.13 and later).
const TICK_MAX: Duration = Duration::from_millis(20);

/// A file and the state of its content. Two that are equal are the same file, not written to between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) device: u64,
    pub(super) inode: u64,
    pub(super) size: u64,
    /// Anybody may set it.
    pub(super) modified: Mtime,
    /// Only the kernel sets it.
    pub(super) changed: Mtime,
}

/// All that is told of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    pub(super) identity: Identity,
    mode: u32,
    stored: u64,
}

impl Identity {
    /// How long it takes until a change from now on must show in it. In the future, as another
    /// machine's clock may be, it never would: that is not waited for.
    pub(super) fn settles_in(&self, now: SystemTime) -> Option<Duration> {
        let changed = u64::try_from(self.changed.s).ok()?;
        let changed = SystemTime::UNIX_EPOCH + Duration::new(changed, self.changed.ns);
        let age = now.duration_since(changed).ok()?;
        TICK_MAX.checked_sub(age).filter(|left| !left.is_zero())
    }

    /// What the receiver is told of it besides size and time of modification. The device is left out:
    /// after a restart the same file system may have another number.
    fn token(&self) -> String {
        let seconds = self.changed.s.cast_unsigned();
        let changed = seconds.wrapping_mul(1_000_000_000) + u64::from(self.changed.ns);
        format!("{:x}-{changed:x}", self.inode)
    }
}

impl From<&Stat> for Facts {
    fn from(found: &Stat) -> Self {
        Self {
            identity: Identity {
                device: found.st_dev,
                inode: found.st_ino,
                size: found.st_size.cast_unsigned(),
                modified: time(found.st_mtime, found.st_mtime_nsec as i64),
                changed: time(found.st_ctime, found.st_ctime_nsec as i64),
            },
            mode: found.st_mode,
            stored: found.st_blocks.cast_unsigned() * BLOCK_BYTES,
        }
    }
}

impl From<&Metadata> for Facts {
    fn from(found: &Metadata) -> Self {
        Self {
            identity: Identity {
                device: found.dev(),
                inode: found.ino(),
                size: found.size(),
                modified: time(found.mtime(), found.mtime_nsec()),
                changed: time(found.ctime(), found.ctime_nsec()),
            },
            mode: found.mode(),
            stored: found.blocks() * BLOCK_BYTES,
        }
    }
}

impl Facts {
    pub(super) fn kind(&self) -> EntryKind {
        match FileType::from_raw_mode(self.mode) {
            FileType::RegularFile => EntryKind::File,
            FileType::Directory => EntryKind::Folder,
            FileType::Symlink => EntryKind::Link,
            _ => EntryKind::Other,
        }
    }

    /// Whether some of the file is holes.
    pub(super) fn is_sparse(&self) -> bool {
        self.stored < self.identity.size
    }

    /// The entry of it.
    pub(super) fn entry(&self, name: Name, ask: u32) -> Entry {
        let kind = self.kind();
        let is_file = kind == EntryKind::File;
        Entry {
            name,
            kind,
            ask,
            size: is_file.then_some(self.identity.size),
            stored: (is_file && self.is_sparse()).then_some(self.stored),
            mode: self.mode & 0o777,
            mtime: self.identity.modified,
            source: is_file.then(|| self.identity.token()),
            passed_over: None,
        }
    }

    /// Why it is never sent, if it is not.
    pub(super) fn not_sent(&self) -> Option<Failure> {
        let what = match FileType::from_raw_mode(self.mode) {
            FileType::RegularFile | FileType::Directory => return None,
            FileType::Symlink => "it is a symbolic link",
            FileType::Fifo => "it is a pipe",
            FileType::Socket => "it is a socket",
            _ => "it is a device",
        };
        Some(Failure::new(Code::NotRegular, what))
    }
}

fn time(s: i64, ns: i64) -> Mtime {
    let ns = u32::try_from(ns).unwrap_or(0);
    Mtime { s, ns }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_settles_after_a_tick() {
        let check = |changed: Mtime, now_ms: u64, left_ms: u64| {
            let identity = Identity {
                device: 1,
                inode: 2,
                size: 3,
                modified: Mtime::default(),
                changed,
            };
            let now = SystemTime::UNIX_EPOCH + Duration::from_millis(now_ms);
            let left = identity.settles_in(now).unwrap_or_default();
            assert_eq!(left, Duration::from_millis(left_ms), "{changed:?}");
        };
        let changed = Mtime { s: 10, ns: 0 };
        check(changed, 10_001, 19);
        check(changed, 10_020, 0);
        check(changed, 9_999, 0);
        check(Mtime { s: -1, ns: 0 }, 10_000, 0);
    }

    #[test]
    fn a_token_is_short_and_plain_whatever_the_numbers() {
        let identity = Identity {
            device: u64::MAX,
            inode: u64::MAX,
            size: 0,
            modified: Mtime::default(),
            changed: Mtime {
                s: -1,
                ns: 999_999_999,
            },
        };
        let token = identity.token();
        assert!((1..=64).contains(&token.len()), "{token}");
        let is_plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        assert!(token.bytes().all(is_plain), "{token}");
    }
}
