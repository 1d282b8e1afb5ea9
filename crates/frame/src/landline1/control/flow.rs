//! CREDIT and END, and the streams that they name. It does not count.

use serde::Serialize;

use super::super::session::CREDIT_BYTES_MAX;
use super::error::ControlError;
use super::object::Object;

/// A stream of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stream {
    /// Words and environment, in ARGS frames from the client. Not under credit.
    Args,
    /// Bytes for the service, in DATA frames from the client.
    In,
    /// Bytes of the service, in DATA frames from the server.
    Out,
    /// Bytes of its second stream, in DATA2 frames from the server.
    Err,
}

impl Stream {
    /// Every stream.
    pub const ALL: [Self; 4] = [Self::Args, Self::In, Self::Out, Self::Err];

    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Args => "args",
            Self::In => "in",
            Self::Out => "out",
            Self::Err => "err",
        }
    }

    fn read(object: &Object<'_>) -> Result<Self, ControlError> {
        let (key, mut all) = ("stream", Self::ALL.into_iter());
        let name: String = object.need(key)?;
        all.find(|stream| stream.name() == name)
            .ok_or(ControlError::OutOfRange { key })
    }
}

/// More bytes of a stream may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Credit {
    /// The stream.
    pub stream: Stream,
    /// How many more, from 1 to [`CREDIT_BYTES_MAX`].
    pub bytes: u64,
}

impl Credit {
    pub(super) fn read(object: &Object<'_>) -> Result<Self, ControlError> {
        let (stream, key) = (Stream::read(object)?, "bytes");
        let bytes = object.need(key)?;
        match bytes {
            1..=CREDIT_BYTES_MAX => Ok(Self { stream, bytes }),
            _ => Err(ControlError::OutOfRange { key }),
        }
    }
}

/// A stream has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct End {
    /// The stream.
    pub stream: Stream,
}

impl End {
    pub(super) fn read(object: &Object<'_>) -> Result<Self, ControlError> {
        let stream = Stream::read(object)?;
        Ok(Self { stream })
    }
}
