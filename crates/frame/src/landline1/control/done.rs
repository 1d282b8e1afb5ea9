//! DONE: how a call ended, and how many bytes went before; and the names of signals.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::error::ControlError;
use super::object::Object;

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// By itself, with this status.
    Exit(i32),
    /// By a signal, as [`is_signal_name`] has it.
    Signal(String),
}

/// A call has ended, and everything has been sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// How the program ended; `exec` alone has one.
    pub ending: Option<Ending>,
    /// How many bytes of DATA the server has sent.
    pub out: u64,
    /// How many bytes of DATA2 the server has sent.
    pub err: u64,
    /// How many bytes of DATA the server has taken; `files` alone says it.
    pub input: Option<u64>,
    /// Whether `timeout_ms` passed, and the server ended the program.
    pub timed_out: bool,
}

impl Done {
    pub(super) fn read(object: &Object<'_>) -> Result<Self, ControlError> {
        let exit = object.maybe("exit")?.map(Ending::Exit);
        let signal = match object.text("signal") {
            Some(_) => Some(Ending::Signal(read_signal(object)?)),
            None => None,
        };
        if exit.is_some() && signal.is_some() {
            return Err(ControlError::OutOfRange { key: "signal" });
        }
        Ok(Self {
            ending: exit.or(signal),
            out: object.need("out")?,
            err: object.maybe("err")?.unwrap_or(0),
            input: object.maybe("in")?,
            timed_out: object.maybe("timed_out")?.unwrap_or(false),
        })
    }
}

impl Serialize for Done {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match &self.ending {
            Some(Ending::Exit(status)) => map.serialize_entry("exit", status)?,
            Some(Ending::Signal(signal)) => map.serialize_entry("signal", signal)?,
            None => {}
        }
        map.serialize_entry("out", &self.out)?;
        map.serialize_entry("err", &self.err)?;
        if let Some(input) = self.input {
            map.serialize_entry("in", &input)?;
        }
        map.serialize_entry("timed_out", &self.timed_out)?;
        map.end()
    }
}

/// Whether `name` may be a signal's: POSIX's name without `SIG`, or its number where it has no
/// name. 1 to 16 of `A` to `Z`, `0` to `9`, `+` and `-`.
pub fn is_signal_name(name: &str) -> bool {
    let may =
        |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"+-".contains(&byte);
    (1..=16).contains(&name.len()) && name.bytes().all(may)
}

pub(super) fn read_signal(object: &Object<'_>) -> Result<String, ControlError> {
    let key = "signal";
    let name: String = object.need(key)?;
    if is_signal_name(&name) {
        Ok(name)
    } else {
        Err(ControlError::OutOfRange { key })
    }
}
