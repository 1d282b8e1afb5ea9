//! A file of a home that a program follows while it runs: read again when it has changed, and the last
//! good state kept when it has gone bad. It has no thread and no clock: its owner asks.

use std::fs;
use std::sync::Arc;

use crate::document::Document;
use crate::file_error::FileError;
use crate::trust_file::{Mark, TrustFile};

/// A document as its file last had it.
///
/// While a file is bad, its last good state counts: a slip of an editor neither lets anybody in nor
/// throws everybody out. A file that is gone or empty is not bad: it grants nothing, at once.
pub struct Watched<D> {
    file: TrustFile<D>,
    document: Arc<D>,
    /// What the file was like when it was last looked at; `None` if it must be read to know.
    mark: Option<Mark>,
    fault: Option<Arc<FileError>>,
}

/// What a look at a file found.
#[derive(Clone, Debug)]
pub enum Refreshed {
    /// Nothing new.
    Same,
    /// Another document, which counts from now on.
    Changed,
    /// The file has gone bad, or is bad in another way than before. It is told once.
    Refused(Arc<FileError>),
}

impl<D: Document> Watched<D> {
    /// Reads `file` and follows it from now on.
    ///
    /// # Errors
    /// When it is bad already: there is no good state yet that could count.
    pub fn open(file: TrustFile<D>) -> Result<Self, FileError> {
        let loaded = file.load()?;
        let (document, mark) = (Arc::new(loaded.document), loaded.mark);
        Ok(Self {
            file,
            document,
            mark,
            fault: None,
        })
    }

    /// The state that counts.
    pub fn current(&self) -> Arc<D> {
        Arc::clone(&self.document)
    }

    /// What is wrong with the file now, if anything.
    pub fn fault(&self) -> Option<Arc<FileError>> {
        self.fault.clone()
    }

    /// Looks whether the file has changed, and takes its new state if that is good. It costs one
    /// system call when nothing has changed for two seconds, and reading the file otherwise.
    pub fn refresh(&mut self) -> Refreshed {
        let now = fs::metadata(self.file.path()).ok().map(|it| Mark::now(&it));
        if self.mark.is_some() && self.mark == now {
            return Refreshed::Same;
        }
        match self.file.load() {
            Ok(loaded) => {
                self.mark = loaded.mark;
                self.fault = None;
                if loaded.document == *self.document {
                    return Refreshed::Same;
                }
                self.document = Arc::new(loaded.document);
                Refreshed::Changed
            }
            Err(error) => self.refuse(error),
        }
    }

    fn refuse(&mut self, error: FileError) -> Refreshed {
        // Without a mark it is read again: a bad file is soon set right.
        self.mark = None;
        let is_known = |known: &Arc<FileError>| known.to_string() == error.to_string();
        if self.fault.as_ref().is_some_and(is_known) {
            return Refreshed::Same;
        }
        let fault = Arc::new(error);
        self.fault = Some(Arc::clone(&fault));
        Refreshed::Refused(fault)
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{File, FileTimes};
    use std::path::Path;
    use std::time::{Duration, SystemTime};

    use super::*;
    use crate::grants::Grants;
    use crate::home::Home;
    use crate::peer_id::PeerId;

    const KEY: PeerId = PeerId::from_bytes([7; 32]);

    fn table(name: &str) -> String {
        format!("[peers.{KEY}]\nname = \"{name}\"\n")
    }

    fn name(watched: &Watched<Grants>) -> Option<String> {
        let grants = watched.current();
        grants
            .of(&KEY)
            .and_then(|it| it.name.as_ref().map(ToString::to_string))
    }

    fn check(watched: &mut Watched<Grants>, expected: &str) {
        let found = match watched.refresh() {
            Refreshed::Same => "same",
            Refreshed::Changed => "changed",
            Refreshed::Refused(_) => "refused",
        };
        assert_eq!(found, expected);
    }

    fn write(path: &Path, text: &str) {
        fs::write(path, text).unwrap();
    }

    #[test]
    fn changes_count_at_once_however_they_are_made() {
        let folder = tempfile::tempdir().unwrap();
        let file = Home::in_folder(folder.path()).grants();
        let mut watched = Watched::open(file.clone()).unwrap();
        check(&mut watched, "same");
        file.change(|it| Ok::<_, FileError>(it.grant(KEY, &"a".parse().unwrap(), [])))
            .unwrap();
        check(&mut watched, "changed");
        check(&mut watched, "same");
        // In place, as some editors do, within the tick of a clock, and of the same length.
        for letter in ["b", "c", "d", "e"] {
            write(file.path(), &table(letter));
            check(&mut watched, "changed");
            assert_eq!(name(&watched).as_deref(), Some(letter));
        }
        fs::remove_file(file.path()).unwrap();
        check(&mut watched, "changed");
        assert_eq!(name(&watched), None);
    }

    #[test]
    fn a_bad_file_leaves_the_last_good_state_and_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = Home::in_folder(folder.path()).grants();
        write(file.path(), &table("a"));
        let mut watched = Watched::open(file.clone()).unwrap();
        write(file.path(), "\n[peers\n");
        check(&mut watched, "refused");
        check(&mut watched, "same");
        let fault = watched.fault().unwrap();
        assert!(matches!(*fault, FileError::Bad { line: 2, .. }), "{fault}");
        assert_eq!(name(&watched).as_deref(), Some("a"));
        write(file.path(), "[peer]\n");
        check(&mut watched, "refused");
        write(file.path(), &table("b"));
        check(&mut watched, "changed");
        assert!(watched.fault().is_none());
        assert!(Watched::open(file.clone()).is_ok());
        write(file.path(), "bad");
        assert!(Watched::open(file).is_err());
    }

    #[test]
    fn a_file_that_others_may_write_is_refused_while_it_runs() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = Home::in_folder(folder.path()).grants();
        write(file.path(), &table("a"));
        let mut watched = Watched::open(file.clone()).unwrap();
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o666)).unwrap();
        check(&mut watched, "refused");
        assert_eq!(name(&watched).as_deref(), Some("a"));
    }

    #[test]
    fn only_an_old_change_is_told_by_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let file = File::create(&path).unwrap();
        assert_eq!(Mark::of(&file.metadata().unwrap()), None);
        // Its modification can be set back; that this was done just now cannot.
        let old = SystemTime::now() - Duration::from_secs(3600);
        file.set_times(FileTimes::new().set_modified(old)).unwrap();
        assert_eq!(Mark::of(&file.metadata().unwrap()), None);
        let program = std::env::current_exe().unwrap();
        let metadata = fs::metadata("/etc/passwd")
            .or_else(|_| fs::metadata(program))
            .unwrap();
        assert_eq!(Mark::of(&metadata), Some(Mark::now(&metadata)));
    }
}
