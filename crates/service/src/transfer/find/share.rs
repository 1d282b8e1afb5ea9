//! The folders that a peer may reach, and which of them a path means. It does not know who the peer
//! is, and opens nothing beneath them.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, MetadataExt};
use landline_frame::landline1::{Code, Failure, Name};

use crate::transfer::find::asked::{self, shown};

/// What may be done in a folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShareAccess {
    /// See and read what is there.
    pub may_read: bool,
    /// Write what was not there. It does not say that any of it may be seen.
    pub may_write: bool,
}

impl ShareAccess {
    /// See and read.
    pub const READ: Self = Self {
        may_read: true,
        may_write: false,
    };
    /// Write, and see nothing.
    pub const WRITE: Self = Self {
        may_read: false,
        may_write: true,
    };
    /// All of it.
    pub const READ_WRITE: Self = Self {
        may_read: true,
        may_write: true,
    };

    fn allows(self, need: ShareNeed) -> bool {
        match need {
            ShareNeed::Read => self.may_read,
            ShareNeed::Write => self.may_write,
        }
    }

    fn with(self, other: Self) -> Self {
        Self {
            may_read: self.may_read || other.may_read,
            may_write: self.may_write || other.may_write,
        }
    }
}

/// What is wanted of a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareNeed {
    /// To see or to read.
    Read,
    /// To write.
    Write,
}

/// A folder that is open, and what may be done in it.
#[derive(Debug)]
pub struct Share {
    /// What it was granted as, each once: a folder may have been granted by two paths.
    names: Vec<Vec<u8>>,
    identity: (u64, u64),
    root: Arc<Dir>,
    access: ShareAccess,
}

impl Share {
    /// What it is called: the last part of its folder.
    pub fn name(&self) -> &[u8] {
        self.names.first().map_or(&[], Vec::as_slice)
    }

    /// Its folder. If that is moved, the share goes with it.
    pub fn root(&self) -> &Arc<Dir> {
        &self.root
    }

    /// The folder at `path`, as [`Shares::find`] gives it: `path-missing` or `path-refused` where there
    /// is none beneath the share.
    pub fn open_folder(&self, path: &[u8]) -> Result<File, Failure> {
        let failed = |code, what: &str| {
            let message = format!("{}: {what}", shown(path));
            Failure::new(code, message)
        };
        let path = Path::new(OsStr::from_bytes(if path.is_empty() { b"." } else { path }));
        match self.root.open_dir(path) {
            Ok(folder) => Ok(folder.into_std_file()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(failed(Code::PathMissing, "there is no such folder"))
            }
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                Err(failed(Code::PathMissing, "it is no folder"))
            }
            Err(error) if error.raw_os_error().is_none() => {
                Err(failed(Code::PathRefused, "it leads out of the share"))
            }
            Err(error) => Err(failed(Code::Unwritable, &error.to_string())),
        }
    }

    /// What may be done there.
    pub fn access(&self) -> ShareAccess {
        self.access
    }

    fn is_called(&self, name: &[u8]) -> bool {
        self.names.iter().any(|own| own == name)
    }

    fn check(&self, need: ShareNeed) -> Result<(), Failure> {
        if self.access.allows(need) {
            return Ok(());
        }
        let allowed = match need {
            ShareNeed::Read => "may be written to, not read",
            ShareNeed::Write => "may be read, not written to",
        };
        let message = format!("{}: {allowed}", shown(self.name()));
        Err(Failure::new(Code::NotGranted, message))
    }
}

/// All shares of one peer.
#[derive(Debug, Default)]
pub struct Shares {
    shares: Vec<Share>,
    unnamed: Unnamed,
    /// The names of folders that cannot be opened.
    gone: BTreeSet<Vec<u8>>,
}

/// Which share a path without a share's name means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Unnamed {
    /// The only one, if there is one alone.
    #[default]
    Only,
    /// This one.
    At(usize),
    /// One that cannot be opened. No other takes its place.
    Gone,
}

