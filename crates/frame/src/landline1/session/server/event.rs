//! What a known client's frames tell a server.

use super::super::super::args::Args;
use super::super::super::control::{
    Call, ExecCall, Failure, FilesCall, PairCall, Stream, StreamCall, TransferFrame,
};

/// A call that waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Run a program: answer with `accept` or `send_failure`.
    Exec(ExecCall, Args),
    /// Serve bytes both ways: answer with `accept` or `send_failure`.
    Stream(StreamCall),
    /// Get, put or list files: answer with `accept_files` or `send_failure`.
    Files(FilesCall),
    /// Pair: answer with `send_paired` or `send_failure`.
    Pair(PairCall),
    /// Tell the status: answer with `send_status` or `send_failure`.
    Status,
}

/// What a known client's frames tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerEvent<'a> {
    /// A call is asked for. Nothing else is, until it is answered and has ended.
    Asked(Asked),
    /// Bytes of the stream `in`, at least one. Where they are cut says nothing.
    Data(&'a [u8]),
    /// The stream `in` has ended.
    Ended,
    /// The client says something of entries. The rules of the call hold. What it says of a file that
    /// it has got in whole already is left out.
    Transfer(TransferFrame),
    /// So many more bytes of `stream` may be sent.
    Credited {
        /// `out` or `err`.
        stream: Stream,
        /// How many more.
        bytes: u64,
    },
    /// A signal for the program. It may come before the call is answered.
    Signal(String),
    /// The client wants no more: end the call soon, with `send_end` and `send_done`. It may come
    /// before the call is answered, and more than once.
    Cancel,
    /// To be answered with `send_pong`.
    Ping(String),
    /// The client says why it gives up the line. The session is over.
    Failed(Failure),
}

impl Asked {
    pub(super) fn new(call: Call, args: Args) -> Self {
        match call {
            Call::Exec(call) => Self::Exec(call, args),
            Call::Stream(call) => Self::Stream(call),
            Call::Files(call) => Self::Files(call),
            Call::Pair(call) => Self::Pair(call),
            Call::Status => Self::Status,
        }
    }

    /// The service that is called.
    pub fn service(&self) -> &str {
        match self {
            Self::Exec(..) => "exec",
            Self::Stream(call) => &call.service,
            Self::Files(_) => "files",
            Self::Pair(_) => "pair",
            Self::Status => "status",
        }
    }
}
