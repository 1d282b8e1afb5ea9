//! The receiving half against a sender in memory that keeps the protocol, or breaks it where a test
//! says so.

mod compared;
mod corrupted;
mod full;
mod hostile;
mod kept;
mod landing;
mod many;
mod repeated;
mod resumed;
mod sender;
mod small_disk;
mod streamed;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use landline_frame::landline1::{DigestKind, Failure, Name};
use tempfile::TempDir;

use super::{
    Claims, FolderPlacer, Landing, ReceiveEvent, ReceiveReport, Receiving, TransferFault, receive,
};
use sender::{Sender, Source};

/// A folder that things go to, and one for the journals.
struct Stand {
    place: TempDir,
    to: PathBuf,
    landing: Landing,
}

/// How a transfer went.
struct Went {
    done: Result<ReceiveReport, TransferFault>,
    /// What was told, one line for each event that is no progress.
    told: Vec<String>,
    sender: Sender,
}

impl Stand {
    fn new() -> Self {
        // A disk takes milliseconds for each fsync(2).
        let memory = Path::new("/dev/shm");
        let place = match memory.is_dir() {
            true => tempfile::tempdir_in(memory),
            false => tempfile::tempdir(),
        };
        Self::at(place.expect("a place"))
    }

    fn on_disk() -> Self {
        Self::at(tempfile::tempdir().expect("a place"))
    }

    fn at(place: TempDir) -> Self {
        let to = place.path().join("to");
        fs::create_dir(&to).expect("a folder");
        Self {
            landing: Landing {
                journals: Some(place.path().join("home/journals")),
                boot: Some("one".to_string()),
                ..Landing::new(DigestKind::Blake3, "a peer")
            },
            place,
            to,
        }
    }

    fn forcing() -> Self {
        let mut stand = Self::new();
        stand.landing.force = true;
        stand
    }

    fn path(&self, name: &str) -> PathBuf {
        self.to.join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).expect("it can be written");
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name:?}: {error}"))
    }

    fn placer(&self) -> FolderPlacer {
        let root = File::open(&self.to).expect("it is there");
        FolderPlacer::new(root, self.landing.clone()).expect("it can be looked at")
    }

    /// Receives as a client does.
    fn get(&self, sender: Sender) -> Went {
        run(sender, &mut self.placer(), Receiving::default())
    }

    /// Receives as a server does.
    fn put(&self, sender: Sender) -> Went {
        let how = Receiving {
            confirm: true,
            belongs: None,
        };
        run(sender, &mut self.placer(), how)
    }

    /// Receives files, which must end well.
    #[track_caller]
    fn well(&self, sources: Vec<Source>) -> Went {
        let went = self.put(Sender::of(sources));
        went.well();
        went
    }

    /// Everything below, hidden or not, by its path; folders end with `/`.
    fn listed(&self) -> Vec<String> {
        list(&self.to)
    }

    /// The journals that are left.
    fn journals(&self) -> Vec<PathBuf> {
        let Some(journals) = &self.landing.journals else {
            return Vec::new();
        };
        let found = fs::read_dir(journals).into_iter().flatten();
        found.map(|it| it.expect("it can be read").path()).collect()
    }

    /// The only part, by its path.
    #[track_caller]
    fn part(&self) -> PathBuf {
        let listed = self.listed();
        let parts: Vec<&String> = listed.iter().filter(|it| it.ends_with(".part")).collect();
        assert_eq!(parts.len(), 1, "{listed:?}");
        self.to.join(parts[0])
    }
}

impl Went {
    #[track_caller]
    fn well(&self) -> ReceiveReport {
        let report = self.done.clone().expect("it goes to its end");
        assert_eq!(report.failed, 0, "{:?}", self.told);
        report
    }

    /// The failure codes of the entries that were refused, or failed here or there.
    fn codes(&self) -> BTreeMap<String, String> {
        let of = |line: &String| {
            let mut words = line.split('\t');
            let what = words.next()?;
            let is_failure = matches!(what, "refused" | "failed");
            is_failure.then_some((words.next()?.to_string(), words.next()?.to_string()))
        };
        self.told.iter().filter_map(of).collect()
    }
}

fn run(mut sender: Sender, placer: &mut dyn super::Placer, how: Receiving<'_>) -> Went {
    let mut told = Vec::new();
    let done = receive(&mut sender, placer, how, &mut |event| {
        told.extend(tell(&event))
    });
    Went { done, told, sender }
}

fn tell(event: &ReceiveEvent<'_>) -> Option<String> {
    let text = |name: &Name| String::from_utf8_lossy(name.as_bytes()).into_owned();
    let failed =
        |what, name, failure: &Failure| Some(format!("{what}\t{}\t{}", text(name), failure.code));
    match event {
        ReceiveEvent::Found { .. } | ReceiveEvent::Received { .. } => None,
        ReceiveEvent::Folder { name } => Some(format!("folder\t{}", text(name))),
        ReceiveEvent::Started {
            name, resumed_from, ..
        } => Some(format!("started\t{}\t{resumed_from}", text(name))),
        ReceiveEvent::Placed { name, size, .. } => Some(format!("placed\t{}\t{size}", text(name))),
        ReceiveEvent::Same { name } => Some(format!("same\t{}", text(name))),
        ReceiveEvent::Refused { name, failure } => failed("refused", name, failure),
        ReceiveEvent::Passed { name, failure, .. } => failed("passed", name, failure),
        ReceiveEvent::Failed { name, failure } => failed("failed", name, failure),
    }
}

fn list(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("it can be read") {
        let entry = entry.expect("it can be read");
        let name = String::from_utf8_lossy(entry.file_name().as_bytes()).into_owned();
        if entry.file_type().expect("it has a type").is_dir() {
            let inside = list(&entry.path());
            found.extend(inside.iter().map(|it| format!("{name}/{it}")));
            found.push(format!("{name}/"));
        } else {
            found.push(name);
        }
    }
    found.sort();
    found
}

/// The permission bits and the time of the last change.
fn bits(path: &Path) -> (u32, i64, i64) {
    let found = fs::symlink_metadata(path).expect("it is there");
    (found.mode() & 0o7777, found.mtime(), found.mtime_nsec())
}

/// Bytes that differ from group to group.
fn bytes(count: usize, seed: u8) -> Vec<u8> {
    let mut state = blake3::Hasher::new();
    state.update(&[seed]);
    let mut bytes = vec![0; count];
    state.finalize_xof().fill(&mut bytes);
    bytes
}

/// True when the long form of a test is asked for (`LANDLINE_TEST_LONG=1`).
fn is_long() -> bool {
    std::env::var_os("LANDLINE_TEST_LONG").is_some_and(|value| value == "1")
}
