//! Why a line carries nothing any more. It does not know which side noticed it.

use std::sync::Arc;

use landline_frame::landline1::{Failure, SessionError};
use landline_line::TlsError;

/// Why a secure line has ended.
#[derive(Clone, Debug, thiserror::Error)]
pub enum LineEnded {
    /// It was closed, by either side, between two calls.
    #[error("the line was closed")]
    Closed,
    /// The network, or TLS, failed; or the far end left without a word.
    #[error("{0}")]
    Broken(Arc<TlsError>),
    /// What the far end sent breaks the protocol, or the line ended inside a call.
    #[error("{0}")]
    Protocol(#[from] SessionError),
    /// The far end said why it gives up the line.
    #[error("{0}")]
    Failed(Failure),
    /// The call that this belonged to is over.
    #[error("the call is over")]
    CallOver,
}

impl From<std::io::Error> for LineEnded {
    fn from(error: std::io::Error) -> Self {
        Self::Broken(Arc::new(error.into()))
    }
}

/// For traits of the standard library, whose users look for the text and the kind only.
impl From<LineEnded> for std::io::Error {
    fn from(ended: LineEnded) -> Self {
        Self::new(std::io::ErrorKind::BrokenPipe, ended)
    }
}
