//! Files and folders that are ours alone: read only when others could not have changed them, replaced
//! whole or not at all. It does not know what they hold.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use rustix::process::geteuid;

use crate::file_error::FileError;

/// The longest file that is read, in bytes: grants for some 20,000 peers. Reading one takes memory of
/// a few times its length.
pub const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// Mode bits that let others write.
pub(crate) const OTHERS_WRITE: u32 = 0o022;

/// Mode bits that let others do anything.
pub(crate) const OTHERS_ANY: u32 = 0o077;

/// Makes a folder of mode 0700 with all above it, if it is not there, and looks whether others may
/// write in it if it is.
pub(crate) fn make_folder(path: &Path) -> Result<(), FileError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|error| FileError::write(path, error))?;
    let metadata = fs::metadata(path).map_err(|error| FileError::read(path, error))?;
    check_ours(path, &metadata, OTHERS_WRITE)
}

/// The text of a file that people edit, `None` when it is not there. It may be read by others, and
/// must not be writable by them: what it says decides what they may do here.
///
/// # Errors
/// When it is no file, others could have changed it, it is longer than [`FILE_BYTES_MAX`], no UTF-8,
/// or cannot be read.
pub fn read_edited(path: &Path) -> Result<Option<String>, FileError> {
    let opened = open(path, OTHERS_WRITE)?;
    opened.map(|(file, _)| read_text(path, file)).transpose()
}

/// Opens a file and looks whether it is one, is ours, and has none of the mode bits `refused`.
/// `None` when it is not there.
pub(crate) fn open(path: &Path, refused: u32) -> Result<Option<(File, Metadata)>, FileError> {
    // Without waiting: a named pipe would hold us up until somebody writes to it.
    let flags = OFlags::NONBLOCK.bits();
    let mut options = OpenOptions::new();
    let opened = options
        .read(true)
        .custom_flags(flags.cast_signed())
        .open(path);
    let file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound && !is_link(path) => return Ok(None),
        // A link that leads nowhere, too: what it led to may be on a disk that is not there now, and
        // nothing new is put in its place.
        Err(error) => return Err(FileError::read(path, error)),
    };
    let metadata = file
        .metadata()
        .map_err(|error| FileError::read(path, error))?;
    if !metadata.is_file() {
        let path = path.to_owned();
        return Err(FileError::NotAFile { path });
    }
    check_ours(path, &metadata, refused)?;
    Ok(Some((file, metadata)))
}

/// Looks whether others may write in the folder of `path`: then they could put another file there.
pub(crate) fn check_folder_of(path: &Path) -> Result<(), FileError> {
    let folder = folder_of(path);
    let metadata = fs::metadata(folder).map_err(|error| FileError::read(folder, error))?;
    check_ours(folder, &metadata, OTHERS_WRITE)
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink())
}

/// Reads an open file to its end as text.
pub(crate) fn read_text(path: &Path, file: File) -> Result<String, FileError> {
    let mut bytes = Vec::new();
    let read = file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes);
    read.map_err(|error| FileError::read(path, error))?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        let path = path.to_owned();
        return Err(FileError::TooLong { path });
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + good.iter().filter(|byte| **byte == b'\n').count();
        FileError::bad(path, line, "this is not UTF-8")
    })
}

/// Puts what `fill` writes in the place of the file at `path`, with mode 0600: all of it, on the disk,
/// or nothing. The caller holds the file's lock. A link is followed, so that it stays one.
pub(crate) fn replace(
    path: &Path,
    fill: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    let target = match fs::canonicalize(path) {
        Ok(target) => target,
        Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
        Err(error) => return Err(error),
    };
    let new = beside(&target, "new");
    let written = write_new(&new, fill).and_then(|_| fs::rename(&new, &target));
    if written.is_err() {
        // What is left of it is in nobody's way: the next one who writes takes it away first.
        let _ = fs::remove_file(&new);
    }
    written?;
    File::open(folder_of(&target))?.sync_all()
}

/// `.NAME.ENDING` in the folder of `path`.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".");
    name.push(ending);
    path.with_file_name(name)
}

/// The folder that holds `path`.
pub(crate) fn folder_of(path: &Path) -> &Path {
    let parent = path.parent();
    let named = parent.filter(|folder| !folder.as_os_str().is_empty());
    named.unwrap_or(Path::new("."))
}

