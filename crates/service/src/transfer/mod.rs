//! Files and folders from one machine to another: what both ends do, whichever of them called.
//! It does not know which line carries them.

mod fold;
mod line;

pub use fold::{Digester, Fold};
pub use line::{Arrived, TransferEnd, TransferLine};
