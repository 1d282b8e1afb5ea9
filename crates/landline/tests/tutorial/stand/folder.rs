//! A folder of a test, and the addresses of each family: a free port, or a path in that folder.

use std::cell::Cell;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// The families of streams, for [`Folder::address`].
pub(crate) const STREAMS: [&str; 3] = ["tcp://127.0.0.1:0", "tcp://[::1]:0", "unix"];
/// The families of datagrams, for [`Folder::address`].
pub(crate) const DATAGRAMS: [&str; 3] = ["udp://127.0.0.1:0", "udp://[::1]:0", "unixgram"];

/// A folder that anyone may look into, gone with its test.
pub(crate) struct Folder {
    folder: TempDir,
    sockets: Cell<u32>,
}

impl Folder {
    /// A new, empty folder.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("the machine has room for a folder");
        let anyone = fs::Permissions::from_mode(0o755);
        fs::set_permissions(folder.path(), anyone).expect("the folder is ours");
        Self {
            folder,
            sockets: Cell::new(0),
        }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Where it is, as an argument.
    pub(crate) fn name(&self) -> &str {
        self.path()
            .to_str()
            .expect("a temporary folder has a plain name")
    }

    /// Writes a file into it.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, bytes).expect("the folder takes a file");
        path
    }

    /// The names in it, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path()).expect("the folder is there");
        let name = |entry: std::io::Result<fs::DirEntry>| {
            entry
                .expect("the folder can be read")
                .file_name()
                .to_string_lossy()
                .into_owned()
        };
        let mut names: Vec<_> = entries.map(name).collect();
        names.sort();
        names
    }

    /// An address of `family` that nobody uses yet.
    pub(crate) fn address(&self, family: &str) -> String {
        if family.contains("//") {
            return family.to_owned();
        }
        self.sockets.set(self.sockets.get() + 1);
        format!("{family}:{}/{}.socket", self.name(), self.sockets.get())
    }
}
