//! A folder as the place where a transfer goes: what is there is kept, what comes gets its name only
//! when it is whole, and nothing leads out of it. It does not know the line, nor who sends.

mod batch;
mod came;
mod claims;
mod content;
mod errno;
mod finish;
mod hashing;
mod ledger;
mod local;
mod made;
mod naming;
mod part;
mod part_check;
mod part_journal;
mod parts;
mod placed;
mod space;
mod standing;
mod tree;
mod verdict;

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use landline_frame::landline1::{Answer, Code, DigestKind, Entry, Failure};
use rustix::io::Errno;

use super::super::fold::Digester;
use super::placer::{Misplaced, Outcome, Placer, Settle, Settled, digest_differs};
use crate::stop::Stop;
use batch::{Batch, Waiting};
use content::{Content, Goal};
use errno::{clash, exists, unwritable};
use local::Local;
use made::Made;
use naming::{Given, Namer};
use parts::Parts;
use space::{Promise, Space};
use standing::Standing;
use tree::{Folder, Tree, last_part};

pub use claims::Claims;
pub use parts::{PART_SYNC_BYTES, RESUME_BYTES_MIN, boot_id};

/// How a folder takes what comes.
#[derive(Clone, Debug)]
pub struct Landing {
    /// How files are verified.
    pub digest: DigestKind,
    /// What stands there may be replaced, unless it is a folder or came in the same transfer.
    pub force: bool,
    /// A file of the same size is read and compared, and so is what came of one before.
    pub check: bool,
    /// The peer sees nothing of what is there: a name that is taken is refused, and no more said.
    pub sees_nothing: bool,
    /// Whose files they are: a part of one peer's is never another's.
    pub peer: String,
    /// Where the journals of parts are; without one nothing is resumed.
    pub journals: Option<PathBuf>,
    /// What the kernel calls its boot, as [`boot_id`] tells it. Without it only that counts which
    /// was brought to the disk.
    pub boot: Option<String>,
    /// How many bytes of a part come before it is brought to the disk: [`PART_SYNC_BYTES`].
    pub sync_bytes: u64,
    /// The parts that other transfers of the same program hold. One that a transfer of the same peer
    /// holds is taken over from it, if nothing comes of that any more.
    pub claims: Claims,
    /// Ends this transfer, when a later one takes its part over.
    pub stop: Stop,
}

impl Landing {
    /// For files of `peer`: what is there is kept, and nothing is resumed.
    pub fn new(digest: DigestKind, peer: impl Into<String>) -> Self {
        Self {
            digest,
            force: false,
            check: false,
            sees_nothing: false,
            peer: peer.into(),
            journals: None,
            boot: None,
            sync_bytes: PART_SYNC_BYTES,
            claims: Claims::default(),
            stop: Stop::new(),
        }
    }
}

/// A folder that a transfer goes to.
pub struct FolderPlacer {
    landing: Landing,
    tree: Tree,
    namer: Namer,
    space: Space,
    parts: Option<Parts>,
    /// Files that are wanted and have not begun.
    plans: VecDeque<Plan>,
    content: Option<Content>,
    batch: Batch,
    settled: VecDeque<Settled>,
}

/// A file that is wanted.
struct Plan {
    number: u64,
    entry: Arc<Entry>,
    folder: Arc<Folder>,
    promise: Promise,
    /// How many groups were offered.
    groups: u64,
    local: Option<Local>,
}

