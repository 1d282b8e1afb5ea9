//! Bytes of the line to typed frames, for both sides. It does not know which frames may come.

use super::super::control::{Control, Hello, VERSION};
use super::super::decoder::{FrameDecoder, FramePart};
use super::super::kind::{Class, Kind};
use super::error::SessionError;

/// What came.
pub(super) enum Arrived<'a> {
    /// A whole control frame.
    Control(Control),
    /// A body frame of so many bytes begins.
    Opens(Kind, u64),
    /// Bytes of the body frame of this kind, at least one.
    Bytes(Kind, &'a [u8]),
}

/// Where the bytes of the line come in.
#[derive(Clone, Debug)]
pub(super) struct Inlet {
    decoder: FrameDecoder,
    kind: Kind,
}

impl Inlet {
    pub(super) fn new() -> Self {
        Self {
            decoder: FrameDecoder::new(),
            kind: Kind::Hello,
        }
    }

    /// The next thing that came. `None`: it needs more bytes. EVENT and RESIZE, which nothing
    /// defines yet, are passed over as unknown kinds are.
    pub(super) fn next<'a>(
        &mut self,
        input: &mut &'a [u8],
    ) -> Result<Option<Arrived<'a>>, SessionError> {
        while let Some(part) = self.decoder.next(input)? {
            match part {
                FramePart::Header(header) => {
                    let kind = header.kind();
                    self.kind = kind;
                    match (kind.class(), header.length()) {
                        (Class::Control, _) => {}
                        (Class::Body, 0) => return Err(SessionError::Empty { kind }),
                        (Class::Body, length) => {
                            return Ok(Some(Arrived::Opens(kind, u64::from(length))));
                        }
                    }
                }
                FramePart::Control(payload) => {
                    let kind = self.kind;
                    let control = Control::parse(kind, &payload)
                        .map_err(|error| SessionError::Control { kind, error })?;
                    match control {
                        Control::Undefined(kind) if !kind.is_critical() => {}
                        control => return Ok(Some(Arrived::Control(control))),
                    }
                }
                FramePart::Body(bytes) => return Ok(Some(Arrived::Bytes(self.kind, bytes))),
                FramePart::End | FramePart::Skipped { .. } => {}
            }
        }
        Ok(None)
    }

    /// The far end's HELLO, of a version that is spoken here.
    pub(super) fn next_hello(&mut self, input: &mut &[u8]) -> Result<Option<Hello>, SessionError> {
        match self.next(input)? {
            None => Ok(None),
            Some(Arrived::Control(Control::Hello(hello))) if hello.version == VERSION => {
                Ok(Some(hello))
            }
            Some(Arrived::Control(Control::Hello(Hello { version, .. }))) => {
                Err(SessionError::Version { version })
            }
            Some(Arrived::Control(Control::Error(failure))) => Err(SessionError::Refused(failure)),
            Some(other) => Err(other.unexpected("before HELLO")),
        }
    }

    /// To be asked when the line has ended.
    pub(super) fn finish(&self) -> Result<(), SessionError> {
        Ok(self.decoder.finish()?)
    }
}

impl Arrived<'_> {
    pub(super) fn unexpected(&self, when: &'static str) -> SessionError {
        let kind = match self {
            Self::Control(control) => control.kind(),
            Self::Opens(kind, _) | Self::Bytes(kind, _) => *kind,
        };
        SessionError::Unexpected { kind, when }
    }
}
