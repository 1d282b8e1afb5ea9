//! What a server's frames tell a client.

use super::super::super::control::{
    DigestKind, Done, Failure, PairReply, StatusReply, Stream, TransferFrame,
};

/// What a server's frames tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientEvent<'a> {
    /// The call is taken; so many bytes of `in` may be sent at first.
    Accepted {
        /// How many.
        window: u64,
        /// How files are verified, in a call that gets or puts them.
        digest: Option<DigestKind>,
    },
    /// `pair` has succeeded, as far as the server is concerned: check its proof. The call has ended.
    Paired(PairReply),
    /// The answer to `status`. The call has ended.
    Status(StatusReply),
    /// Bytes of `out` or `err`, at least one. Where they are cut says nothing.
    Data {
        /// `out` or `err`.
        stream: Stream,
        /// The bytes.
        bytes: &'a [u8],
    },
    /// `out` or `err` has ended.
    Ended(Stream),
    /// The server says something of entries. The rules of the call hold.
    Transfer(TransferFrame),
    /// So many more bytes of `in` may be sent.
    Credited {
        /// How many more.
        bytes: u64,
    },
    /// The call has ended, and every byte of it has come: the counts have been compared.
    Done(Done),
    /// The call is refused, or has failed; or the line has. `is_open` tells whether it goes on.
    Failed(Failure),
    /// Answers a PING.
    Pong(String),
}
