//! CALL: what a client may ask for. It does not know whether it may.

use serde::Serialize;

use super::super::args::ARGS_COUNT_MAX;
use super::super::session::CREDIT_BYTES_MAX;
use super::digest;
use super::error::ControlError;
use super::json::Json;
use super::object::Object;
use super::transfer::FilesCall;

/// A call for one service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "service", rename_all = "lowercase")]
pub enum Call {
    /// Runs a program. ARGS frames follow at once.
    Exec(ExecCall),
    /// Gets, puts or lists files.
    Files(FilesCall),
    /// First contact, by a ticket.
    Pair(PairCall),
    /// Asks how the server is.
    Status,
    /// Any other service: bytes both ways. `echo` is one.
    #[serde(untagged)]
    Stream(StreamCall),
}

/// Runs a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExecCall {
    /// How many words the ARGS frames hold, at least one.
    pub args: u32,
    /// How many variables follow the words.
    pub env: u32,
    /// The folder to run in; without it the server chooses.
    pub dir: Option<String>,
    /// Milliseconds after which the server ends the program.
    pub timeout_ms: Option<u64>,
    /// The only word is a line for `/bin/sh -c`.
    pub shell: bool,
    /// Whether the client will send the program's input. Without it the input is empty.
    pub stdin: bool,
    /// How many bytes of DATA, and as many of DATA2, the server may send at first.
    pub window: u64,
}

/// First contact, by a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PairCall {
    /// The ticket's public half.
    pub ticket: String,
    /// The HMAC that proves its secret half.
    #[serde(serialize_with = "digest::write")]
    pub proof: [u8; 32],
    /// The name that the client gives itself.
    pub name: String,
}

/// A call of a service with bytes both ways.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StreamCall {
    /// The service, as [`is_service_name`] has it.
    pub service: String,
    /// How many bytes of DATA the server may send at first.
    pub window: u64,
    /// What the service asks to be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Json>,
}

impl Call {
    /// The service that is called.
    pub fn service(&self) -> &str {
        match self {
            Self::Exec(_) => "exec",
            Self::Files(_) => "files",
            Self::Pair(_) => "pair",
            Self::Status => "status",
            Self::Stream(call) => &call.service,
        }
    }

    pub(super) fn read(object: &Object<'_>) -> Result<Self, ControlError> {
        let service: String = object.need("service")?;
        Ok(match service.as_str() {
            "exec" => Self::Exec(ExecCall::read(object)?),
            "files" => Self::Files(FilesCall::read(object)?),
            "pair" => Self::Pair(PairCall::read(object)?),
            "status" => Self::Status,
            name if is_service_name(name) => Self::Stream(StreamCall {
                window: read_window(object)?,
                parameters: object.text("parameters").map(Json::of),
                service,
            }),
            _ => return Err(ControlError::OutOfRange { key: "service" }),
        })
    }
}

impl ExecCall {
    fn read(object: &Object<'_>) -> Result<Self, ControlError> {
        let call = Self {
            args: object.need("args")?,
            env: object.maybe("env")?.unwrap_or(0),
            dir: object.maybe("dir")?,
            timeout_ms: object.maybe("timeout_ms")?,
            shell: object.maybe("shell")?.unwrap_or(false),
            stdin: object.maybe("stdin")?.unwrap_or(false),
            window: read_window(object)?,
        };
        let key = match &call {
            call if call.args == 0 || call.args > ARGS_COUNT_MAX => "args",
            call if call.env > ARGS_COUNT_MAX - call.args => "env",
            call if call.shell && call.args != 1 => "shell",
            call if call.dir.as_ref().is_some_and(|dir| dir.contains('\0')) => "dir",
            _ => return Ok(call),
        };
        Err(ControlError::OutOfRange { key })
    }
}

impl PairCall {
    fn read(object: &Object<'_>) -> Result<Self, ControlError> {
        Ok(Self {
            ticket: object.need("ticket")?,
            proof: digest::read(object, "proof")?,
            name: object.need("name")?,
        })
    }
}

/// Whether `name` may be a service's: 1 to 64 of `a` to `z`, `0` to `9`, `.`, `_` and `-`.
pub fn is_service_name(name: &str) -> bool {
    let may =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
    (1..=64).contains(&name.len()) && name.bytes().all(may)
}

/// A first window, which is credit and bounded as credit is.
pub(super) fn read_window(object: &Object<'_>) -> Result<u64, ControlError> {
    let key = "window";
    let window = object.need(key)?;
    if window > CREDIT_BYTES_MAX {
        return Err(ControlError::OutOfRange { key });
    }
    Ok(window)
}
