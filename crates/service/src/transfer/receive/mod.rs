//! The receiving half of a transfer: it answers what the sender announces, takes what comes, checks
//! it, and has it placed. It does not know who asked for it.
//!
//! ```text
//!   TransferLine --ENTRY--> engine --consider--> Placer: a folder, or a stream
//!        ^                  |    ^                 |
//!        +------HAVE, END---+    +----settled------+
//! ```

mod engine;
#[cfg(target_os = "linux")]
mod folder;
mod placer;
mod report;
mod stream;
#[cfg(test)]
mod tests;

pub use engine::{Belongs, Receiving, receive};
#[cfg(target_os = "linux")]
pub use folder::{Claims, FolderPlacer, Landing, PART_SYNC_BYTES, RESUME_BYTES_MIN, boot_id};
pub use placer::{Misplaced, Outcome, Placer, Settle, Settled};
pub use report::{ReceiveEvent, ReceiveReport, TransferFault};
pub use stream::StreamPlacer;
