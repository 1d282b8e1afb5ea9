//! What a folder wants of an entry, by what stands at its name. It does not know how a file is
//! written.

use std::os::fd::OwnedFd;
use std::sync::Arc;

use landline_frame::landline1::{Answer, Code, Entry, EntryKind, Failure};

use super::super::placer::{Misplaced, shown};
use super::errno::{clash, not_replaced, unwritable};
use super::local::Local;
use super::parts::Offer;
use super::space::Promise;
use super::standing::Standing;
use super::tree::{Folder, Parent, last_part};
use super::{FolderPlacer, Landing, Plan};

/// What is wanted of a file, and what for.
enum Verdict {
    Refuse(Failure),
    Skip,
    Want(Wanted),
}

/// How a file is wanted: after what is there of it, if anything is.
#[derive(Default)]
struct Wanted {
    groups: u64,
    subtrees: Vec<[u8; 32]>,
    promise: Promise,
    local: Option<Local>,
}

impl FolderPlacer {
    /// What is wanted of an entry.
    pub(super) fn judge(&mut self, number: u64, entry: &Arc<Entry>) -> Result<Answer, Misplaced> {
        let name = &entry.name;
        let folder = match self.tree.parent_of(name) {
            Parent::Open(folder) => folder,
            Parent::Refused => {
                if entry.kind == EntryKind::Folder {
                    self.tree.shut(name);
                }
                let why = format!("{} lies in a folder that was not taken", shown(name));
                return Ok(Answer::Refuse(Failure::new(Code::Unwritable, why)));
            }
            Parent::Stray => {
                let why = format!("{} does not follow its folder", shown(name));
                return Err(Misplaced(why));
            }
        };
        Ok(match entry.kind {
            EntryKind::Folder => self.judge_folder(entry, folder),
            EntryKind::File => self.judge_file(number, entry, folder),
            EntryKind::Link | EntryKind::Other => {
                self.tree.release(folder);
                let why = format!("{} is neither a file nor a folder", shown(name));
                Answer::Refuse(Failure::new(Code::NotRegular, why))
            }
        })
    }

    fn judge_folder(&mut self, entry: &Entry, folder: Arc<Folder>) -> Answer {
        if self.was_file(entry, &folder) {
            self.tree.release(folder);
            self.tree.shut(&entry.name);
            return Answer::Refuse(clash(&entry.name));
        }
        match self.tree.enter(folder, entry) {
            Ok(id) => {
                self.namer.came.note_folder(id);
                Answer::Want
            }
            Err(failure) => Answer::Refuse(failure),
        }
    }

    /// Whether a file of a folder's name came before.
    fn was_file(&mut self, entry: &Entry, folder: &Arc<Folder>) -> bool {
        let (name, came) = (&entry.name, &self.namer.came);
        if came.coming(name).is_some() {
            return true;
        }
        let handle = self.tree.handle(folder).ok();
        let standing = handle.and_then(|handle| Standing::at(&handle, last_part(name)).ok()?);
        standing.is_some_and(|it| it.is_file() && came.holds(name, &it))
    }

    fn judge_file(&mut self, number: u64, entry: &Arc<Entry>, folder: Arc<Folder>) -> Answer {
        let wanted = match self.verdict(entry, &folder) {
            Verdict::Want(wanted) => wanted,
            Verdict::Skip => {
                self.tree.release(folder);
                return Answer::Skip;
            }
            Verdict::Refuse(failure) => {
                self.tree.release(folder);
                return Answer::Refuse(failure);
            }
        };
        self.namer.came.note_coming(entry);
        self.plans.push_back(Plan {
            number,
            entry: entry.clone(),
            folder,
            promise: wanted.promise,
            groups: wanted.groups,
            local: wanted.local,
        });
        match wanted.groups {
            0 => Answer::Want,
            groups => Answer::Resume {
                groups,
                values: wanted.subtrees,
            },
        }
    }

