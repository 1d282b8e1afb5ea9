//! Why a call has no result. It does not know which call.

use landline_frame::landline1::{ArgsError, Failure, SessionError};

use crate::session::LineEnded;

/// Why a call on a secure line has no result.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CallError {
    /// The server refused it, or it failed there. Whether the line goes on is the code's.
    #[error("{0}")]
    Failed(Failure),
    /// The line has ended.
    #[error("{0}")]
    Ended(LineEnded),
    /// What was asked for cannot be said in landline/1.
    #[error("{0}")]
    Unsayable(SessionError),
    /// The words or variables cannot be sent.
    #[error("{0}")]
    Words(#[from] ArgsError),
}

impl From<LineEnded> for CallError {
    fn from(ended: LineEnded) -> Self {
        match ended {
            LineEnded::Failed(failure) => Self::Failed(failure),
            ended => Self::Ended(ended),
        }
    }
}
