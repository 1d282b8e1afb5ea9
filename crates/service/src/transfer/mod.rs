//! Files and folders from one machine to another: what both ends do, whichever of them called.
//! It does not know which line carries them.
//!
//! ```text
//!   find: paths -> Walk of Found -> send --+                         +-> receive -> a folder, a stream
//!                                          +-- TransferLine (blocks) --+
//!                                     fold: the digest, made at both ends while bytes pass
//! ```

mod find;
mod fold;
mod line;
mod receive;
mod send;

pub use find::{
    Found, Glob, Piece, Reading, Share, ShareAccess, ShareNeed, Shares, Source, Walk, asked_for,
    is_asked,
};
pub use fold::{Digester, Fold};
pub use line::{Arrived, TransferEnd, TransferLine};
pub use receive::{
    Belongs, Misplaced, Outcome, Placer, ReceiveEvent, ReceiveReport, Receiving, Settle, Settled,
    StreamPlacer, TransferFault, receive,
};
#[cfg(target_os = "linux")]
pub use receive::{Claims, FolderPlacer, Landing, PART_SYNC_BYTES, RESUME_BYTES_MIN, boot_id};
pub use send::{SendEvent, SendReport, Sending, send_files, tell_files};
