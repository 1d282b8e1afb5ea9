//! What stands at a name: one look at it, never through a symbolic link. It does not know what is to
//! become of it.

use std::os::fd::AsFd;

use landline_frame::landline1::{Entry, Mtime};
use rustix::fs::{AtFlags, FileType, Statx, StatxFlags, StatxTimestamp};
use rustix::io::Errno;

/// A file, whatever it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct FileId {
    pub(super) device: u64,
    pub(super) inode: u64,
}

/// What stands at a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    pub(super) id: FileId,
    pub(super) kind: FileType,
    pub(super) mode: u32,
    /// The user whose it is.
    pub(super) owner: u32,
    /// How many names it has.
    pub(super) links: u32,
    pub(super) size: u64,
    /// How many bytes it takes on the disk.
    pub(super) stored: u64,
    pub(super) modified: Mtime,
    pub(super) changed: Mtime,
    /// When it came into being, where the file system knows.
    pub(super) born: Option<Mtime>,
    /// Through which mount it was seen, where the kernel tells (Linux 5.8).
    pub(super) mount: Option<u64>,
}

/// STATX_MNT_ID of linux/stat.h, which rustix does not name yet.
const MOUNT_ID: StatxFlags = StatxFlags::from_bits_retain(0x1000);

impl Standing {
    /// What stands at `name` in `folder`, if anything does.
    pub(super) fn at(folder: impl AsFd, name: &[u8]) -> Result<Option<Self>, Errno> {
        match look(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(found) => Ok(Some(found)),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// An open file.
    pub(super) fn of(file: impl AsFd) -> Result<Self, Errno> {
        look(file, b"", AtFlags::EMPTY_PATH)
    }

    pub(super) fn is_file(&self) -> bool {
        self.kind == FileType::RegularFile
    }

    /// Whether it is what the entry says, as far as one sees without reading it.
    pub(super) fn is_like(&self, entry: &Entry) -> bool {
        self.is_file() && entry.size == Some(self.size) && self.is_of(entry.mtime)
    }

    /// Whether its content changed last at this time, as exactly as the file system keeps times. One
    /// that keeps whole seconds shows none in any of them; FAT keeps even ones only.
    pub(super) fn is_of(&self, time: Mtime) -> bool {
        let seconds_only = self.modified.ns == 0 && self.changed.ns == 0;
        self.modified == time
            || seconds_only && (self.modified.s == time.s || self.modified.s == time.s & !1)
    }
}

fn look(file: impl AsFd, name: &[u8], flags: AtFlags) -> Result<Standing, Errno> {
    let wanted = StatxFlags::BASIC_STATS | StatxFlags::BTIME | MOUNT_ID;
    let found = rustix::fs::statx(file, name, flags, wanted)?;
    let told = |flag: StatxFlags| found.stx_mask & flag.bits() != 0;
    Ok(Standing {
        id: FileId {
            device: device(&found),
            inode: found.stx_ino,
        },
        kind: FileType::from_raw_mode(u32::from(found.stx_mode)),
        mode: u32::from(found.stx_mode) & 0o7777,
        owner: found.stx_uid,
        links: found.stx_nlink,
        size: found.stx_size,
        stored: found.stx_blocks.saturating_mul(512),
        modified: time(found.stx_mtime),
        changed: time(found.stx_ctime),
        born: told(StatxFlags::BTIME).then(|| time(found.stx_btime)),
        mount: told(MOUNT_ID).then_some(found.stx_mnt_id),
    })
}

fn device(found: &Statx) -> u64 {
    rustix::fs::makedev(found.stx_dev_major, found.stx_dev_minor)
}

fn time(stamp: StatxTimestamp) -> Mtime {
    Mtime {
        s: stamp.tv_sec,
        ns: stamp.tv_nsec,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(s: i64, ns: u32) -> Mtime {
        Mtime { s, ns }
    }

    #[test]
    fn times_are_the_same_as_exactly_as_they_are_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = std::fs::File::create(folder.path().join("a")).expect("a file");
        let real = Standing::of(&file).expect("it is open");
        assert!(real.is_file() && real.links == 1 && real.size == 0);
        let check = |modified, changed, time, expected| {
            let standing = Standing {
                modified,
                changed,
                ..real
            };
            assert_eq!(standing.is_of(time), expected, "{modified:?} {time:?}");
        };
        check(at(7, 5), at(9, 1), at(7, 5), true);
        check(at(7, 5), at(9, 1), at(7, 6), false);
        check(at(7, 0), at(9, 1), at(7, 6), false);
        check(at(7, 0), at(9, 0), at(7, 6), true);
        check(at(6, 0), at(8, 0), at(7, 6), true); // FAT
        check(at(7, 0), at(8, 0), at(6, 6), false);
        check(at(-2, 0), at(8, 0), at(-1, 6), true);
    }

    #[test]
    fn a_link_is_seen_itself() {
        let folder = tempfile::tempdir().expect("a folder");
        std::os::unix::fs::symlink("nowhere", folder.path().join("a")).expect("a link");
        let handle = std::fs::File::open(folder.path()).expect("it is there");
        let found = Standing::at(&handle, b"a").expect("it can be looked at");
        assert_eq!(found.expect("it is there").kind, FileType::Symlink);
        assert!(Standing::at(&handle, b"b").expect("one can look").is_none());
    }
}
