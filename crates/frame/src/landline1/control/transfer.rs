//! What the two ends of a files call say to each other: calls, entries, answers, ends. It does not
//! know what is on either disk.

use super::failure::Failure;

/// The longest path or name, in bytes: PATH_MAX of Linux without its NUL, rounded up (limits.h(0p)).
pub const NAME_BYTES_MAX: usize = 4096;

/// The most entries that are open at once: announced, and not yet passed over or ended. Each side
/// holds that many names at worst: 2 MiB.
pub const ENTRIES_OPEN_MAX: u64 = 512;

/// How many bytes a HOLE stands for at least, unless the file ends with it, and how much credit it
/// costs.
pub const HOLE_BYTES_MIN: u64 = 4096;

/// How many bytes of a file are verified together: 1 MiB.
pub const GROUP_BYTES: u64 = 1024 * 1024;

/// A path or a name, as the system has it: bytes without NUL, in text or not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(Vec<u8>);

impl Name {
    /// The name, unless it holds a NUL or is longer than [`NAME_BYTES_MAX`].
    pub fn new(bytes: impl Into<Vec<u8>>) -> Option<Self> {
        let bytes = bytes.into();
        (bytes.len() <= NAME_BYTES_MAX && !bytes.contains(&0)).then_some(Self(bytes))
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Its parts, as `/` divides them.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        self.0.split(|byte| *byte == b'/')
    }

    /// Whether it leads down and nowhere else: no part is empty, `.` or `..`.
    pub fn is_plain(&self) -> bool {
        self.parts().all(|part| !matches!(part, b"" | b"." | b".."))
    }
}

/// How files are verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DigestKind {
    /// BLAKE3, whose groups can be verified apart: a transfer can be resumed.
    Blake3,
    /// SHA-256, for those who have no BLAKE3. A transfer begins anew.
    Sha256,
}

/// A call of `files`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilesCall {
    /// The server sends files.
    Get(GetCall),
    /// The client sends files.
    Put(PutCall),
    /// The server tells what there is.
    List(ListCall),
}

/// Asks for files and folders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetCall {
    /// What to send, each a path that may hold `*`, `?` and `[...]`, at least one.
    pub paths: Vec<Name>,
    /// Which digests the client has, the best first, at least one.
    pub digests: Vec<DigestKind>,
    /// What the client has already is to be read again and compared.
    pub check: bool,
    /// How many bytes of DATA the server may send at first.
    pub window: u64,
}

/// Brings files and folders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutCall {
    /// The folder that they are to stand in.
    pub to: Name,
    /// Which digests the client has, the best first, at least one.
    pub digests: Vec<DigestKind>,
    /// What stands there already may be replaced.
    pub force: bool,
    /// What the server has already is to be read again and compared.
    pub check: bool,
}

/// Asks what there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListCall {
    /// What to tell of, as in [`GetCall::paths`], at least one.
    pub paths: Vec<Name>,
    /// Tell what is in a folder (`list`), and not of the folder itself (`stat`).
    pub inside: bool,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, which is never sent.
    Link,
    /// A device, a pipe or a socket, which are never sent.
    Other,
}

/// A time of the system's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mtime {
    /// Seconds since 1970.
    pub s: i64,
    /// Nanoseconds, less than 1,000,000,000.
    pub ns: u32,
}

/// One file or folder. The first entry of a call has the number 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where it is to stand, from the folder that everything goes to. It leads down
    /// ([`Name::is_plain`]); folders come before what is in them.
    pub name: Name,
    /// What it is.
    pub kind: EntryKind,
    /// Which of the call's paths it belongs to, from 0.
    pub ask: u32,
    /// How many bytes it has. A folder has none; a file without is a stream whose length nobody
    /// knows yet.
    pub size: Option<u64>,
    /// How many bytes it takes on the disk, when that is less: the rest is holes.
    pub stored: Option<u64>,
    /// The permission bits, at most 0o777.
    pub mode: u32,
    /// When its content changed last.
    pub mtime: Mtime,
    /// What else tells that the source is the same file in the same state: 1 to 64 of `a` to `z`,
    /// `0` to `9` and `-`, of which the receiver knows no more. Only a file has it.
    pub source: Option<String>,
    /// Why the sender passes it over, if it does: then nothing more comes of it.
    pub passed_over: Option<Failure>,
}

/// What the receiver says to entries: to all that it has not spoken of yet, up to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Have {
    /// The last of the entries, by its number.
    pub through: u64,
    /// What it says to each of them.
    pub answer: Answer,
}

/// What the receiver wants of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The file, whole. To a folder it says that the folder is there; one that was passed over is
    /// taken note of.
    Want,
    /// Nothing: it has the same.
    Skip,
    /// What follows its first groups, which it has. Of one entry only.
    Resume {
        /// How many groups, fewer bytes than the file has.
        groups: u64,
        /// The chaining values of the subtrees that they make, the largest first: as many as
        /// `groups` has binary ones.
        values: Vec<[u8; 32]>,
    },
    /// Nothing: it cannot take it. Of one entry only.
    Refuse(Failure),
}

/// A file that was wanted has ended: the sender says that all of it has gone, and its digest; the
/// receiver that it stands where it should, and the digest of what came. Or either says why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEnd {
    /// The entry, by its number.
    pub entry: u64,
    /// What became of it.
    pub outcome: Result<[u8; 32], Failure>,
}

/// What goes over a files call beside bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransferFrame {
    /// From the sender: there is a file or a folder. Kind ENTRY.
    Entry(Entry),
    /// From the receiver: what it wants of entries. Kind HAVE, key `through`.
    Have(Have),
    /// From the sender, before the first byte of a file that is resumed, where fewer groups of the
    /// receiver's are right than it has: the bytes begin after these. Kind HAVE, key `entry`.
    Begin {
        /// The entry, by its number.
        entry: u64,
        /// How many groups stay.
        groups: u64,
    },
    /// From the sender: so many bytes of the file are zero. Kind HOLE.
    Hole {
        /// How many, [`HOLE_BYTES_MIN`] at least unless the file ends there.
        bytes: u64,
    },
    /// From either side: a file has ended. Kind END, key `entry`.
    FileEnd(FileEnd),
}
