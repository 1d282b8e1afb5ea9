//! Where what comes of a transfer is put, as the receiving engine sees it. It does not know whether
//! that is a folder or a stream.

use std::sync::Arc;

use bytes::Bytes;
use landline_frame::landline1::{Answer, Code, Entry, Failure, Name};

/// What takes files in, one after another.
///
/// For each file that [`consider`](Self::consider) wants or resumes, in this order: once
/// [`begin`](Self::begin), then [`write`](Self::write) and [`hole`](Self::hole) as often as it takes,
/// and [`finish`](Self::finish). At any point [`give_up`](Self::give_up) may take the place of what
/// is left. After an error the file is over, and nothing more is said of it.
pub trait Placer {
    /// What is wanted of an entry that nobody passed over. A folder is there once it is wanted.
    ///
    /// # Errors
    /// It does not follow from the entries before it: the sender breaks the protocol.
    fn consider(&mut self, number: u64, entry: &Arc<Entry>) -> Result<Answer, Misplaced>;

    /// The bytes of a file come now, after its first `groups`: as many as were offered, or fewer.
    ///
    /// # Errors
    /// The file cannot be taken.
    fn begin(&mut self, number: u64, groups: u64) -> Result<(), Failure>;

    /// Takes the next bytes of the file.
    ///
    /// # Errors
    /// The file cannot be taken.
    fn write(&mut self, bytes: &Bytes) -> Result<(), Failure>;

    /// Takes so many zeros.
    ///
    /// # Errors
    /// The file cannot be taken.
    fn hole(&mut self, bytes: u64) -> Result<(), Failure>;

    /// All of the file has come, and this is the digest of what was sent. What becomes of it is told
    /// by [`settled`](Self::settled), at once or later.
    fn finish(&mut self, digest: [u8; 32]);

    /// Nothing more comes of a file that was wanted, whether it has begun or not.
    fn give_up(&mut self, number: u64, why: &Failure);

    /// Sees that everything that was finished is settled.
    fn settle(&mut self, when: Settle);

    /// What has been settled meanwhile, one after the other.
    fn settled(&mut self) -> Option<Settled>;
}

/// Why all that was finished is to be settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settle {
    /// Nothing comes at the moment.
    Idle,
    /// The transfer has ended, and everything came.
    Ended,
    /// The transfer ends before its end.
    Cut,
}

/// A file that was finished, or a folder that could not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The entry, by its number; a folder has none any more.
    pub entry: Option<u64>,
    /// Its name.
    pub name: Name,
    /// How many bytes it has.
    pub size: u64,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It stands where it should. This is its digest.
    Placed([u8; 32]),
    /// It stood there already, read and compared. This is its digest.
    Same([u8; 32]),
    /// It could not be placed.
    Failed(Failure),
}

/// An entry that does not follow from those before it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Misplaced(pub String);

/// The failure of a file whose digest is not the sender's.
pub(super) fn digest_differs(name: &Name) -> Failure {
    let sentence = format!("{} came otherwise than it was sent", shown(name));
    Failure::new(Code::DigestDiffers, sentence)
}

/// A name in a sentence for people: quoted, what is not text replaced, control signs escaped.
pub(super) fn shown(name: &Name) -> String {
    format!("{:?}", String::from_utf8_lossy(name.as_bytes()))
}
