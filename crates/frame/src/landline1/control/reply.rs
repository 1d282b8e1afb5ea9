//! REPLY: a call is taken. What it says depends on the service, so it is read a second time by who
//! knows which call it answers.

use serde::Serialize;

use super::call::read_window;
use super::digest;
use super::error::ControlError;
use super::object::Object;
use super::transfer::FilesOpened;

/// A REPLY's object, read no further than that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    text: String,
}

/// Answers `exec` and every service with bytes both ways.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Opened {
    /// How many bytes of DATA the client may send at first.
    pub window: u64,
}

/// Answers `pair`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PairReply {
    /// The name that the server gives itself.
    pub name: String,
    /// What the client may use now, as capabilities are written.
    pub granted: Vec<String>,
    /// The HMAC that proves that the server has the ticket's secret too.
    #[serde(serialize_with = "digest::write")]
    pub proof: [u8; 32],
}

/// Answers `status`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StatusReply {
    /// The server's name and version.
    pub software: String,
    /// Seconds since it started.
    pub uptime_s: u64,
    /// How many different keys have a line open.
    pub peers: u64,
    /// How many lines are open.
    pub lines: u64,
    /// How many calls run.
    pub calls: u64,
    /// How many calls have been taken since it started.
    pub calls_total: u64,
}

impl Reply {
    /// A REPLY that opens a call's streams.
    pub fn opened(window: u64) -> Self {
        Self::write(&Opened { window })
    }

    /// A REPLY to `files`.
    pub fn files(reply: &FilesOpened) -> Self {
        Self::write(reply)
    }

    /// A REPLY to `pair`.
    pub fn paired(reply: &PairReply) -> Self {
        Self::write(reply)
    }

    /// A REPLY to `status`.
    pub fn status(reply: &StatusReply) -> Self {
        Self::write(reply)
    }

    /// Its JSON.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it says to `exec` and every service with bytes both ways.
    pub fn to_opened(&self) -> Result<Opened, ControlError> {
        let window = read_window(&self.object()?)?;
        Ok(Opened { window })
    }

    /// What it says to `files`.
    pub fn to_files(&self) -> Result<FilesOpened, ControlError> {
        FilesOpened::read(&self.object()?)
    }

    /// What it says to `pair`.
    pub fn to_paired(&self) -> Result<PairReply, ControlError> {
        let object = self.object()?;
        Ok(PairReply {
            name: object.need("name")?,
            granted: object.need("granted")?,
            proof: digest::read(&object, "proof")?,
        })
    }

    /// What it says to `status`.
    pub fn to_status(&self) -> Result<StatusReply, ControlError> {
        let object = self.object()?;
        Ok(StatusReply {
            software: object.need("software")?,
            uptime_s: object.need("uptime_s")?,
            peers: object.need("peers")?,
            lines: object.need("lines")?,
            calls: object.need("calls")?,
            calls_total: object.need("calls_total")?,
        })
    }

    /// Keeps the text of a payload that has been found to be an object.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, ControlError> {
        let text = std::str::from_utf8(bytes).map_err(|_| ControlError::NotUtf8)?;
        Ok(Self {
            text: text.to_string(),
        })
    }

    fn write(value: &impl Serialize) -> Self {
        let text = serde_json::to_string(value).expect("a reply has only text keys");
        Self { text }
    }

    fn object(&self) -> Result<Object<'_>, ControlError> {
        Object::read(self.text.as_bytes())
    }
}
