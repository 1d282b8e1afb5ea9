//! The folder that everything goes to, and the way down in it: always from a folder's handle to the
//! next part of a name, never through a symbolic link. It does not know what files are put there.

use std::collections::VecDeque;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use landline_frame::landline1::{Entry, Failure, Name};
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use super::errno::{not_replaced, unwritable};
use super::finish::{Finish, sync};
use super::made::Made;
use super::standing::{FileId, Standing};

/// How many folders may lie in one another. A name of 4,096 bytes could hold 2,048.
pub(super) const DEPTH_MAX: usize = 512;

/// How many folders are held open at once, beside the one that everything goes to: others are found
/// again when they are needed. One each.
const HANDLES_MAX: usize = 32;

/// How many folders that are done wait for their fsync(2): the first brings the others to the disk
/// with it. One handle each.
const UNSYNCED_MAX: usize = 32;

/// A folder in which something is to be put. It is [`Tree::release`]d once that is done.
pub(super) struct Folder {
    /// `None`: everything goes here.
    parent: Option<Arc<Folder>>,
    /// The last part of its name.
    part: Vec<u8>,
    /// Which one it is: another in its place is not it.
    id: FileId,
    /// What it becomes, if it was made here.
    finish: Option<Finish>,
    /// Whether something was put there, so that the folder has to be brought to the disk.
    is_changed: AtomicBool,
    handle: Mutex<Option<Arc<OwnedFd>>>,
}

impl Folder {
    /// Notes that something was put there.
    pub(super) fn note_change(&self) {
        self.is_changed.store(true, Ordering::Relaxed);
    }

    /// The device that it is on.
    pub(super) fn device(&self) -> u64 {
        self.id.device
    }

    fn open_handle(&self) -> Option<Arc<OwnedFd>> {
        let handle = self.handle.lock().unwrap_or_else(PoisonError::into_inner);
        handle.clone()
    }

    fn set_handle(&self, to: Option<Arc<OwnedFd>>) {
        *self.handle.lock().unwrap_or_else(PoisonError::into_inner) = to;
    }

    /// Its name, from the folder that everything goes to.
    fn name(&self) -> Name {
        let mut parts = vec![&self.part[..]];
        let mut above = self.parent.as_ref();
        while let Some(folder) = above.filter(|folder| folder.parent.is_some()) {
            parts.push(&folder.part);
            above = folder.parent.as_ref();
        }
        parts.reverse();
        Name::new(parts.join(&b'/')).unwrap_or_default()
    }
}

/// Where a name leads.
pub(super) enum Parent {
    /// Into this folder.
    Open(Arc<Folder>),
    /// Into a folder that was refused.
    Refused,
    /// Into one that was not announced just before.
    Stray,
}

/// The folder that everything goes to, and the one that the last entry was in.
pub(super) struct Tree {
    root: Arc<Folder>,
    /// From there down; `None` for a folder that was refused.
    way: Vec<(Vec<u8>, Option<Arc<Folder>>)>,
    /// Folders with an open handle, the one that was opened first at the front.
    open: VecDeque<Weak<Folder>>,
    made: Option<Made>,
    is_cut: bool,
    unsynced: Vec<(Name, Arc<OwnedFd>)>,
    failures: Vec<(Name, Failure)>,
}

impl Tree {
    /// Everything goes to `root`.
    pub(super) fn new(root: OwnedFd, made: Option<Made>) -> Result<Self, Errno> {
        let id = Standing::of(&root)?.id;
        let root = Arc::new(Folder {
            parent: None,
            part: Vec::new(),
            id,
            finish: None,
            is_changed: AtomicBool::new(false),
            handle: Mutex::new(Some(Arc::new(root))),
        });
        Ok(Self {
            root,
            way: Vec::new(),
            open: VecDeque::new(),
            made,
            is_cut: false,
            unsynced: Vec::new(),
            failures: Vec::new(),
        })
    }

    /// The folder that `name` is in. The folders on the way that it is not in are left for good.
    pub(super) fn parent_of(&mut self, name: &Name) -> Parent {
        let above = name.parts().count() - 1;
        let parts = name.parts().take(above);
        let same = parts
            .zip(&self.way)
            .take_while(|(part, step)| *part == step.0)
            .count();
        self.leave(same);
        match self.way.last() {
            _ if same < above => Parent::Stray,
            None => Parent::Open(self.root.clone()),
            Some((_, Some(folder))) => Parent::Open(folder.clone()),
            Some((_, None)) => Parent::Refused,
        }
    }

