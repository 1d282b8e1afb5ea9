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
mod sender;
mod share;
mod source;
mod walk;

pub use fold::{Digester, Fold};
pub use glob::Glob;
pub use line::{Arrived, TransferEnd, TransferLine};
pub use sender::{SendEvent, SendReport, Sending, send_files, tell_files};
pub use share::{Share, ShareAccess, ShareNeed, Shares};
pub use source::{Piece, Reading, Source};
pub use walk::{Found, Walk};
