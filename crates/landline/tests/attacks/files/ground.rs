//! Where files of a test are: the folder that things go to and what is beside it, and that nothing of
//! it has changed but what may.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::stand::{Line, Opponent, Recorder, Serving, Stand, sentence, soon};

/// What may be said besides: that it goes on, and what came of it in all.
const NOTES: [&str; 3] = [
    "what is whole stands, and the same command goes on",
    "nothing had to be moved",
    "; not there: 1",
];

/// The bytes of a journal's head.
const HEAD: u64 = 128;

/// The bytes of what a journal knows of one group.
const RECORD: u64 = 40;

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    File(u32, Vec<u8>),
    Folder(u32),
    Link(PathBuf),
}

/// All that stands below a folder, by path.
pub(super) type All = Vec<(PathBuf, Seen)>;

/// The stand, with folders beside the homes.
pub(super) struct Ground {
    pub(super) stand: Stand,
}

impl Ground {
    /// With a folder `here` in which `kept` stands, and a folder `outside` with `secret` in it.
    pub(super) fn new() -> Self {
        let ground = Self {
            stand: Stand::new(),
        };
        for (path, content) in [("here/kept", "kept"), ("outside/secret", "secret")] {
            ground.write(path, content);
        }
        ground
    }

    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.stand.path().join(path)
    }

    /// Writes a file, and the folders that it needs.
    pub(super) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a free name");
        fs::write(path, content).expect("it is ours");
    }

    /// All that stands beside the homes, and the journals of parts within them: not which folders a
    /// transfer has made that was broken off, of which the next one is told there.
    pub(super) fn seen(&self) -> All {
        let mut all = below(&self.stand.path());
        all.retain(|(path, _)| {
            if path.to_string_lossy().ends_with(".folders.journal") {
                return false;
            }
            let mut parts = path.components().map(|it| it.as_os_str());
            let is_home = parts
                .next()
                .is_some_and(|it| it == "caller" || it == "server");
            let within = parts.next();
            !is_home || within.is_some_and(|it| it == "journals") && parts.next().is_some()
        });
        all
    }

    /// A server of the folder `here`, and the right that the caller has there.
    pub(super) fn serve(&self, access: &str) -> Serving {
        let here = self.path("here");
        let here = here.to_str().expect("a plain path");
        let serving = self.stand.serve(&[here]);
        let right = format!("files:{access}:{here}");
        self.stand.join(&serving, &["echo", &right]);
        serving
    }

    /// A line of `who` to the server, greeted.
    pub(super) async fn line(&self, who: &str, serving: &Serving) -> Line {
        let opponent = Opponent::of(&self.stand.identity(who));
        let (line, greeting) = opponent.greet(&serving.address).await;
        assert_eq!(greeting["known"], true, "{who}");
        line
    }

    /// Runs `landline get` from `fake` to the folder `here`, which must fail; gives what it said, a
    /// sentence a line, without what it always says in the end.
    pub(super) async fn get_fails(&self, row: &str, fake: &Recorder) -> Vec<String> {
        let words = ["get", &fake.address, "asked", "--to", "here"];
        let ran = soon(self.stand.run("caller", &words, "")).await;
        let (code, err) = (ran.code, &ran.err);
        assert_eq!((code, &ran.out[..]), (255, &b""[..]), "{row}: {err}");
        let sentences = sentence(err).lines().inspect(|line| {
            sentence(line);
        });
        let is_note = |line: &str| NOTES.iter().any(|note| line.contains(note));
        let said = sentences.filter(|line| !is_note(line));
        said.map(str::to_owned).collect()
    }
}

/// How many groups of parts the journals in this folder know of.
pub(super) fn groups_kept(journals: &Path) -> u64 {
    let files = fs::read_dir(journals).into_iter().flatten().flatten();
    let bytes = files.filter_map(|file| Some(file.metadata().ok()?.len()));
    bytes.map(|bytes| bytes.saturating_sub(HEAD) / RECORD).sum()
}

/// What stands in `after` and not so in `before`, or the other way round.
pub(super) fn changed(before: &All, after: &All) -> Vec<PathBuf> {
    let new = after.iter().filter(|it| !before.contains(it));
    let gone = before.iter().filter(|it| !after.contains(it));
    let mut paths: Vec<PathBuf> = new.chain(gone).map(|(path, _)| path.clone()).collect();
    paths.sort();
    paths.dedup();
    paths
}

/// All that stands below a folder, without a step through a link.
pub(super) fn below(folder: &Path) -> All {
    let mut all = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("it can be read").path();
            let found = fs::symlink_metadata(&path).expect("it is there");
            let mode = found.mode() & 0o7777;
            let seen = match found.file_type() {
                kind if kind.is_symlink() => Seen::Link(fs::read_link(&path).expect("a link")),
                kind if kind.is_dir() => Seen::Folder(mode),
                _ => Seen::File(mode, fs::read(&path).expect("it is ours")),
            };
            if let Seen::Folder(_) = seen {
                open.push(path.clone());
            }
            let relative = path.strip_prefix(folder).expect("it is in there");
            all.push((relative.to_owned(), seen));
        }
    }
    all.sort_by(|(left, _), (right, _)| left.cmp(right));
    all
}
