//! CALL and REPLY of `files`: what a client asks for, and how it is taken. It does not know which paths
//! there are.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::super::call::read_window;
use super::super::error::ControlError;
use super::super::object::Object;
use super::name::Name;

/// How files are verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DigestKind {
    /// BLAKE3, whose groups can be verified apart: a transfer can be resumed.
    Blake3,
    /// SHA-256, for those who have no BLAKE3. A transfer begins anew.
    Sha256,
}

/// A call of `files`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilesCall {
    /// The server sends files.
    Get(GetCall),
    /// The client sends files.
    Put(PutCall),
    /// The server tells what there is.
    List(ListCall),
}

/// Asks for files and folders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetCall {
    /// What to send, each a path that may hold `*`, `?` and `[...]`, at least one.
    pub paths: Vec<Name>,
    /// Which digests the client has, the best first, at least one.
    pub digests: Vec<DigestKind>,
    /// What the client has already is to be read again and compared.
    pub check: bool,
    /// How many bytes of DATA the server may send at first.
    pub window: u64,
}

/// Brings files and folders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutCall {
    /// The folder that they are to stand in.
    pub to: Name,
    /// Which digests the client has, the best first, at least one.
    pub digests: Vec<DigestKind>,
    /// What stands there already may be replaced.
    pub force: bool,
    /// What the server has already is to be read again and compared.
    pub check: bool,
}

/// Asks what there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListCall {
    /// What to tell of, as in [`GetCall::paths`], at least one.
    pub paths: Vec<Name>,
    /// Tell what is in a folder (`list`), and not of the folder itself (`stat`).
    pub inside: bool,
}

/// Answers `files`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FilesOpened {
    /// How many bytes of DATA the client may send at first; 0 unless it puts.
    pub window: u64,
    /// How files are verified: one of those that the CALL offers. A list has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<DigestKind>,
}

impl DigestKind {
    const ALL: [Self; 2] = [Self::Blake3, Self::Sha256];

    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Blake3 => "blake3",
            Self::Sha256 => "sha256",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The digests of a CALL. Names that are not known are passed over, and so is a
    /// second one of the same.
    fn read_list(object: &Object<'_>) -> Result<Vec<Self>, ControlError> {
        let key = "digests";
        let names: Vec<String> = object.need(key)?;
        let mut kinds = Vec::new();
        for kind in names.iter().filter_map(|name| Self::from_name(name)) {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        if kinds.is_empty() {
            return Err(ControlError::OutOfRange { key });
        }
        Ok(kinds)
    }
}

impl FilesCall {
    /// Which digests the client has; a list has none.
    pub fn digests(&self) -> &[DigestKind] {
        match self {
            Self::Get(call) => &call.digests,
            Self::Put(call) => &call.digests,
            Self::List(_) => &[],
        }
    }

    /// What it does, on the wire.
    pub fn op(&self) -> &'static str {
        match self {
            Self::Get(_) => "get",
            Self::Put(_) => "put",
            Self::List(call) if call.inside => "list",
            Self::List(_) => "stat",
        }
    }

    pub(in super::super) fn read(object: &Object<'_>) -> Result<Self, ControlError> {
        let key = "op";
        let op: String = object.need(key)?;
        Ok(match op.as_str() {
            "get" => Self::Get(GetCall {
                paths: Name::read_list(object, "paths")?,
                digests: DigestKind::read_list(object)?,
                check: object.maybe("check")?.unwrap_or(false),
                window: read_window(object)?,
            }),
            "put" => Self::Put(PutCall {
                to: Name::read(object, "to")?,
                digests: DigestKind::read_list(object)?,
                force: object.maybe("force")?.unwrap_or(false),
                check: object.maybe("check")?.unwrap_or(false),
            }),
            "list" | "stat" => Self::List(ListCall {
                paths: Name::read_list(object, "paths")?,
                inside: op == "list",
            }),
            _ => return Err(ControlError::OutOfRange { key }),
        })
    }
}

impl Serialize for FilesCall {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("op", self.op())?;
        match self {
            Self::Get(call) => {
                map.serialize_entry("paths", &call.paths)?;
                map.serialize_entry("digests", &call.digests)?;
                map.serialize_entry("check", &call.check)?;
                map.serialize_entry("window", &call.window)?;
            }
            Self::Put(call) => {
                map.serialize_entry("to", &call.to)?;
                map.serialize_entry("digests", &call.digests)?;
                map.serialize_entry("force", &call.force)?;
                map.serialize_entry("check", &call.check)?;
            }
            Self::List(call) => map.serialize_entry("paths", &call.paths)?,
        }
        map.end()
    }
}

impl FilesOpened {
    pub(in super::super) fn read(object: &Object<'_>) -> Result<Self, ControlError> {
        let (window, key) = (read_window(object)?, "digest");
        let name: Option<String> = object.maybe(key)?;
        let digest = match name {
            None => None,
            Some(name) => {
                let known = DigestKind::from_name(&name);
                Some(known.ok_or(ControlError::OutOfRange { key })?)
            }
        };
        Ok(Self { window, digest })
    }
}