impl Shares {
    /// Opens folders. One that cannot be opened is left out; one that was named twice may be used in
    /// both ways. A path without a share's name means the share whose folder is `default`.
    pub fn open(
        default: Option<&Path>,
        folders: impl IntoIterator<Item = (ShareAccess, PathBuf)>,
    ) -> Self {
        let mut shares = Self::default();
        let wanted = default.and_then(|folder| open(folder).ok());
        let wanted = wanted.map(|(_, identity)| identity);
        for (access, folder) in folders {
            let name = name_of(&folder);
            let Ok((root, identity)) = open(&folder) else {
                if default == Some(folder.as_path()) {
                    shares.unnamed = Unnamed::Gone;
                }
                shares.gone.insert(name);
                continue;
            };
            let at = shares.add(name, root, identity, access);
            if wanted == Some(identity) {
                shares.unnamed = Unnamed::At(at);
            }
        }
        shares
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &Share> {
        self.shares.iter()
    }

    /// The share that `path` means, and the path from there on: plain parts, or nothing for the
    /// share's folder itself.
    ///
    /// `NAME:REST` means the share called so. Everything else is a path of the default share, even if
    /// it has a colon.
    ///
    /// # Errors
    /// No share is meant, or it may not be used so, or the path leads upwards or starts at the top.
    pub fn find(&self, path: &Name, need: ShareNeed) -> Result<(&Share, Vec<u8>), Failure> {
        let (share, rest) = self.split(path.as_bytes())?;
        let rest = asked::plain(rest)?;
        share.check(need)?;
        Ok((share, rest))
    }

    /// What [`find`](Self::find) finds to be read, and whether what is in the folder is meant rather
    /// than the folder.
    pub(super) fn find_asked(&self, path: &Name) -> Result<(&Share, Vec<u8>, bool), Failure> {
        let (share, rest) = self.find(path, ShareNeed::Read)?;
        let (_, written) = self.split(path.as_bytes())?;
        Ok((share, rest, asked::means_content(written)))
    }

    /// The share that is meant, and the path in it as it was written.
    fn split<'a>(&self, path: &'a [u8]) -> Result<(&Share, &'a [u8]), Failure> {
        for (colon, _) in path.iter().enumerate().filter(|(_, byte)| **byte == b':') {
            let (name, rest) = (&path[..colon], &path[colon + 1..]);
            let mut called = self.shares.iter().filter(|share| share.is_called(name));
            match (called.next(), called.next()) {
                (Some(share), None) => return Ok((share, rest)),
                (Some(_), Some(_)) => return Err(ambiguous(name)),
                (None, _) if self.gone.contains(name) => return Err(is_gone(name)),
                (None, _) => {}
            }
        }
        let default = match self.unnamed {
            Unnamed::At(at) => self.shares.get(at),
            Unnamed::Only if self.shares.len() == 1 => self.shares.first(),
            Unnamed::Only | Unnamed::Gone => None,
        };
        let share = default.ok_or_else(|| self.none_meant())?;
        Ok((share, path))
    }

    fn none_meant(&self) -> Failure {
        let names: Vec<String> = self.shares.iter().map(|it| shown(it.name())).collect();
        let message = match (names.is_empty(), self.unnamed) {
            (true, _) if self.gone.is_empty() => "no folder is shared with you".to_owned(),
            (true, _) => "the folders that are shared with you cannot be opened".to_owned(),
            (false, Unnamed::Gone) => format!(
                "the folder for paths without a share cannot be opened: write NAME:PATH, with one of {}",
                names.join(", ")
            ),
            (false, _) => format!(
                "several folders are shared with you: write NAME:PATH, with one of {}",
                names.join(", ")
            ),
        };
        Failure::new(Code::ShareMissing, message)
    }

    fn add(
        &mut self,
        name: Vec<u8>,
        root: Dir,
        identity: (u64, u64),
        access: ShareAccess,
    ) -> usize {
        let same = self.shares.iter().position(|it| it.identity == identity);
        let Some(at) = same else {
            self.shares.push(Share {
                names: vec![name],
                identity,
                root: Arc::new(root),
                access,
            });
            return self.shares.len() - 1;
        };
        let share = &mut self.shares[at];
        share.access = share.access.with(access);
        if !share.is_called(&name) {
            share.names.push(name);
        }
        at
    }
}

fn ambiguous(name: &[u8]) -> Failure {
    let message = format!("two shares are called {}", shown(name));
    Failure::new(Code::ShareMissing, message)
}

fn is_gone(name: &[u8]) -> Failure {
    let message = format!("the folder of the share {} cannot be opened", shown(name));
    Failure::new(Code::ShareMissing, message)
}

/// A folder, and by what it is known whatever path leads to it.
fn open(folder: &Path) -> io::Result<(Dir, (u64, u64))> {
    let root = Dir::open_ambient_dir(folder, ambient_authority())?;
    let found = root.dir_metadata()?;
    Ok((root, (found.dev(), found.ino())))
}

