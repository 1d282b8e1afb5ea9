//! The landline/1 wire: frames with an eight-byte header, what control frames say, and the order in
//! which they come. It does not know who may call, nor what a service does.
//!
//! ```text
//!  bytes ── FrameDecoder ──> parts ── Control::parse ──> typed frames ── ServerSession ──> events
//!                                                                        ClientSession
//! ```

mod args;
mod code;
mod control;
mod decoder;
mod error;
mod header;
mod kind;
mod session;

pub use args::{ARGS_BYTES_MAX, ARGS_COUNT_MAX, Args, ArgsError};
pub use code::{CODES, Code, Fault, Line};
pub use control::{
    Answer, Call, Control, ControlError, Credit, DigestKind, Done, ENTRIES_OPEN_MAX, End, Ending,
    Entry, EntryKind, ExecCall, Failure, FileEnd, FilesCall, FilesOpened, GROUP_BYTES, GetCall,
    HOLE_BYTES_MIN, Have, Hello, Json, KEYS_MAX, ListCall, Mtime, NAME_BYTES_MAX, NESTING_MAX,
    Name, Opened, PairCall, PairReply, PutCall, Reply, StatusReply, Stream, StreamCall,
    TransferFrame, VERSION, is_service_name, is_signal_name,
};
pub use decoder::{FrameDecoder, FramePart};
pub use error::FrameError;
pub use header::{Arrival, HEADER_BYTES, Header};
pub use kind::{BODY_BYTES_MAX, CONTROL_BYTES_MAX, Class, Kind};
pub use session::{
    Asked, CREDIT_BYTES_MAX, ClientEvent, ClientSession, ClientSettled, Fresh, HANDSHAKE_MS_MAX,
    Known, ServerEvent, ServerSession, ServerSettled, SessionError, Stranger, TransferError,
    WINDOW_BYTES_FIRST,
};
