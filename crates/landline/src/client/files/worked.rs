//! What the thread of a transfer comes to. It does not know which way the files went.

use super::error::TransferError;
use super::event::TransferReport;

/// What a transfer's thread comes to.
pub(super) type Worked = Result<TransferReport, Broken>;

/// Why it has come to nothing.
pub(super) enum Broken {
    /// The call has ended: the line knows why. If not, this is why.
    Ended(String),
    /// This.
    Error(TransferError),
}

impl From<TransferError> for Broken {
    fn from(error: TransferError) -> Self {
        Self::Error(error)
    }
}
