//! Files and folders from one machine to another: what both ends do, whichever of them called.
//! It does not know which line carries them.

mod asked;
mod fold;
mod glob;
mod line;
mod share;

pub use fold::{Digester, Fold};
pub use glob::Glob;
pub use line::{Arrived, TransferEnd, TransferLine};
pub use share::{Share, ShareAccess, ShareNeed, Shares};
