//! What the paths of a call stand for: shares, patterns, folders, and files that can be opened as what was
//! found. It does not know who asks, and sends nothing.
//!
//! ```text
//!   paths --Shares, Glob--> Ground --descent, no link followed--> Walk: Found { entry, source }
//! ```

mod asked;
mod descent;
mod expand;
mod facts;
mod folder;
mod glob;
mod ground;
mod share;
pub(super) mod source;
mod walk;

pub use asked::{asked_for, is_asked};
pub use glob::Glob;
pub use share::{Share, ShareAccess, ShareNeed, Shares};
pub use source::{Piece, Reading, Source};
pub use walk::{Found, Walk};
