//! What the paths of a call stand for, one entry after the other: a folder before what is in it. It
//! does not know who is told, and reads no file.

use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use cap_std::fs::Dir;
use landline_frame::landline1::{Code, Entry, EntryKind, Failure, Mtime, NAME_BYTES_MAX, Name};

use crate::stop::Stop;
use crate::transfer::find::asked;
use crate::transfer::find::descent::{Descent, Purpose};
use crate::transfer::find::expand::Expansion;
use crate::transfer::find::glob::Glob;
use crate::transfer::find::ground::Ground;
use crate::transfer::find::share::Shares;
use crate::transfer::find::source::Source;

/// Something that was found.
#[derive(Debug)]
pub struct Found {
    /// What is told of it.
    pub entry: Entry,
    /// Where its bytes come from, if it is a file to be sent.
    pub source: Option<Source>,
}

/// An iterator over all that the paths of a call stand for.
///
/// It holds the folders on the way to where it is, and 16 KiB of names of each, however much there is.
#[derive(Debug)]
pub struct Walk {
    asked: std::vec::IntoIter<Asked>,
    /// The number of the path that comes next.
    next_ask: u32,
    named: Option<Named>,
    descent: Descent,
    is_list: bool,
    is_inside: bool,
    /// Names of a listing begin in the folder that was asked for.
    is_alone: bool,
    stop: Stop,
}

/// A path of the call.
#[derive(Debug)]
enum Asked {
    /// Beneath a share.
    Shared {
        root: Arc<Dir>,
        path: Vec<u8>,
        is_content: bool,
    },
    /// On this machine.
    Local(Vec<u8>),
    /// It can mean nothing.
    Failed(Name, Failure),
}

/// What a path stands for by itself, before anything is gone into.
#[derive(Debug)]
struct Named {
    ground: Ground,
    paths: Paths,
    is_content: bool,
}

#[derive(Debug)]
enum Paths {
    One(Option<Vec<u8>>),
    Pattern(Box<Expansion>),
}

impl Found {
    pub(super) fn of(entry: Entry) -> Self {
        Self {
            entry,
            source: None,
        }
    }

    /// What was asked for and is not there, or cannot be told of.
    pub fn failed(name: Name, ask: u32, failure: Failure) -> Self {
        Self::of(Entry {
            name,
            kind: EntryKind::Other,
            ask,
            size: None,
            stored: None,
            mode: 0,
            mtime: Mtime::default(),
            source: None,
            passed_over: Some(failure),
        })
    }

    /// Bytes until they end, such as standard input, to be called `name`: a file made now, as a program
    /// of this account would make it.
    pub fn stream(name: Name, ask: u32, file: impl Into<OwnedFd>) -> Self {
        Self {
            entry: Entry {
                name,
                kind: EntryKind::File,
                ask,
                size: None,
                stored: None,
                mode: 0o666 & !umask().unwrap_or(0o022),
                mtime: now(),
                source: None,
                passed_over: None,
            },
            source: Some(Source::stream(file)),
        }
    }
}

/// What new files of this process are denied (umask(2)), as proc(5) tells it: asking the kernel itself
/// changes it.
fn umask() -> Option<u32> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("Umask:"))?;
    u32::from_str_radix(line.trim(), 8).ok()
}

fn now() -> Mtime {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = now.unwrap_or_default();
    Mtime {
        s: i64::try_from(now.as_secs()).unwrap_or(i64::MAX),
        ns: now.subsec_nanos(),
    }
}

impl Walk {
    /// All that `paths` stand for, to be sent: paths of shares, which may be patterns. What they name
    /// may be reached over links beneath the share; in folders, links are passed over.
    pub fn shared(shares: &Shares, paths: &[Name]) -> Self {
        let asked = paths.iter().map(|path| match shares.find_asked(path) {
            Ok((share, path, is_content)) => Asked::Shared {
                root: share.root().clone(),
                path,
                is_content,
            },
            Err(failure) => Asked::Failed(entry_name(path.as_bytes()), failure),
        });
        Self::new(asked.collect())
    }

    /// All that paths of this machine stand for, to be sent. Links that are named are followed; in
    /// folders they are passed over.
    pub fn local(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        let asked = paths.into_iter().map(|path| {
            let path = path.into_os_string().into_vec();
            match refused_locally(&path) {
                None => Asked::Local(path),
                Some(failure) => Asked::Failed(entry_name(&path), failure),
            }
        });
        Self::new(asked.collect())
    }

    /// What there is at `paths`, to be told of: what is in a folder (`is_inside`), one level of it, or
    /// else the thing itself. Links are told of as such.
    pub fn list(shares: &Shares, paths: &[Name], is_inside: bool) -> Self {
        let is_alone = match paths {
            [path] => !path.parts().any(Glob::is_in),
            _ => false,
        };
        Self {
            is_list: true,
            is_inside,
            is_alone,
            ..Self::shared(shares, paths)
        }
    }

    /// Ends early once `stop` is said. That matters where it searches for long and finds nothing.
    pub fn until(mut self, stop: Stop) -> Self {
        self.stop = stop;
        self
    }

    fn new(asked: Vec<Asked>) -> Self {
        Self {
            asked: asked.into_iter(),
            next_ask: 0,
            named: None,
            descent: Descent::default(),
            is_list: false,
            is_inside: false,
            is_alone: false,
            stop: Stop::new(),
        }
    }

