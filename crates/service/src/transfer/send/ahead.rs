//! How many folders are held open for files that wait to be sent. It opens none.

use std::collections::VecDeque;
use std::os::fd::OwnedFd;
use std::sync::Arc;

use crate::transfer::find::Source;

/// How many folders files that wait may hold open, beside those that are being walked.
pub(super) const FOLDERS_AHEAD_MAX: usize = 64;

/// Counts the files that wait, in runs of those that follow each other in one folder.
///
/// A folder counts once for each run: files and folders may stand side by side in it.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    /// How many files of each run wait.
    runs: VecDeque<usize>,
    /// The number of the first of them.
    first: u64,
    /// How many of them are not empty.
    held: usize,
    /// The folder of the last one. While files of it wait, no other folder has this place in memory.
    last: Option<*const OwnedFd>,
}

/// A file that waits, to be given back when it does so no more.
#[derive(Debug)]
#[must_use]
pub(super) struct Place(Option<u64>);

impl Ahead {
    /// Whether one more folder may be held.
    pub(super) fn has_room(&self) -> bool {
        self.held < FOLDERS_AHEAD_MAX
    }

    /// Counts a file, if it holds a folder.
    pub(super) fn enter(&mut self, source: Option<&Source>) -> Place {
        let Some(folder) = source.and_then(Source::folder).map(Arc::as_ptr) else {
            return Place(None);
        };
        let has_waiting = self.runs.back().is_some_and(|waiting| *waiting > 0);
        if !has_waiting || self.last != Some(folder) {
            self.runs.push_back(0);
            self.last = Some(folder);
            self.held += 1;
        }
        let last = self.runs.back_mut().expect("a run was pushed");
        *last += 1;
        Place(Some(self.first + self.runs.len() as u64 - 1))
    }

    /// The file waits no more.
    pub(super) fn leave(&mut self, place: Place) {
        let Some(run) = place.0 else { return };
        let at = usize::try_from(run - self.first).expect("it counts what waits");
        self.runs[at] -= 1;
        if self.runs[at] > 0 {
            return;
        }
        self.held -= 1;
        while self.runs.front() == Some(&0) {
            self.runs.pop_front();
            self.first += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::transfer::find::Walk;

    use super::*;

    /// Whichever files of a folder are done with first, it is held until the last one is.
    #[test]
    fn a_folder_counts_until_its_last_file_waits_no_more() {
        let outside = tempfile::tempdir().unwrap();
        for folder in ["a", "b", "c"] {
            std::fs::create_dir(outside.path().join(folder)).unwrap();
            for file in ["1", "2"] {
                std::fs::write(outside.path().join(folder).join(file), "x").unwrap();
            }
        }
        let walk = Walk::local([outside.path().join(".")]);
        let sources: Vec<Source> = walk.filter_map(|found| found.source).collect();
        let mut ahead = Ahead::default();
        let mut places: VecDeque<Place> = VecDeque::new();
        for source in &sources {
            places.push_back(ahead.enter(Some(source)));
        }
        assert_eq!((places.len(), ahead.held), (6, 3));
        for place in [0, 1, 2] {
            ahead.leave(places.remove(place).unwrap());
            assert_eq!(ahead.held, 3);
        }
        for held in [2, 1, 0] {
            ahead.leave(places.pop_front().unwrap());
            assert_eq!(ahead.held, held);
        }
        assert!(ahead.runs.is_empty());
        let place = ahead.enter(sources.last());
        assert_eq!((ahead.held, place.0), (1, Some(3)));
    }
}