impl FolderPlacer {
    /// Everything goes to `root`, by its handle.
    ///
    /// # Errors
    /// The handle cannot be looked at.
    pub fn new(root: File, landing: Landing) -> io::Result<Self> {
        let parts = match &landing.journals {
            Some(journals) if landing.digest == DigestKind::Blake3 => Some(Parts {
                journals: journals.clone(),
                peer: landing.peer.clone(),
                boot: landing.boot.clone(),
                sync_bytes: landing.sync_bytes,
                claims: landing.claims.clone(),
                stop: landing.stop.clone(),
            }),
            _ => None,
        };
        let root = root.into();
        let journals = landing.journals.as_ref();
        let made = journals.and_then(|journals| Made::open(journals, &landing.peer, &root));
        Ok(Self {
            tree: Tree::new(root, made)?,
            namer: Namer::new(
                landing.force,
                landing.sees_nothing,
                landing.digest,
                landing.stop.clone(),
            ),
            landing,
            space: Space::default(),
            parts,
            plans: VecDeque::new(),
            content: None,
            batch: Batch::default(),
            settled: VecDeque::new(),
        })
    }

    /// The parts, for a file that has one.
    fn parts_for(&self, entry: &Entry) -> Option<&Parts> {
        self.parts.as_ref().filter(|_| Parts::fits(entry))
    }

    fn open_content(&mut self, plan: &Plan, groups: u64) -> Result<Content, Failure> {
        let entry = &plan.entry;
        let failed = |error| unwritable(&entry.name, error, false);
        let handle = self.tree.handle(&plan.folder).map_err(failed)?;
        let parts = self.parts_for(entry);
        if plan.local.is_none() && parts.is_some() {
            // Before much comes for nothing.
            let standing = Standing::at(&handle, last_part(&entry.name)).map_err(failed)?;
            let standing = standing.filter(|it| !self.namer.may_be_same(entry, it));
            if let Some(failure) = standing.and_then(|it| self.namer.keeps(entry, &it)) {
                return Err(failure);
            }
        }
        let (to, digester) = match &plan.local {
            Some(local) => self.goal_beside(entry, local, groups == plan.groups, &handle)?,
            None if groups == 0 => {
                let to = Goal::open(&handle, entry, parts).map_err(failed)?;
                (to, Digester::new(self.landing.digest))
            }
            None => match parts.map(|parts| parts.go_on(&handle, entry, groups)) {
                Some(Ok((part, fold))) => (Goal::Part(part), Digester::Blake3(Box::new(fold))),
                Some(Err(Errno::BUSY | Errno::AGAIN)) | None => return Err(taken_over(entry)),
                Some(Err(error)) => return Err(failed(error)),
            },
        };
        let (entry, folder) = (entry.clone(), plan.folder.clone());
        Ok(Content::new(plan.number, entry, folder, to, digester))
    }

    /// A file that is compared differs early on: what it has in common with the one that is there is
    /// taken from that one.
    fn take_common(&mut self, content: &mut Content, groups: u64) -> Result<(), Failure> {
        let failed = |error, kept| unwritable(&content.entry.name, error, kept);
        let handle = self.tree.handle(&content.folder);
        let handle = handle.map_err(|error| failed(error, false))?;
        let parts = self.parts_for(&content.entry);
        let done = content.write_anew(&handle, self.landing.digest, groups, parts);
        done.map_err(|error| {
            let kept = content.is_of_use();
            unwritable(&content.entry.name, error, kept)
        })
    }

    /// Where the bytes of a file go that is compared with one that is there.
    fn goal_beside(
        &self,
        entry: &Entry,
        local: &Local,
        is_all: bool,
        handle: &Arc<OwnedFd>,
    ) -> Result<(Goal, Digester), Failure> {
        let kind = self.landing.digest;
        match (self.may_replace(entry, local), is_all) {
            (false, true) => Ok((Goal::Nothing, local.digester(kind))),
            (false, false) => Err(self.differs(entry, local)),
            (true, false) => Ok((Goal::Nothing, Digester::new(kind))),
            // Without groups all of it comes, however much that is.
            (true, true) if kind == DigestKind::Sha256 => {
                let to = Goal::open(handle, entry, None);
                let to = to.map_err(|error| unwritable(&entry.name, error, false))?;
                Ok((to, Digester::new(kind)))
            }
            (true, true) => Ok((Goal::Tail(Vec::new()), local.digester(kind))),
        }
    }

