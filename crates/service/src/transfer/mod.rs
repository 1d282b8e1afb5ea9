//! Files and folders from one machine to another: what both ends do, whichever of them called.
//! It does not know which line carries them.

mod fold;
mod line;
mod receive;

pub use fold::{Digester, Fold};
pub use line::{Arrived, TransferEnd, TransferLine};
pub use receive::{
    Belongs, Misplaced, Outcome, Placer, ReceiveEvent, ReceiveReport, Receiving, Settle, Settled,
    StreamPlacer, TransferFault, receive,
};
#[cfg(target_os = "linux")]
pub use receive::{FolderPlacer, Landing, PART_SYNC_BYTES, RESUME_BYTES_MIN, boot_id};
