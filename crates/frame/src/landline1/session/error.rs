//! What can be wrong with the order of frames, on top of what is wrong with a frame.

use super::super::args::ArgsError;
use super::super::code::Code;
use super::super::control::{ControlError, Failure, Stream};
use super::super::error::FrameError;
use super::super::kind::Kind;
use super::transfer::TransferError;

/// Why a session cannot go on, or cannot do what it was asked.
///
/// After an error out of `handle_bytes` the session is over: tell the far end with
/// [`SessionError::to_failure`] and close the line. An error out of a method that makes frames leaves
/// the session as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// Bytes are no frame.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// A control frame does not say what its kind asks for.
    #[error("{} does not hold: {error}", .kind.name())]
    Control {
        /// The frame's kind.
        kind: Kind,
        /// What is wrong with it.
        error: ControlError,
    },
    /// Words and environment are none.
    #[error(transparent)]
    Args(#[from] ArgsError),
    /// The frame must not come at this point.
    #[error("{} may not come {when}", .kind.name())]
    Unexpected {
        /// The frame's kind.
        kind: Kind,
        /// Which point this is, as "before HELLO".
        when: &'static str,
    },
    /// A body frame without a byte.
    #[error("{} is empty", .kind.name())]
    Empty {
        /// The frame's kind.
        kind: Kind,
    },
    /// A CREDIT or END names a stream that the call does not have in this direction.
    #[error("the call has no stream \"{}\" from there", .stream.name())]
    NoStream {
        /// The stream.
        stream: Stream,
    },
    /// More bytes than the credit allows.
    #[error("{length} bytes of \"{}\" exceed the credit of {credit}", .stream.name())]
    BeyondCredit {
        /// The stream.
        stream: Stream,
        /// How many bytes the frame announces.
        length: u64,
        /// How many were allowed.
        credit: u64,
    },
    /// Bytes or an END after END.
    #[error("the stream \"{}\" has ended already", .stream.name())]
    AfterEnd {
        /// The stream.
        stream: Stream,
    },
    /// More credit than a sender may hold.
    #[error("{bytes} bytes of credit for \"{}\" are more than may be held", .stream.name())]
    CreditOverflow {
        /// The stream.
        stream: Stream,
        /// How many bytes were to be added.
        bytes: u64,
    },
    /// A frame of a files call at the wrong point.
    #[error(transparent)]
    Transfer(#[from] TransferError),
    /// DONE before every stream has ended.
    #[error("the stream \"{}\" has not ended before DONE", .stream.name())]
    NotEnded {
        /// The stream.
        stream: Stream,
    },
    /// DONE counts other bytes than came.
    #[error("DONE counts {said} bytes of \"{}\", and {came} came", .stream.name())]
    CountDiffers {
        /// The stream.
        stream: Stream,
        /// How many DONE says.
        said: u64,
        /// How many came.
        came: u64,
    },
    /// The far end speaks a version that this side does not.
    #[error("the far end speaks version {version} of landline/1, which is not known here")]
    Version {
        /// The version.
        version: u32,
    },
    /// An unknown key called something else than `pair`.
    #[error("an unknown key called \"{service}\", and may call nothing but pair")]
    Unknown {
        /// The service, whose name is 64 bytes at most.
        service: String,
    },
    /// The server sent ERROR instead of HELLO.
    #[error(transparent)]
    Refused(Failure),
    /// The line ended inside a call or before HELLO.
    #[error("the line ended {when}")]
    CutShort {
        /// Which point that was.
        when: &'static str,
    },
    /// The session is over; nothing goes through it any more.
    #[error("the session is over")]
    Over,
    /// This side asked the session for a frame that must not go out at this point.
    #[error("{} may not be sent {when}", .kind.name())]
    NotNow {
        /// The frame's kind.
        kind: Kind,
        /// Which point this is.
        when: &'static str,
    },
}

impl SessionError {
    /// Its row in the table of errors.
    pub fn code(&self) -> Code {
        match self {
            Self::Frame(error) => error.code(),
            Self::Control { error, .. } => error.code(),
            Self::Args(error) => error.code(),
            Self::Version { .. } => Code::Unsupported,
            Self::Unknown { .. } => Code::UnknownPeer,
            Self::Refused(failure) => failure.known().unwrap_or(Code::Protocol),
            Self::CutShort { .. } => Code::CutShort,
            Self::NotNow { .. } | Self::Over => Code::Internal,
            _ => Code::Protocol,
        }
    }

    /// What to tell the far end before the line is closed.
    pub fn to_failure(&self) -> Failure {
        Failure::new(self.code(), self.to_string())
    }
}
