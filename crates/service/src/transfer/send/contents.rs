//! The bytes of one file after the other: read, hashed while they are at hand, and sent. It does not
//! know why a file is wanted.

use bytes::Bytes;
use landline_frame::landline1::{
    Code, DigestKind, Failure, FileEnd, GROUP_BYTES, Name, TransferFrame,
};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use sha2::{Digest as _, Sha256};

use super::event::SendEvent;
use super::{Resume, Sender, Unplaced, Wanted};
use crate::transfer::find::Found;
use crate::transfer::find::{Piece, Reading};
use crate::transfer::fold::{Digester, Fold};
use crate::transfer::line::TransferEnd;

/// Up to this size a file is read at once, and nothing else is done meanwhile.
const WHOLE_BYTES_MAX: u64 = 64 * 1024;

/// How long a stream that gives nothing is waited for before the line is looked at: 200 ms.
const STREAM_WAIT: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 200_000_000,
};

/// Why a file does not go whole.
enum Cut {
    /// The others still can.
    File(Failure),
    /// Nothing can.
    Line(TransferEnd),
}

impl From<Failure> for Cut {
    fn from(failure: Failure) -> Self {
        Self::File(failure)
    }
}

impl From<TransferEnd> for Cut {
    fn from(end: TransferEnd) -> Self {
        Self::Line(end)
    }
}

/// A file that has gone.
struct Gone {
    size: u64,
    digest: [u8; 32],
}

/// A file that is being sent.
struct Sent<'a> {
    number: u64,
    name: &'a Name,
    size: Option<u64>,
}