/// The last part of a folder's path. One that ends in `..` is called as what it leads to is.
fn name_of(folder: &Path) -> Vec<u8> {
    let canonical;
    let mut last = folder.file_name();
    if last.is_none() {
        canonical = folder.canonicalize().unwrap_or_default();
        last = canonical.file_name();
    }
    last.map_or_else(|| b"root".to_vec(), |last| last.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn name(text: &str) -> Name {
        Name::new(text).unwrap()
    }

    /// Folders a, b, c/a and `x:y`, and what is granted of them.
    fn shares(default: Option<&str>, granted: &[(ShareAccess, &str)]) -> Shares {
        let outside = tempfile::tempdir().unwrap();
        for folder in ["a", "b", "c/a", "x:y"] {
            fs::create_dir_all(outside.path().join(folder)).unwrap();
        }
        std::os::unix::fs::symlink("b", outside.path().join("link")).unwrap();
        let folders = granted
            .iter()
            .map(|(access, folder)| (*access, outside.path().join(folder)));
        let default = default.map(|folder| outside.path().join(folder));
        Shares::open(default.as_deref(), folders)
    }

    #[track_caller]
    fn check(shares: &Shares, path: &str, expected: Result<(&str, &str), Code>) {
        let found = shares.find(&name(path), ShareNeed::Read);
        let found = found
            .as_ref()
            .map(|(share, rest)| (share.name(), rest.as_slice()))
            .map_err(|failure| failure.known().unwrap());
        let expected = expected.map(|(share, rest)| (share.as_bytes(), rest.as_bytes()));
        assert_eq!(found, expected, "{path:?}");
    }

    #[test]
    fn a_path_means_the_share_that_it_names_or_the_default() {
        let read = ShareAccess::READ;
        let all = [(read, "a"), (read, "b"), (read, "x:y")];
        let shares = shares(Some("a"), &all);
        check(&shares, "b:c/d", Ok(("b", "c/d")));
        check(&shares, "b:", Ok(("b", "")));
        check(&shares, "b/c:d", Ok(("a", "b/c:d")));
        check(&shares, "c:d", Ok(("a", "c:d")));
        check(&shares, "./b:c", Ok(("a", "b:c")));
        check(&shares, "x:y:z", Ok(("x:y", "z")));
        check(&shares, "", Ok(("a", "")));
        check(&shares, ".//c/./d//", Ok(("a", "c/d")));
        for path in ["/", "/a", "b:/a", "..", "c/../d", "b:..", "a/.."] {
            check(&shares, path, Err(Code::PathRefused));
        }
    }

    #[test]
    fn without_a_default_the_only_share_is_meant() {
        let read = ShareAccess::READ;
        check(&shares(None, &[(read, "b")]), "c:d", Ok(("b", "c:d")));
        check(&shares(Some("a"), &[(read, "b")]), "c", Ok(("b", "c")));
        check(&shares(None, &[]), "c", Err(Code::ShareMissing));
        let two = shares(None, &[(read, "a"), (read, "b")]);
        check(&two, "c", Err(Code::ShareMissing));
        let failure = two.find(&name("c"), ShareNeed::Read).unwrap_err();
        assert!(failure.message.contains("NAME:PATH, with one of a, b"));
    }

    #[test]
    fn one_folder_granted_twice_is_one_share() {
        let granted = [
            (ShareAccess::READ, "b"),
            (ShareAccess::WRITE, "link"),
            (ShareAccess::READ, "b/"),
        ];
        let shares = shares(Some("link"), &granted);
        assert_eq!(shares.iter().count(), 1);
        for (path, rest) in [("b:c", "c"), ("link:c", "c"), ("c", "c")] {
            let (share, found) = shares.find(&name(path), ShareNeed::Write).unwrap();
            assert_eq!(
                (share.access(), &*found),
                (ShareAccess::READ_WRITE, rest.as_bytes())
            );
        }
    }

    #[test]
    fn two_shares_of_one_name_must_be_told_apart() {
        let granted = [(ShareAccess::READ, "a"), (ShareAccess::READ, "c/a")];
        let shares = shares(Some("a"), &granted);
        check(&shares, "a:c", Err(Code::ShareMissing));
        check(&shares, "c", Ok(("a", "c")));
        let failure = shares.find(&name("a:c"), ShareNeed::Read).unwrap_err();
        assert_eq!(failure.message, "two shares are called a");
    }

    #[test]
    fn a_share_is_used_only_as_granted() {
        let granted = [(ShareAccess::WRITE, "a"), (ShareAccess::READ, "b")];
        let shares = shares(None, &granted);
        let failure = shares.find(&name("a:x"), ShareNeed::Read).unwrap_err();
        assert_eq!(failure.known(), Some(Code::NotGranted));
        assert_eq!(failure.message, "a: may be written to, not read");
        let failure = shares.find(&name("b:x"), ShareNeed::Write).unwrap_err();
        assert_eq!(failure.message, "b: may be read, not written to");
    }

    #[test]
    fn nothing_takes_the_place_of_a_folder_that_is_gone() {
        let granted = [
            (ShareAccess::READ_WRITE, "gone"),
            (ShareAccess::READ_WRITE, "b"),
        ];
        let shares = shares(Some("gone"), &granted);
        check(&shares, "c", Err(Code::ShareMissing));
        check(&shares, "gone:c", Err(Code::ShareMissing));
        check(&shares, "b:c", Ok(("b", "c")));
    }

    #[test]
    fn the_top_is_called_root() {
        let shares = Shares::open(None, [(ShareAccess::READ, PathBuf::from("/"))]);
        check(&shares, "root:etc", Ok(("root", "etc")));
    }
}
