//! From a path with patterns to the paths that it stands for, sorted. It does not know what is done
//! with them.

use landline_frame::landline1::{Code, Failure};

use crate::stop::Stop;
use crate::transfer::find::asked::{push, shown};
use crate::transfer::find::folder::{Batch, Folder};
use crate::transfer::find::glob::Glob;
use crate::transfer::find::ground::Ground;

/// How many bytes the names that match at once may take: 16 MiB, some 300,000 names.
pub(super) const MATCHES_BYTES_MAX: usize = 16 * 1024 * 1024;

/// What a name takes beside its bytes.
const NAME_BYTES: usize = size_of::<Vec<u8>>();

/// The paths that one path stands for.
///
/// Each part is matched in each folder that the parts before it led to, one after the other: what is
/// held is the names that are still to be gone into, and no folder.
#[derive(Debug)]
pub(super) struct Expansion {
    ground: Ground,
    asked: Vec<u8>,
    parts: Vec<Vec<u8>>,
    levels: Vec<Level>,
    held_bytes: usize,
    batch: Batch,
    stop: Stop,
    state: State,
}

/// What matched one part in one folder.
#[derive(Debug)]
struct Level {
    /// Which part follows.
    next_part: usize,
    folder: Vec<u8>,
    names: std::vec::IntoIter<Vec<u8>>,
}

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    New,
    /// Nothing was given yet.
    Empty,
    Given,
    Ended,
}

/// Where a path leads, as far as it was followed.
enum Step {
    Path(Vec<u8>),
    /// It goes on in a level that was pushed, or nowhere.
    Deeper,
}

impl Expansion {
    /// Of a path with plain parts, beneath a share.
    pub(super) fn new(ground: Ground, asked: Vec<u8>, stop: Stop) -> Self {
        let parts = asked.split(|byte| *byte == b'/').map(<[u8]>::to_vec);
        Self {
            ground,
            parts: parts.collect(),
            asked,
            levels: Vec::new(),
            held_bytes: 0,
            batch: Batch::default(),
            stop,
            state: State::New,
        }
    }

    /// What was asked for.
    pub(super) fn asked(&self) -> &[u8] {
        &self.asked
    }

    fn start(&mut self) -> Option<Result<Vec<u8>, Failure>> {
        self.state = State::Empty;
        match self.follow(Vec::new(), 0) {
            Ok(Step::Path(path)) => {
                self.state = State::Ended;
                Some(Ok(path))
            }
            Ok(Step::Deeper) => None,
            Err(failure) => Some(Err(self.end(failure))),
        }
    }

    /// Goes on from `path` with the parts from `part` on.
    fn follow(&mut self, mut path: Vec<u8>, part: usize) -> Result<Step, Failure> {
        let is_first = self.levels.is_empty();
        for at in part..self.parts.len() {
            let text = &self.parts[at];
            let before = path.len();
            push(&mut path, text);
            if !Glob::is_in(text) || self.ground.look_at_link(&path).is_ok() {
                continue;
            }
            path.truncate(before);
            match self.matches(&path, at) {
                Ok(names) => self.levels.push(Level {
                    next_part: at + 1,
                    folder: path,
                    names: names.into_iter(),
                }),
                Err(failure) if is_first || self.held_bytes > MATCHES_BYTES_MAX => {
                    return Err(failure);
                }
                // As in a shell: a match that is no folder, or cannot be read, has nothing in it.
                Err(_) => {}
            }
            return Ok(Step::Deeper);
        }
        // Only what is there is a match.
        let is_named = is_first || part == self.parts.len();
        if is_named || self.ground.look_at_link(&path).is_ok() {
            return Ok(Step::Path(path));
        }
        Ok(Step::Deeper)
    }

    /// The names in a folder that match a part, sorted.
    fn matches(&mut self, folder: &[u8], part: usize) -> Result<Vec<Vec<u8>>, Failure> {
        let glob = Glob::new(&self.parts[part]);
        let mut folder = Folder::new(self.ground.folder(folder)?);
        let mut names = Vec::new();
        while let Some(Ok(name)) = folder.next(&mut self.batch) {
            let name = name.as_bytes();
            if !glob.matches(name) {
                continue;
            }
            self.held_bytes += name.len() + NAME_BYTES;
            if self.held_bytes > MATCHES_BYTES_MAX {
                let message = format!("{}: more match than can be sorted", shown(&self.asked));
                return Err(Failure::new(Code::PathRefused, message));
            }
            names.push(name.to_vec());
        }
        names.sort_unstable();
        Ok(names)
    }

    fn end(&mut self, failure: Failure) -> Failure {
        self.levels.clear();
        self.state = State::Ended;
        failure
    }
}

impl Iterator for Expansion {
    type Item = Result<Vec<u8>, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.state == State::New
            && let Some(found) = self.start()
        {
            return Some(found);
        }
        while let Some(level) = self.levels.last_mut() {
            let Some(name) = level.names.next() else {
                self.levels.pop();
                continue;
            };
            if self.stop.is_cancelled() {
                self.levels.clear();
                return None;
            }
            self.held_bytes -= name.len() + NAME_BYTES;
            let (mut path, part) = (level.folder.clone(), level.next_part);
            push(&mut path, &name);
            match self.follow(path, part) {
                Ok(Step::Path(path)) => {
                    self.state = State::Given;
                    return Some(Ok(path));
                }
                Ok(Step::Deeper) => {}
                Err(failure) => return Some(Err(self.end(failure))),
            }
        }
        if self.state != State::Empty {
            return None;
        }
        let message = format!("{}: nothing matches", shown(&self.asked));
        Some(Err(self.end(Failure::new(Code::PathMissing, message))))
    }
}
