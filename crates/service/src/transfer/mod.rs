//! Files and folders from one machine to another: what both ends do, whichever of them called.
//! It does not know which line carries them.

mod asked;
mod descent;
mod expand;
mod facts;
mod fold;
mod folder;
mod glob;
mod ground;
mod line;
mod receive;
mod sender;
mod share;
mod source;
mod walk;

pub use asked::is_asked;
pub use fold::{Digester, Fold};
pub use glob::Glob;
pub use line::{Arrived, TransferEnd, TransferLine};
pub use receive::{
    Belongs, Misplaced, Outcome, Placer, ReceiveEvent, ReceiveReport, Receiving, Settle, Settled,
    StreamPlacer, TransferFault, receive,
};
#[cfg(target_os = "linux")]
pub use receive::{FolderPlacer, Landing, PART_SYNC_BYTES, RESUME_BYTES_MIN, boot_id};
pub use sender::{SendEvent, SendReport, Sending, send_files, tell_files};
pub use share::{Share, ShareAccess, ShareNeed, Shares};
pub use source::{Piece, Reading, Source};
pub use walk::{Found, Walk};