    /// Goes into a folder of `parent`, which is made unless it is there; which one it is.
    pub(super) fn enter(&mut self, parent: Arc<Folder>, entry: &Entry) -> Result<FileId, Failure> {
        let part = last_part(&entry.name);
        let entered = self.make(&parent, part, entry);
        self.release(parent);
        let step = entered.as_ref().ok().cloned();
        self.way.push((part.to_vec(), step));
        entered.map(|folder| folder.id)
    }

    /// Notes a folder that was refused: what is in it is, too.
    pub(super) fn shut(&mut self, name: &Name) {
        self.way.push((last_part(name).to_vec(), None));
    }

    /// The handle of a folder, found again if it was closed meanwhile.
    pub(super) fn handle(&mut self, folder: &Arc<Folder>) -> Result<Arc<OwnedFd>, Errno> {
        if let Some(handle) = folder.open_handle() {
            return Ok(handle);
        }
        let parent = folder.parent.as_ref().expect("the root is always open");
        let parent = self.handle(parent)?;
        let handle = open_folder(&parent, &folder.part)?;
        if Standing::of(&handle)?.id != folder.id {
            return Err(Errno::STALE);
        }
        Ok(self.hold_open(folder, handle))
    }

    /// Lets a folder go. With the last hold on it, nothing is put there any more: it gets what it is
    /// to have, and so may the folders that it is in.
    pub(super) fn release(&mut self, folder: Arc<Folder>) {
        let mut next = Some(folder);
        while let Some(folder) = next.and_then(|folder| self.last_hold(folder)) {
            next = folder.parent.clone();
        }
    }

    /// Leaves the whole way and brings every folder that was changed to the disk.
    pub(super) fn settle(&mut self) {
        self.leave(0);
        self.finish_doubtful();
        if self.root.is_changed.swap(false, Ordering::Relaxed)
            && let Some(handle) = self.root.open_handle()
        {
            self.unsynced.push((Name::default(), handle));
        }
        self.sync_all();
        if let Some(made) = &mut self.made {
            made.forget();
        }
    }

    /// The transfer ends before its end: folders keep the bits under which the next one can go on.
    pub(super) fn cut(&mut self) {
        self.is_cut = true;
    }

    /// Folders that could not be finished or brought to the disk.
    pub(super) fn take_failures(&mut self) -> Vec<(Name, Failure)> {
        std::mem::take(&mut self.failures)
    }

    fn leave(&mut self, depth: usize) {
        while self.way.len() > depth {
            let (_, folder) = self.way.pop().expect("it is longer");
            if let Some(folder) = folder {
                self.release(folder);
            }
        }
    }

    fn make(
        &mut self,
        parent: &Arc<Folder>,
        part: &[u8],
        entry: &Entry,
    ) -> Result<Arc<Folder>, Failure> {
        let name = &entry.name;
        if self.way.len() >= DEPTH_MAX {
            return Err(unwritable(name, Errno::NAMETOOLONG, false));
        }
        let failed = |error| match error {
            Errno::NOTDIR | Errno::LOOP => not_replaced("something that is no folder"),
            error => unwritable(name, error, false),
        };
        let above = self.handle(parent).map_err(failed)?;
        let mode = Mode::from_raw_mode(entry.mode & 0o777 | 0o700);
        let is_new = match rustix::fs::mkdirat(&*above, part, mode) {
            Ok(()) => true,
            Err(Errno::EXIST) => false,
            Err(error) => return Err(failed(error)),
        };
        let handle = open_folder(&above, part).map_err(failed)?;
        let standing = Standing::of(&handle).map_err(failed)?;
        // One that somebody put in its place meanwhile is not ours to change.
        let is_owner = standing.owner == rustix::process::geteuid().as_raw();
        let is_ours = is_owner && (is_new || self.takes_over(entry, &standing));
        if is_new {
            parent.note_change();
            if let Some(made) = &mut self.made {
                made.note(name, &standing);
            }
        }
        let folder = Arc::new(Folder {
            parent: Some(parent.clone()),
            part: part.to_vec(),
            id: standing.id,
            finish: is_ours.then(|| Finish::of(entry)),
            is_changed: AtomicBool::new(false),
            handle: Mutex::new(None),
        });
        self.hold_open(&folder, handle);
        Ok(folder)
    }