    /// Whether a file that is compared may be replaced if it differs.
    fn may_replace(&self, entry: &Entry, local: &Local) -> bool {
        self.landing.force && !self.namer.came.holds(&entry.name, &local.standing)
    }

    /// The failure of a file that is compared, and differs.
    fn differs(&self, entry: &Entry, local: &Local) -> Failure {
        match self.namer.came.holds(&entry.name, &local.standing) {
            true => clash(&entry.name),
            false => exists(&entry.name, "stands there already, and differs"),
        }
    }

    /// Compares what came with what was sent, and with what is there; whether that is the same.
    fn verify(&mut self, content: &mut Content, digest: [u8; 32]) -> Result<bool, Failure> {
        let mut is_right = content.digest() == digest;
        if let Some(local) = content.local.as_ref().filter(|_| is_right) {
            let (is_same, groups) = (local.digest == digest, local.groups);
            match content.to {
                _ if is_same => {
                    self.namer.came.note_found(&content.entry, &local.standing);
                    content.be_useless();
                    return Ok(true);
                }
                Goal::Nothing => return Err(self.differs(&content.entry, local)),
                Goal::Tail(_) => {
                    self.take_common(content, groups)?;
                    // The one that is there may have changed meanwhile.
                    is_right = content.digest() == digest;
                }
                Goal::Nameless(_) | Goal::Part(_) => {}
            }
        }
        if !is_right {
            content.be_useless();
            return Err(digest_differs(&content.entry.name));
        }
        Ok(false)
    }

    /// Places what came, or tells of it when it cannot be.
    fn complete(&mut self, content: &mut Content, digest: [u8; 32]) -> Result<Done, Failure> {
        if self.verify(content, digest)? {
            return Ok(Done::Same);
        }
        let (entry, kept) = (content.entry.clone(), content.is_of_use());
        let failed = |error| unwritable(&entry.name, error, kept);
        let standing = content.complete().map_err(failed)?;
        let Goal::Part(part) = &mut content.to else {
            return Ok(Done::Waits(standing.id));
        };
        // In the order in which they came.
        self.settle_batch();
        part.sync().map_err(failed)?;
        let Self { tree, namer, .. } = self;
        let what = (standing.id, digest);
        let given = namer.give(tree, &content.folder, &entry, what, part);
        let is_twice = |failure: &Failure| failure.known() == Some(Code::NameTwice);
        if matches!(given, Ok(Given::Same)) || given.as_ref().is_err_and(is_twice) {
            part.be_useless();
        }
        Ok(match given? {
            Given::Placed => Done::Placed,
            Given::Same => Done::Same,
        })
    }

    fn settle_batch(&mut self) {
        let Self {
            batch,
            tree,
            namer,
            settled,
            ..
        } = self;
        batch.settle(tree, namer, |it| settled.push_back(it));
    }

    fn take_content(&mut self) -> Option<Content> {
        let mut content = self.content.take()?;
        self.space.keep(&mut content.promise, u64::MAX);
        Some(content)
    }

    fn drop_content(&mut self) {
        if let Some(mut content) = self.take_content() {
            content.catch_up();
            self.tree.release(content.folder);
        }
    }

    /// Lets `change` have the file that comes; a failure ends it.
    fn change_content(
        &mut self,
        bytes: u64,
        change: impl FnOnce(&mut Content) -> Result<(), Errno>,
    ) -> Result<(), Failure> {
        let Some(content) = &mut self.content else {
            return Ok(());
        };
        match change(content) {
            Ok(()) => {
                self.space.keep(&mut content.promise, bytes);
                Ok(())
            }
            Err(error) => {
                let kept = content.is_of_use();
                let failure = unwritable(&content.entry.name, error, kept);
                self.drop_content();
                Err(failure)
            }
        }
    }
}