    fn ask(&self) -> u32 {
        self.next_ask.saturating_sub(1)
    }

    /// Takes up the next path of the call. `None`: there is none.
    fn begin(&mut self) -> Option<Result<(), Found>> {
        let asked = self.asked.next()?;
        let ask = self.next_ask;
        self.next_ask += 1;
        self.named = Some(match asked {
            Asked::Failed(name, failure) => return Some(Err(Found::failed(name, ask, failure))),
            Asked::Local(path) => Named {
                ground: Ground::Machine,
                is_content: asked::means_content(&path),
                paths: Paths::One(Some(path)),
            },
            Asked::Shared {
                root,
                path,
                is_content,
            } => {
                let ground = Ground::Beneath(root);
                let has_pattern = path.split(|byte| *byte == b'/').any(Glob::is_in);
                let paths = if has_pattern {
                    let expansion = Expansion::new(ground.clone(), path, self.stop.clone());
                    Paths::Pattern(Box::new(expansion))
                } else {
                    Paths::One(Some(path))
                };
                Named {
                    ground,
                    paths,
                    is_content,
                }
            }
        });
        Some(Ok(()))
    }

    /// What a path names; nothing where only what is in it is meant.
    fn look(&mut self, ground: &Ground, path: &[u8], is_content: bool) -> Option<Found> {
        let ask = self.ask();
        let name = entry_name(path);
        if self.is_list {
            return self.look_to_list(ground, path, name, is_content);
        }
        let facts = match ground.look(path) {
            Ok(facts) => facts,
            Err(failure) => return Some(Found::failed(name, ask, failure)),
        };
        let mut found = Found::of(facts.entry(name, ask));
        match facts.kind() {
            EntryKind::File => found.source = Some(ground.source(path, &facts)),
            EntryKind::Folder => match ground.folder(path) {
                Ok(folder) if is_content => {
                    self.descent.start(folder, b"");
                    return None;
                }
                Ok(folder) => self.descent.start(folder, found.entry.name.as_bytes()),
                Err(failure) => found.entry.passed_over = Some(failure),
            },
            EntryKind::Link | EntryKind::Other => found.entry.passed_over = facts.not_sent(),
        }
        Some(found)
    }

    fn look_to_list(
        &mut self,
        ground: &Ground,
        path: &[u8],
        name: Name,
        is_content: bool,
    ) -> Option<Found> {
        let ask = self.ask();
        let looked = if self.is_inside {
            // A link that leads nowhere, or out, is a link.
            ground.look(path).or_else(|failure| {
                let link = ground.look_at_link(path);
                link.ok()
                    .filter(|it| it.kind() == EntryKind::Link)
                    .ok_or(failure)
            })
        } else {
            ground.look_at_link(path)
        };
        let facts = match looked {
            Ok(facts) => facts,
            Err(failure) => return Some(Found::failed(name, ask, failure)),
        };
        let mut found = Found::of(facts.entry(name, ask));
        if !self.is_inside || facts.kind() != EntryKind::Folder {
            return Some(found);
        }
        match ground.folder(path) {
            Ok(folder) => {
                let is_bare = self.is_alone || is_content;
                let name = found.entry.name.as_bytes();
                self.descent.start(folder, if is_bare { b"" } else { name });
                None
            }
            Err(failure) => {
                found.entry.passed_over = Some(failure);
                Some(found)
            }
        }
    }

    /// The next path that is named, if the path of the call that is at hand names one more.
    fn next_named(&mut self) -> Option<Option<Found>> {
        let mut named = self.named.take()?;
        let path = match &mut named.paths {
            Paths::One(path) => path.take().map(Ok),
            Paths::Pattern(expansion) => expansion.next(),
        };
        let found = match path? {
            Ok(path) => self.look(&named.ground, &path, named.is_content),
            Err(failure) => {
                let name = match &named.paths {
                    Paths::Pattern(expansion) => entry_name(expansion.asked()),
                    Paths::One(_) => entry_name(b""),
                };
                Some(Found::failed(name, self.ask(), failure))
            }
        };
        self.named = Some(named);
        Some(found)
    }
}

impl Iterator for Walk {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        let purpose = if self.is_list {
            Purpose::Tell
        } else {
            Purpose::Send
        };
        loop {
            if self.stop.is_cancelled() {
                return None;
            }
            let ask = self.ask();
            if let Some(found) = self.descent.next(ask, purpose) {
                return Some(found);
            }
            match self.next_named() {
                Some(Some(found)) => return Some(found),
                Some(None) => {}
                None => {
                    if let Err(found) = self.begin()? {
                        return Some(found);
                    }
                }
            }
        }
    }
}

/// Why a path of this machine can be sent under no name.
fn refused_locally(path: &[u8]) -> Option<Failure> {
    let what = if path.is_empty() {
        "a path is empty"
    } else if path.contains(&0) {
        "no path has a NUL"
    } else if asked::last_written(path).is_empty() {
        "/ has no name to be sent under"
    } else {
        return None;
    };
    Some(Failure::new(Code::PathRefused, what))
}

/// What that which a path names is called as an entry. A path of this machine may be longer than any
/// name on the wire, but no file system has a part that is.
fn entry_name(path: &[u8]) -> Name {
    let mut name = asked::entry_name(path);
    name.truncate(NAME_BYTES_MAX);
    Name::new(name).expect("it is short and has no NUL")
}

#[cfg(test)]
mod tests;
