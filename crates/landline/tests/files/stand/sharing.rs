//! An office that shares folders, and a caller with a folder to work in.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use landline::trust::TrustError;
use serde_json::Value;

use super::{Around, Finished, Folder, Office, Process, Stall};

/// Where the caller works, in the stand's folder.
const HERE: &str = "here";

/// The office, its shares, and the caller's folder.
pub(crate) struct Sharing {
    /// The server and the two homes.
    pub(crate) office: Office,
}

impl Sharing {
    /// An office whose folder `shared` the caller may read and write.
    pub(crate) fn open() -> Self {
        Self::of(&["rw:shared"])
    }

    /// An office with these shares, each written ACCESS:FOLDER. The first is what it serves.
    pub(crate) fn of(shares: &[&str]) -> Self {
        Self::around(shares, "127.0.0.1:0", Box::new(|command| command))
    }

    /// The same, whose server listens there and runs as what its command becomes.
    pub(crate) fn around(shares: &[&str], listen: &str, around: Around) -> Self {
        let folder = Folder::new();
        fs::create_dir(folder.path().join(HERE)).expect("a free name");
        let mut capabilities = vec!["echo".to_owned()];
        let mut served = None;
        for share in shares {
            let (access, name) = share.split_once(':').expect("ACCESS:FOLDER");
            let path = folder.path().join(name);
            fs::create_dir(&path).expect("a free name");
            capabilities.push(format!("files:{access}:{}", path.display()));
            served.get_or_insert(path);
        }
        let served = served.expect("a share");
        let options = [served.to_str().expect("a plain name")];
        let capabilities: Vec<&str> = capabilities.iter().map(String::as_str).collect();
        let run = (listen, around);
        let office = Office::serving_around(folder, &options, &capabilities, run);
        Self { office }
    }

    /// A way to the office on which `bytes_max` pass in each direction: the caller knows the machine as
    /// `stalled`, too.
    pub(crate) fn stalled(&self, bytes_max: usize) -> Stall {
        let stall = Stall::before(&self.office.address, bytes_max);
        let known = self.office.caller().book().change(|book| {
            let key = book.find("office").expect("it is known").key;
            book.add(&"stalled".parse()?, key, &[stall.address.parse()?])?;
            Ok::<_, TrustError>(())
        });
        known.expect("a name that is free");
        stall
    }

    /// How long the journals of the home `name` are together, in bytes.
    pub(crate) fn journal_bytes(&self, name: &str) -> u64 {
        let journals = fs::read_dir(self.at(name).join("journals"));
        let sizes = journals.into_iter().flatten().filter_map(|journal| {
            let metadata = journal.ok()?.metadata().ok()?;
            Some(metadata.len())
        });
        sizes.sum()
    }

    /// A path in the folder that is served, whose name is `shared`.
    pub(crate) fn there(&self, path: impl AsRef<Path>) -> PathBuf {
        self.at("shared").join(path)
    }

    /// A path in the caller's folder.
    pub(crate) fn here(&self, path: impl AsRef<Path>) -> PathBuf {
        self.at(HERE).join(path)
    }

    /// A path in the folder of the stand.
    pub(crate) fn at(&self, path: impl AsRef<Path>) -> PathBuf {
        self.office.folder().path().join(path)
    }

    /// landline with these words, in the caller's home and folder.
    pub(crate) fn landline(&self, words: &[impl AsRef<OsStr>]) -> Command {
        let mut command = self.office.landline(&[]);
        command.args(words).current_dir(self.at(HERE));
        command
    }

    /// Runs landline with these words to its end, without input.
    #[track_caller]
    pub(crate) fn run(&self, words: &[impl AsRef<OsStr>]) -> Finished {
        Process::start(self.landline(words)).finish()
    }

    /// The same with -q, which must end well and say nothing.
    #[track_caller]
    pub(crate) fn quietly(&self, words: &[impl AsRef<OsStr>]) -> Finished {
        let mut command = self.landline(words);
        command.arg("-q");
        Process::start(command).finish().well()
    }
}

/// Writes a file, and the folders that it needs.
pub(crate) fn write(path: PathBuf, bytes: impl AsRef<[u8]>) {
    let folder = path.parent().expect("a file is in a folder");
    fs::create_dir_all(folder).expect("the folder takes a folder");
    fs::write(path, bytes).expect("the folder takes a file");
}

/// All that is in a folder, by path, sorted: bytes of files, `None` for folders.
pub(crate) fn tree(folder: &Path) -> Vec<(PathBuf, Option<Vec<u8>>)> {
    let mut all = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("it can be read").path();
            let relative = path
                .strip_prefix(folder)
                .expect("it is in there")
                .to_owned();
            if path.is_dir() {
                all.push((relative, None));
                open.push(path);
            } else {
                all.push((relative, fs::read(&path).ok()));
            }
        }
    }
    all.sort();
    all
}

/// The objects on standard output, each with its version.
pub(crate) fn objects(finished: &Finished) -> Vec<Value> {
    let text = finished.text();
    let objects: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line is an object"))
        .collect();
    assert!(objects.iter().all(|object| object["v"] == 1), "{text}");
    objects
}