/// What became of a file that came.
enum Done {
    Same,
    Placed,
    /// It waits for its name.
    Waits(standing::FileId),
}

fn taken_over(entry: &Entry) -> Failure {
    let shown = super::placer::shown(&entry.name);
    let sentence = format!("another transfer goes on with {shown} meanwhile");
    Failure::new(Code::TakenOver, sentence)
}

impl Placer for FolderPlacer {
    fn consider(&mut self, number: u64, entry: &Arc<Entry>) -> Result<Answer, Misplaced> {
        self.judge(number, entry)
    }

    fn begin(&mut self, number: u64, groups: u64) -> Result<(), Failure> {
        let is_next = self.plans.front().is_some_and(|plan| plan.number == number);
        let plan = is_next.then(|| self.plans.pop_front()).flatten();
        let Some(mut plan) = plan else {
            return Err(Failure::new(Code::Internal, "no such file is due"));
        };
        let differs = plan.local.is_some() && groups != plan.groups;
        let opened = self.open_content(&plan, groups).and_then(|mut content| {
            content.local = plan.local.take();
            if differs {
                self.take_common(&mut content, groups)?;
            }
            Ok(content)
        });
        let opened = opened.map(|mut content| {
            content.promise = std::mem::take(&mut plan.promise);
            self.content = Some(content);
        });
        self.space.keep(&mut plan.promise, u64::MAX);
        self.tree.release(plan.folder);
        opened
    }

    fn write(&mut self, bytes: &Bytes) -> Result<(), Failure> {
        self.change_content(bytes.len() as u64, |content| content.write(bytes))
    }

    fn hole(&mut self, bytes: u64) -> Result<(), Failure> {
        self.change_content(0, |content| content.hole(bytes))
    }

    fn finish(&mut self, digest: [u8; 32]) {
        let Some(mut content) = self.take_content() else {
            return;
        };
        let done = self.complete(&mut content, digest);
        let size = content.size();
        let Content {
            number,
            entry,
            folder,
            to,
            ..
        } = content;
        let outcome = match (done, to) {
            (Ok(Done::Waits(id)), Goal::Nameless(file)) => {
                self.batch.push(Waiting {
                    number,
                    entry,
                    folder,
                    file,
                    id,
                    size,
                    digest,
                });
                if self.batch.is_full() {
                    self.settle_batch();
                }
                return;
            }
            (Ok(Done::Same), _) => Outcome::Same(digest),
            (Ok(_), _) => Outcome::Placed(digest),
            (Err(failure), _) => Outcome::Failed(failure),
        };
        self.tree.release(folder);
        self.settled.push_back(Settled {
            entry: Some(number),
            name: entry.name.clone(),
            size,
            outcome,
        });
    }

    fn give_up(&mut self, number: u64, why: &Failure) {
        let came = self.content.as_mut().filter(|it| it.number == number);
        if let Some(content) = came {
            // What is sent of it next time is another state of it.
            if why.known() == Some(Code::SourceChanged) {
                content.be_useless();
            }
            self.drop_content();
            return;
        }
        let plans = self.plans.iter();
        let at = plans.take_while(|plan| plan.number != number).count();
        if let Some(mut plan) = self.plans.remove(at) {
            self.space.keep(&mut plan.promise, u64::MAX);
            self.tree.release(plan.folder);
        }
    }

    fn settle(&mut self, when: Settle) {
        self.settle_batch();
        match when {
            Settle::Idle => {}
            Settle::Cut => {
                self.tree.cut();
                self.drop_content();
            }
            Settle::Ended => self.tree.settle(),
        }
    }

    fn settled(&mut self) -> Option<Settled> {
        for (name, failure) in self.tree.take_failures() {
            self.settled.push_back(Settled {
                entry: None,
                name,
                size: 0,
                outcome: Outcome::Failed(failure),
            });
        }
        self.settled.pop_front()
    }
}