    /// Whether a transfer that was killed made it.
    fn takes_over(&mut self, entry: &Entry, standing: &Standing) -> bool {
        let made = self.made.as_mut();
        made.is_some_and(|made| made.take_over(&entry.name, standing, Finish::of(entry)))
    }

    /// Finishes folders that turn out to be of a transfer that was killed, the innermost first.
    fn finish_doubtful(&mut self) {
        let made = self.made.as_mut();
        let doubtful = made.map(Made::doubtful).unwrap_or_default();
        for (name, finish) in doubtful.into_iter().rev() {
            let Some(made) = &mut self.made else { return };
            // One that is gone, or another's by now, is nobody's business.
            let Some((handle, standing)) = self.root.open_handle().and_then(|it| find(it, &name))
            else {
                continue;
            };
            if made.is_noted(&name, &standing) {
                match finish.give_to_folder(&handle) {
                    Ok(()) => self.unsynced.push((name, handle)),
                    Err(error) => self.fail(name, error),
                }
            }
        }
    }

    fn hold_open(&mut self, folder: &Arc<Folder>, handle: OwnedFd) -> Arc<OwnedFd> {
        let handle = Arc::new(handle);
        folder.set_handle(Some(handle.clone()));
        self.open.push_back(Arc::downgrade(folder));
        while self.open.len() > HANDLES_MAX {
            let oldest = self.open.pop_front().expect("it is longer");
            if let Some(oldest) = oldest.upgrade() {
                oldest.set_handle(None);
            }
        }
        handle
    }

    /// Finishes a folder if this was the last hold on it.
    fn last_hold(&mut self, folder: Arc<Folder>) -> Option<Folder> {
        let is_last = Arc::strong_count(&folder) == 1 && folder.parent.is_some();
        let is_due = folder.finish.is_some() || folder.is_changed.load(Ordering::Relaxed);
        if is_last && is_due && !self.is_cut {
            let done = self.handle(&folder).and_then(|handle| {
                let finish = folder.finish.as_ref();
                finish.map_or(Ok(()), |finish| finish.give_to_folder(&handle))?;
                Ok(handle)
            });
            let name = folder.name();
            match done {
                Ok(handle) => self.unsynced.push((name, handle)),
                Err(error) => self.fail(name, error),
            }
            if self.unsynced.len() >= UNSYNCED_MAX {
                self.sync_all();
            }
        }
        Arc::into_inner(folder)
    }

    fn sync_all(&mut self) {
        for (name, handle) in std::mem::take(&mut self.unsynced) {
            if let Err(error) = sync(&handle) {
                self.fail(name, error);
            }
        }
    }

    fn fail(&mut self, name: Name, error: Errno) {
        let failure = unwritable(&name, error, false);
        self.failures.push((name, failure));
    }
}

/// The last part of a plain name: what it is called in its folder.
pub(super) fn last_part(name: &Name) -> &[u8] {
    name.parts().next_back().unwrap_or_default()
}

/// The folder `name` beneath another one, and what stands there.
fn find(root: Arc<OwnedFd>, name: &Name) -> Option<(Arc<OwnedFd>, Standing)> {
    let mut folder = root;
    for part in name.parts() {
        folder = Arc::new(open_folder(&folder, part).ok()?);
    }
    let standing = Standing::of(&*folder).ok()?;
    Some((folder, standing))
}

/// Opens a folder, and nothing else. One that may be written but not read (a mode of 0o300) is held
/// by its path: that is enough for names.
fn open_folder(parent: &OwnedFd, part: &[u8]) -> Result<OwnedFd, Errno> {
    let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let open = |flags| rustix::fs::openat(parent, part, flags, Mode::empty());
    match open(flags | OFlags::RDONLY) {
        Err(Errno::ACCESS) => open(flags | OFlags::PATH),
        opened => opened,
    }
}
