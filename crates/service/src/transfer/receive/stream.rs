//! A stream as the place where a transfer goes: files one after the other, as they come, with nothing
//! kept. It does not know who reads it.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::Arc;

use bytes::Bytes;
use landline_frame::landline1::{Answer, Code, DigestKind, Entry, EntryKind, Failure, Name};

use super::super::fold::Digester;
use super::placer::{Misplaced, Outcome, Placer, Settle, Settled, digest_differs, shown};

/// Zeros are written from here.
static ZEROS: [u8; 64 * 1024] = [0; 64 * 1024];

/// A stream that a transfer goes to. What it has taken it has: a file that turns out wrong is told of
/// only after its last byte.
pub struct StreamPlacer<W> {
    to: W,
    digest: DigestKind,
    /// Files that are wanted and have not begun.
    plans: VecDeque<(u64, Arc<Entry>)>,
    content: Option<Content>,
    settled: VecDeque<Settled>,
    error: Option<io::Error>,
}

/// The file that comes.
struct Content {
    number: u64,
    name: Name,
    digester: Digester,
    size: u64,
}

impl<W: Write> StreamPlacer<W> {
    /// All goes to `to`.
    pub fn new(to: W, digest: DigestKind) -> Self {
        Self {
            to,
            digest,
            plans: VecDeque::new(),
            content: None,
            settled: VecDeque::new(),
            error: None,
        }
    }

    /// Why the stream takes no more, if it does not: its reader may have left.
    pub fn into_error(self) -> Option<io::Error> {
        self.error
    }

    /// What a file fails with, or is refused with, once the stream takes no more.
    fn broken(&self, name: &Name) -> Option<Failure> {
        let error = self.error.as_ref()?;
        let sentence = format!("{} cannot be written: {error}", shown(name));
        Some(Failure::new(Code::Unwritable, sentence))
    }

    fn write_all(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let Some(content) = &mut self.content else {
            return Ok(());
        };
        content.digester.update(bytes, |_| {});
        content.size += bytes.len() as u64;
        match self.to.write_all(bytes) {
            Ok(()) => Ok(()),
            Err(error) => Err(self.fail(error)),
        }
    }

    fn fail(&mut self, error: io::Error) -> Failure {
        self.error = Some(error);
        let name = self.content.take().map_or_else(Name::default, |it| it.name);
        self.broken(&name).expect("there is an error")
    }
}

impl<W: Write> Placer for StreamPlacer<W> {
    fn consider(&mut self, number: u64, entry: &Arc<Entry>) -> Result<Answer, Misplaced> {
        let name = &entry.name;
        if let Some(failure) = self.broken(name) {
            return Ok(Answer::Refuse(failure));
        }
        if entry.kind != EntryKind::File || name.parts().count() > 1 {
            let why = format!("{} cannot go to a stream: only files can", shown(name));
            return Ok(Answer::Refuse(Failure::new(Code::Unwritable, why)));
        }
        self.plans.push_back((number, entry.clone()));
        Ok(Answer::Want)
    }

    fn begin(&mut self, number: u64, _groups: u64) -> Result<(), Failure> {
        let entry = match self.plans.pop_front() {
            Some((next, entry)) if next == number => entry,
            _ => return Err(Failure::new(Code::Internal, "no such file is due")),
        };
        match self.broken(&entry.name) {
            Some(failure) => Err(failure),
            None => {
                self.content = Some(Content {
                    number,
                    name: entry.name.clone(),
                    digester: Digester::new(self.digest),
                    size: 0,
                });
                Ok(())
            }
        }
    }

    fn write(&mut self, bytes: &Bytes) -> Result<(), Failure> {
        self.write_all(bytes)
    }

    fn hole(&mut self, mut bytes: u64) -> Result<(), Failure> {
        while bytes > 0 {
            let most = usize::try_from(bytes).unwrap_or(usize::MAX);
            let piece = &ZEROS[..ZEROS.len().min(most)];
            self.write_all(piece)?;
            bytes -= piece.len() as u64;
        }
        Ok(())
    }

    fn finish(&mut self, digest: [u8; 32]) {
        let flushed = self.to.flush();
        if let Err(error) = flushed {
            self.error = Some(error);
        }
        let Some(content) = self.content.take() else {
            return;
        };
        let outcome = match self.broken(&content.name) {
            Some(failure) => Outcome::Failed(failure),
            None if content.digester.finish() == digest => Outcome::Placed(digest),
            None => Outcome::Failed(digest_differs(&content.name)),
        };
        self.settled.push_back(Settled {
            entry: Some(content.number),
            name: content.name,
            size: content.size,
            outcome,
        });
    }

    fn give_up(&mut self, number: u64, _why: &Failure) {
        self.content = self.content.take().filter(|it| it.number != number);
        self.plans.retain(|(planned, _)| *planned != number);
    }

    fn settle(&mut self, _when: Settle) {
        // Bytes wait for nothing, but in the stream itself.
        if let Err(error) = self.to.flush() {
            self.error.get_or_insert(error);
        }
    }

    fn settled(&mut self) -> Option<Settled> {
        self.settled.pop_front()
    }
}
