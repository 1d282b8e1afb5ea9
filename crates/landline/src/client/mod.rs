//! The calling side, for programs: on the tutorial's wire a command and its reply, a file and its
//! check; on the secure line whatever a machine that one trusts grants. Nothing here prints; what a
//! person is told is the command line's matter.

mod call_error;
mod command;
mod destination;
mod dial;
mod exec;
mod files;
mod get;
mod line;
mod pair;
mod stream_call;

pub use call_error::CallError;
pub use command::{CommandError, Commander};
pub use dial::{CONNECT_MAX, DialError, dial};
pub use exec::{ExecDone, ExecHandle, ExecOutput, ExecRequest, ExecRunning, ExecStatus};
pub use files::{
    GetRequest, GetTo, PutFrom, PutRequest, TransferError, TransferEvent, TransferReport,
    TransferRules,
};
pub use get::{Fault, FetchError, Fetched, Fetcher, Progress};
pub use line::Line;
pub use pair::{PairError, PairedWith, pair};
pub use stream_call::{CallInput, CallOutput, StreamCall};