impl<W: Iterator<Item = Found>> Sender<'_, W> {
    /// Sends a file, and says how it ended.
    pub(super) fn send_file(&mut self, wanted: Wanted) -> Result<(), TransferEnd> {
        let Wanted { number, name, .. } = wanted;
        self.current = Some(number);
        self.given_up = wanted.given_up;
        let opened = self.check_given_up().and_then(|()| wanted.source.open());
        self.ahead.leave(wanted.place);
        let sent = Sent {
            number,
            name: &name,
            size: wanted.size,
        };
        let gone = match (opened, sent.size) {
            (Err(failure), _) => Err(failure.into()),
            (Ok(reading), Some(size)) if size <= WHOLE_BYTES_MAX => {
                self.send_whole(&sent, reading, size)
            }
            (Ok(reading), _) => self.send_pieces(&sent, reading, wanted.resume.as_ref()),
        };
        let gone = match gone {
            Ok(gone) => self.check_given_up().map(|()| gone),
            Err(Cut::File(failure)) => Err(failure),
            Err(Cut::Line(end)) => return Err(end),
        };
        let outcome = gone
            .as_ref()
            .map(|gone| gone.digest)
            .map_err(Failure::clone);
        self.line.say(&TransferFrame::FileEnd(FileEnd {
            entry: number,
            outcome,
            is_same: false,
        }))?;
        self.current = None;
        match gone {
            Ok(gone) => self.note_gone(number, name, &gone),
            Err(failure) => {
                // What the receiver said tells more than that it said something.
                let why = self.given_up.take().unwrap_or(failure);
                self.note_failed(Some(&name), &why);
            }
        }
        Ok(())
    }

    /// A small file: one read, one hash, and the line is not looked at.
    fn send_whole(&mut self, sent: &Sent<'_>, reading: Reading, size: u64) -> Result<Gone, Cut> {
        self.note_started(sent, 0);
        let count = usize::try_from(size).expect("it is small");
        let bytes = reading.whole(count)?;
        let digest = match self.sending.digest {
            DigestKind::Blake3 => *blake3::hash(&bytes).as_bytes(),
            DigestKind::Sha256 => Sha256::digest(&bytes).into(),
        };
        if !bytes.is_empty() {
            self.line.send(Bytes::from(bytes))?;
            self.note_sent(size);
        }
        Ok(Gone { size, digest })
    }

    fn send_pieces(
        &mut self,
        sent: &Sent<'_>,
        mut reading: Reading,
        resume: Option<&Resume>,
    ) -> Result<Gone, Cut> {
        reading.read_ahead();
        let (mut digester, begins_at) = match resume {
            Some(resume) => self.resume(sent, &mut reading, resume)?,
            None => (Digester::new(self.sending.digest), 0),
        };
        self.note_started(sent, begins_at);
        let mut size = begins_at;
        loop {
            self.keep_up()?;
            self.await_bytes(&reading)?;
            let mut buffer = self.pool.take();
            match reading.read(&mut buffer)? {
                Piece::Bytes(count) => {
                    digester.update(&buffer[..count], |_| {});
                    let piece = self.pool.lend(buffer, count);
                    self.line.send(piece)?;
                    self.note_sent(count as u64);
                    size += count as u64;
                }
                Piece::Hole(bytes) => {
                    self.pool.put_back(buffer);
                    digester.update_zeros(bytes, |_| {});
                    self.line.say(&TransferFrame::Hole { bytes })?;
                    self.note_sent(bytes);
                    size += bytes;
                }
                Piece::End => {
                    self.pool.put_back(buffer);
                    break;
                }
            }
        }
        reading.check()?;
        let digest = digester.finish();
        Ok(Gone { size, digest })
    }

    /// Goes on behind what the receiver has, or with `check` behind what is right of it.
    fn resume(
        &mut self,
        sent: &Sent<'_>,
        reading: &mut Reading,
        resume: &Resume,
    ) -> Result<(Digester, u64), Cut> {
        let mut groups = resume.groups;
        if self.sending.check {
            groups = self.right_groups(reading, resume)?;
        }
        if groups < resume.groups {
            let entry = sent.number;
            self.line.say(&TransferFrame::Begin { entry, groups })?;
        }
        let values = &resume.values[..groups.count_ones() as usize];
        let fold = Fold::resume(groups, values).expect("there are as many as it was checked for");
        reading.seek(groups * GROUP_BYTES);
        Ok((Digester::Blake3(Box::new(fold)), groups * GROUP_BYTES))
    }

    /// How many of the groups that the receiver has are the source's, as whole subtrees of them tell.
    fn right_groups(&mut self, reading: &mut Reading, resume: &Resume) -> Result<u64, Cut> {
        let mut fold = Fold::new();
        let mut right = 0;
        for (index, value) in resume.values.iter().enumerate() {
            // The largest subtree of what is left.
            let until = right + (1 << (resume.groups - right).ilog2());
            while fold.groups() < until {
                self.keep_up()?;
                self.hash_group(reading, &mut fold)?;
            }
            if fold.subtrees().get(index) != Some(value) {
                break;
            }
            right = until;
        }
        Ok(right)
    }

    /// Reads the next group, and hashes it.
    fn hash_group(&mut self, reading: &mut Reading, fold: &mut Fold) -> Result<(), Cut> {
        let mut buffer = self.pool.take();
        let mut left = GROUP_BYTES as usize;
        while left > 0 {
            let room = left.min(buffer.len());
            let Piece::Bytes(count) = reading.read_dense(&mut buffer[..room])? else {
                break;
            };
            fold.update(&buffer[..count], |_| {});
            left -= count;
        }
        self.pool.put_back(buffer);
        Ok(())
    }

    /// Between two pieces: hears what the receiver says, and announces what it can then answer.
    fn keep_up(&mut self) -> Result<(), Cut> {
        self.hear(false)?;
        self.check_given_up()?;
        self.announce()?;
        Ok(())
    }

    /// Waits until a stream has bytes. What was sent before goes out meanwhile.
    fn await_bytes(&mut self, reading: &Reading) -> Result<(), Cut> {
        let Some(stream) = reading.awaited() else {
            return Ok(());
        };
        let mut wait = Timespec::default();
        loop {
            let mut waiting = [PollFd::new(stream, PollFlags::IN)];
            // A signal, or a stream that cannot be waited for: reading it tells more.
            if !matches!(poll(&mut waiting, Some(&wait)), Ok(0)) {
                return Ok(());
            }
            self.line.flush()?;
            wait = STREAM_WAIT;
            self.keep_up()?;
        }
    }

    fn check_given_up(&self) -> Result<(), Failure> {
        if self.given_up.is_none() {
            return Ok(());
        }
        let message = "the receiver wants no more of it";
        Err(Failure::new(Code::GivenUp, message))
    }

    fn note_started(&mut self, sent: &Sent<'_>, begins_at: u64) {
        let Sent { name, size, .. } = *sent;
        (self.watch)(SendEvent::Started {
            name,
            size,
            begins_at,
        });
    }

    fn note_sent(&mut self, bytes: u64) {
        self.report.sent_bytes += bytes;
        (self.watch)(SendEvent::Sent { bytes });
    }

    fn note_gone(&mut self, number: u64, name: Name, gone: &Gone) {
        self.report.sent += 1;
        (self.watch)(SendEvent::Ended {
            name: &name,
            size: gone.size,
            digest: &gone.digest,
        });
        if self.sending.is_placed {
            let digest = gone.digest;
            self.unplaced.push_back(Unplaced {
                number,
                name,
                size: gone.size,
                digest,
            });
        }
    }
}
