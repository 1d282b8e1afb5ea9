//! What a call allows besides its streams. It does not know which side it is on.

use super::super::control::Call;

/// The sort of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Exec,
    Stream,
    Files,
    Pair,
    Status,
}

impl Shape {
    pub(super) fn of(call: &Call) -> Self {
        match call {
            Call::Exec(_) => Self::Exec,
            Call::Stream(_) => Self::Stream,
            Call::Files(_) => Self::Files,
            Call::Pair(_) => Self::Pair,
            Call::Status => Self::Status,
        }
    }

    /// Whether it has streams, so that a REPLY opens it and DONE ends it.
    pub(super) fn has_streams(self) -> bool {
        matches!(self, Self::Exec | Self::Stream | Self::Files)
    }
}
