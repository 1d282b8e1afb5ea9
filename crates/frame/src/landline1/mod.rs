//! The landline/1 wire: frames with an eight-byte header, their kinds, limits and errors. It does
//! not know calls or trust, nor what the JSON of a control frame says.

mod decoder;
mod error;
mod header;
mod kind;

pub use decoder::{FrameDecoder, FramePart};
pub use error::{CODES, Code, Fault, FrameError};
pub use header::{Arrival, HEADER_BYTES, Header};
pub use kind::{BODY_BYTES_MAX, CONTROL_BYTES_MAX, Class, Kind};