    fn verdict(&mut self, entry: &Entry, folder: &Arc<Folder>) -> Verdict {
        let name = &entry.name;
        let failed = |error| Verdict::Refuse(unwritable(name, error, false));
        let handle = match self.tree.handle(folder) {
            Ok(handle) => handle,
            Err(error) => return failed(error),
        };
        if let Some(before) = self.namer.came.coming(name) {
            return self.again(entry, folder, &handle, &before);
        }
        let look = || Standing::at(&handle, last_part(name));
        let mut found = look();
        let parts = self.parts_for(entry).filter(|_| matches!(found, Ok(None)));
        if parts.is_some_and(|parts| parts.free(&handle, entry)) {
            // Whoever had the part may have placed it instead of letting go.
            found = look();
        }
        let standing = match found {
            Ok(None) => return self.want_rest(entry, folder, &handle),
            Ok(Some(standing)) => standing,
            Err(error) => return failed(error),
        };
        self.beside(entry, folder, &handle, &standing)
    }

    /// What is wanted of a file whose name has another one that is on its way still.
    fn again(
        &mut self,
        entry: &Entry,
        folder: &Arc<Folder>,
        handle: &OwnedFd,
        before: &Entry,
    ) -> Verdict {
        let is_like = entry.size.is_some() && entry.size == before.size;
        let is_like = is_like && entry.mtime == before.mtime;
        let is_it = entry.source.is_some() && entry.source == before.source;
        match is_like {
            false => Verdict::Refuse(clash(&entry.name)),
            true if is_it && !self.landing.check => Verdict::Skip,
            // Both are compared once both have come.
            true => self.want(entry, folder, handle, None),
        }
    }

    /// What is wanted of a file where something stands.
    fn beside(
        &mut self,
        entry: &Entry,
        folder: &Arc<Folder>,
        handle: &Arc<OwnedFd>,
        standing: &Standing,
    ) -> Verdict {
        let came = &self.namer.came;
        let came_before = came.holds(&entry.name, standing);
        let is_same_size = standing.is_file() && entry.size == Some(standing.size);
        if is_same_size && (came_before || !self.landing.sees_nothing) {
            if self.landing.check {
                return self.compare(entry, handle, standing);
            }
            if standing.is_like(entry) {
                // Two sources may well be of one size and one second.
                if came_before && !came.is_of(entry, standing) {
                    return self.want(entry, folder, handle, None);
                }
                if let Some(parts) = self.parts_for(entry) {
                    parts.forget(handle, entry);
                }
                if !came_before {
                    self.namer.came.note_found(entry, standing);
                }
                return Verdict::Skip;
            }
        }
        match self.namer.keeps(entry, standing) {
            Some(failure) => Verdict::Refuse(failure),
            None => self.want_rest(entry, folder, handle),
        }
    }

    /// Wants a file, or what is left of it, if there is room.
    fn want_rest(&mut self, entry: &Entry, folder: &Arc<Folder>, handle: &Arc<OwnedFd>) -> Verdict {
        let parts = self.parts_for(entry);
        let offer = parts.and_then(|parts| parts.offer(handle, entry, self.landing.check));
        self.want(entry, folder, handle, offer)
    }

    /// Wants a file behind what is there of it, if there is room.
    fn want(
        &mut self,
        entry: &Entry,
        folder: &Arc<Folder>,
        handle: &OwnedFd,
        offer: Option<Offer>,
    ) -> Verdict {
        let size = entry.size.unwrap_or(0);
        let to_store = entry.stored.map_or(size, |stored| stored.min(size));
        let stored = offer.as_ref().map_or(0, |offer| offer.stored);
        let missing = to_store.saturating_sub(stored);
        let device = folder.device();
        match self.space.promise(handle, device, &entry.name, missing) {
            Err(failure) => Verdict::Refuse(failure),
            Ok(promise) => Verdict::Want(Wanted {
                promise,
                groups: offer.as_ref().map_or(0, |offer| offer.groups),
                subtrees: offer.map_or_else(Vec::new, |offer| offer.subtrees),
                local: None,
            }),
        }
    }

    /// Reads what is there, so that both can be compared.
    fn compare(&mut self, entry: &Entry, handle: &Arc<OwnedFd>, standing: &Standing) -> Verdict {
        let part = last_part(&entry.name);
        let Landing { digest, stop, .. } = &self.landing;
        match Local::read(handle, part, standing, *digest, stop) {
            Ok(local) => Verdict::Want(Wanted {
                groups: local.groups,
                subtrees: local.subtrees.clone(),
                promise: Promise::default(),
                local: Some(local),
            }),
            Err(error) => {
                let why = std::io::Error::from(error);
                let what = format!("a file that cannot be compared ({why})");
                Verdict::Refuse(not_replaced(&what))
            }
        }
    }
}
