//! What comes of a list, from its first entry to its last: held until it is sorted, and where that is too
//! much, told in sorted pieces. It does not know how a line looks.

use std::io;
use std::ops::ControlFlow;

use landline::frame::landline1::{Entry, EntryKind, Failure, Mtime, Name};

use super::shown::{Lines, object};
use crate::cli::ui::Ui;
use crate::cli::verbs::far_path;
use crate::cli::verbs::files::{Deed, Objects, failed};

/// How much is held to be sorted, in bytes: 32 MiB, as 300,000 names take. What a server says has no
/// end of its own.
const HELD_BYTES_MAX: usize = 32 * 1024 * 1024;

/// What an allocation costs beside its bytes.
const ALLOCATION_BYTES: usize = 16;

/// What is told of an entry.
pub(super) struct Item {
    pub(super) name: Name,
    pub(super) kind: EntryKind,
    pub(super) mode: u32,
    pub(super) size: Option<u64>,
    pub(super) mtime: Mtime,
}

/// To whom it is told.
pub(super) struct Teller<'a> {
    pub(super) ui: &'a Ui,
    pub(super) deed: &'a Deed,
    pub(super) objects: Option<&'a Objects>,
    pub(super) lines: Lines,
}

/// What comes of a list.
pub(super) struct Listing<'a> {
    asked: &'a [Name],
    teller: Teller<'a>,
    held: Held,
    /// Whether some of it was told before all had come.
    is_in_pieces: bool,
    failed: u64,
    /// Why nothing more can be told.
    broken: Option<io::Error>,
}

/// What is not told yet.
#[derive(Default)]
struct Held {
    items: Vec<Item>,
    failed: Vec<(Name, Failure)>,
    bytes: usize,
}

impl<'a> Listing<'a> {
    /// Of these paths.
    pub(super) fn new(asked: &'a [Name], teller: Teller<'a>) -> Self {
        Self {
            asked,
            teller,
            held: Held::default(),
            is_in_pieces: false,
            failed: 0,
            broken: None,
        }
    }

    /// Takes the next entry; breaks once nothing more can be told.
    pub(super) fn take(&mut self, mut entry: Entry) -> ControlFlow<()> {
        match entry.passed_over.take() {
            Some(failure) => self.held.put_failed(entry.name, failure),
            None => self.held.put(self.item(&entry)),
        }
        if self.held.bytes < HELD_BYTES_MAX {
            return ControlFlow::Continue(());
        }
        if !std::mem::replace(&mut self.is_in_pieces, true) && self.teller.objects.is_none() {
            self.teller.ui.note("ls-pieces", &[]);
        }
        match self.tell() {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.broken = Some(error);
                ControlFlow::Break(())
            }
        }
    }

    /// Tells the rest; how many paths could not be listed.
    pub(super) fn finish(mut self) -> io::Result<u64> {
        match self.broken.take() {
            Some(error) => return Err(error),
            None => self.tell()?,
        }
        Ok(self.failed)
    }

    fn item(&self, entry: &Entry) -> Item {
        let at = usize::try_from(entry.ask).ok();
        let path = at.and_then(|at| self.asked.get(at));
        let path = path.map_or(&[][..], Name::as_bytes);
        let is_alone = self.asked.len() == 1 && !far_path::is_pattern(path);
        let before = if is_alone { b"" } else { before(path) };
        let name = Name::new([before, entry.name.as_bytes()].concat());
        Item {
            name: name.unwrap_or_else(|| entry.name.clone()),
            kind: entry.kind,
            mode: entry.mode,
            size: entry.size,
            mtime: entry.mtime,
        }
    }

    /// Tells what is held.
    fn tell(&mut self) -> io::Result<()> {
        let Held {
            mut items, failed, ..
        } = std::mem::take(&mut self.held);
        self.failed += failed.len() as u64;
        items.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        self.teller.tell_items(&items)?;
        failed
            .iter()
            .try_for_each(|(name, failure)| self.teller.tell_failed(name, failure))
    }
}

impl Held {
    fn put(&mut self, item: Item) {
        self.bytes += size_of::<Item>() + ALLOCATION_BYTES + item.name.as_bytes().len();
        self.items.push(item);
    }

    fn put_failed(&mut self, name: Name, failure: Failure) {
        let texts = name.as_bytes().len() + failure.code.len() + failure.message.len();
        self.bytes += size_of::<(Name, Failure)>() + 3 * ALLOCATION_BYTES + texts;
        self.failed.push((name, failure));
    }
}

impl Teller<'_> {
    fn tell_items(&self, items: &[Item]) -> io::Result<()> {
        match self.objects {
            Some(objects) => items
                .iter()
                .try_for_each(|item| objects.say("entry", object(item))),
            None => self.lines.print(items),
        }
    }

    fn tell_failed(&self, name: &Name, failure: &Failure) -> io::Result<()> {
        let name = self.deed.as_typed(name);
        match self.objects {
            Some(objects) => objects.say("failed", failed(&name, failure)),
            None => {
                let (key, values) = self.deed.of_file(&name, failure);
                self.ui.error(key, &values);
                Ok(())
            }
        }
    }
}

/// What stands before the names of entries, so that they are whole paths: the names begin with what
/// was asked for, or with what is in it where a path is of what is in a folder. What a pattern in the
/// middle of a path stood for, nobody says.
fn before(asked: &[u8]) -> &[u8] {
    let (before, _) = far_path::split(far_path::trimmed(asked));
    match far_path::is_pattern(before) {
        true => b"",
        false => before,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_whole_paths_where_several_were_asked_for() {
        let check = |asked: &str, expected: &str| {
            assert_eq!(before(asked.as_bytes()), expected.as_bytes(), "{asked}");
        };
        check("a", "");
        check("a/", "");
        check("a/b", "a/");
        check("a/b//", "a/");
        check("a/.", "a/");
        check("photos:", "photos:");
        check("photos:a", "photos:");
        check("photos:a/*.jpg", "photos:a/");
        check("*/b", "");
        check("", "");
        check(".", "");
    }
}