/// Makes a file of mode 0600 at `path`, where what an interrupted writer left is taken away, and has
/// it on the disk.
pub(crate) fn write_new(
    path: &Path,
    fill: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    fill(&mut file)?;
    file.sync_all()?;
    Ok(file)
}

/// What belongs to this user or to root, and has none of the mode bits `refused`, is ours.
fn check_ours(path: &Path, metadata: &Metadata, refused: u32) -> Result<(), FileError> {
    let path = || path.to_owned();
    let owner = metadata.uid();
    if owner != geteuid().as_raw() && owner != 0 {
        return Err(FileError::Foreign {
            path: path(),
            owner,
        });
    }
    let mode = metadata.mode() & 0o7777;
    match mode & refused {
        0 => Ok(()),
        _ => Err(FileError::TooOpen {
            path: path(),
            mode,
            refused,
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name();
        entries
            .map(|entry| name(entry).into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_write_that_fails_halfway_loses_nothing_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        replace(&path, |file| file.write_all(b"old")).unwrap();
        let failed = replace(&path, |file| {
            file.write_all(b"ne")?;
            Err(io::ErrorKind::StorageFull.into())
        });
        assert_eq!(failed.unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["a.toml"]);
    }

    #[test]
    fn what_an_interrupted_writer_left_is_in_nobodys_way() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        fs::write(beside(&path, "new"), "half").unwrap();
        replace(&path, |file| file.write_all(b"whole")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"whole");
        assert_eq!(names(folder.path()), ["a.toml"]);
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o600);
    }

    #[test]
    fn a_link_stays_one() {
        let folder = tempfile::tempdir().unwrap();
        let (path, target) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&target, "old").unwrap();
        symlink(&target, &path).unwrap();
        replace(&path, |file| file.write_all(b"new")).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"new");
        assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
    }

    #[test]
    fn a_link_that_leads_nowhere_is_not_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        symlink(folder.path().join("gone"), &path).unwrap();
        assert_eq!(open(&path, 0).unwrap_err().key(), "trust-file-read");
        assert_eq!(read_edited(&path).unwrap_err().key(), "trust-file-read");
    }

    #[test]
    fn what_others_may_change_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "text").unwrap();
        let check = |mode, refused, key: Option<&str>| {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let error = open(&path, refused).err();
            assert_eq!(error.as_ref().map(FileError::key), key, "{mode:o}");
        };
        check(0o600, OTHERS_ANY, None);
        check(0o400, OTHERS_ANY, None);
        check(0o640, OTHERS_ANY, Some("trust-file-too-open"));
        check(0o601, OTHERS_ANY, Some("trust-file-too-open"));
        check(0o644, OTHERS_WRITE, None);
        check(0o664, OTHERS_WRITE, Some("trust-file-too-open"));
        assert_eq!(read_edited(&path).unwrap_err().key(), "trust-file-too-open");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(read_edited(&path).unwrap().as_deref(), Some("text"));
        assert_eq!(read_edited(&folder.path().join("none")).unwrap(), None);
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
        let error = make_folder(folder.path()).unwrap_err();
        assert_eq!(error.key(), "trust-file-too-open");
    }

    #[test]
    fn what_belongs_to_somebody_else_is_refused() {
        if !geteuid().is_root() {
            // Only root can give a file away.
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "text").unwrap();
        std::os::unix::fs::chown(&path, Some(12_345), None).unwrap();
        let error = open(&path, 0).unwrap_err();
        assert!(
            matches!(error, FileError::Foreign { owner: 12_345, .. }),
            "{error}"
        );
    }

    #[test]
    fn what_is_no_file_is_refused_without_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let error = open(folder.path(), 0).unwrap_err();
        assert_eq!(error.key(), "trust-file-not-a-file");
        let pipe = folder.path().join("pipe");
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
        assert_eq!(open(&pipe, 0).unwrap_err().key(), "trust-file-not-a-file");
        assert!(open(&folder.path().join("none"), 0).unwrap().is_none());
    }

    #[test]
    fn a_file_that_is_no_text_says_where() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, b"one\ntwo\n\xff").unwrap();
        let error = read_text(&path, File::open(&path).unwrap()).unwrap_err();
        assert!(matches!(error, FileError::Bad { line: 3, .. }), "{error}");
        File::create(&path)
            .unwrap()
            .set_len(FILE_BYTES_MAX + 1)
            .unwrap();
        let error = read_text(&path, File::open(&path).unwrap()).unwrap_err();
        assert_eq!(error.key(), "trust-file-too-long");
    }
}
