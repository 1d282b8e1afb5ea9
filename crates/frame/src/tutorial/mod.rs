//! The tutorial's wire: one read is one message in, and a length goes before what comes back.
//! It does not know who reads or writes the bytes.

mod download;
mod download_decoder;
mod header;
mod header_error;
mod http;
mod length;
mod name;
mod reply;
mod request;

pub use download::Download;
pub use download_decoder::{DownloadDecoder, DownloadPart};
pub use header::{FILE_DATA_LEN_MAX, HEADER_BYTES_MAX};
pub use header_error::{HeaderError, HeaderKey};
pub use length::{
    Endian, EndianError, LENGTH_BYTES, LengthError, REPLY_BYTES_MAX, decode_length, encode_length,
};
pub use name::{is_safe_name, last_part};
pub use reply::{ReplyDecoder, ReplyPart};
pub use request::{RequestError, command_line, file_name};
