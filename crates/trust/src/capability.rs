//! What a peer may be granted, and its text: `echo`, `exec`, `exec:["/bin/df","-h"]`,
//! `files:ro:DIR`, `service:NAME`. It does not know who was granted what, and opens no folder.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::hex::serde_text;

/// The longest text of a capability, in bytes: an argv of some size, a folder of PATH_MAX.
pub const CAPABILITY_BYTES_MAX: usize = 16 * 1024;

/// The longest name of a service, in bytes, as the wire has it (PROTOCOL.md).
pub const SERVICE_NAME_BYTES_MAX: usize = 64;

/// One thing that a peer may do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Capability {
    /// `echo`: have bytes sent back.
    Echo,
    /// `exec`: run any command. This is as much as a shell of the account that the server runs as.
    Exec,
    /// `exec:[...]`: run this argv and no other, written as a JSON array of strings.
    ExecOnly(Vec<String>),
    /// `files:ACCESS:DIR`: reach the files of one folder.
    Files {
        /// What may be done in the folder.
        access: Access,
        /// The folder's absolute path.
        folder: String,
    },
    /// `service:NAME`: call a service that this server has of its own, by its name on the wire. It
    /// grants none of landline's services: those have capabilities of their own.
    Service(String),
}

/// What may be done in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// `ro`: see and read.
    Read,
    /// `rw`: see, read and write.
    ReadWrite,
    /// `wo`: write, and see nothing: a drop box.
    Write,
}

/// Why a text is no capability.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CapabilityError {
    /// None of the words that start one.
    #[error(
        "{0:?} is none: write echo, exec, exec:[...], files:ro:DIR, files:rw:DIR, files:wo:DIR or service:NAME"
    )]
    Unknown(String),
    /// More than [`CAPABILITY_BYTES_MAX`] bytes.
    #[error("it has {0} bytes, and at most {CAPABILITY_BYTES_MAX} are taken")]
    TooLong(usize),
    /// What follows `exec:` is no JSON array of strings, or it is empty, or its first string is, or a
    /// string holds a NUL.
    #[error("{0:?} is no argv: write a JSON array of strings, such as exec:[\"/bin/df\",\"-h\"]")]
    Argv(String),
    /// What follows `files:` is not `ro:`, `rw:` or `wo:`.
    #[error("{0:?} names no access: write files:ro:DIR, files:rw:DIR or files:wo:DIR")]
    Access(String),
    /// The folder is not an absolute path in UTF-8, or holds a NUL.
    #[error("{0:?} is no absolute path")]
    Folder(String),
    /// What follows `service:` is empty, longer than [`SERVICE_NAME_BYTES_MAX`], or holds other signs
    /// than `a` to `z`, `0` to `9`, `.`, `_` and `-`.
    #[error("{0:?} is no service's name: write 1 to 64 of a to z, 0 to 9, '.', '_' and '-'")]
    Service(String),
}

impl CapabilityError {
    /// The key of its sentence in a catalogue of messages.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "trust-capability-unknown",
            Self::TooLong(_) => "trust-capability-too-long",
            Self::Argv(_) => "trust-capability-argv",
            Self::Access(_) => "trust-capability-access",
            Self::Folder(_) => "trust-capability-folder",
            Self::Service(_) => "trust-capability-service",
        }
    }

    /// The values that its sentence names.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Unknown(text)
            | Self::Argv(text)
            | Self::Access(text)
            | Self::Folder(text)
            | Self::Service(text) => vec![("value", text.clone())],
            Self::TooLong(bytes) => vec![
                ("bytes", bytes.to_string()),
                ("max", CAPABILITY_BYTES_MAX.to_string()),
            ],
        }
    }
}

impl Capability {
    /// Reads `text` as [`FromStr`] does, and takes a relative folder from `current`, which is
    /// absolute: a person who types a folder means it from where they are.
    ///
    /// # Errors
    /// When the text is no capability, or `current` is not UTF-8.
    pub fn parse_in(text: &str, current: &Path) -> Result<Self, CapabilityError> {
        let Some((access, folder)) = split_files(text)? else {
            return text.parse();
        };
        // Collected by its parts, so that no `.` stays in it.
        let joined: PathBuf = current.join(folder).components().collect();
        match joined.to_str() {
            Some(joined) if !folder.is_empty() => Self::files(access, joined),
            _ => Err(CapabilityError::Folder(folder.to_owned())),
        }
    }

    /// Files of one folder.
    ///
    /// # Errors
    /// When `folder` is no absolute path, or the text would be longer than [`CAPABILITY_BYTES_MAX`]:
    /// what is granted must be read again.
    pub fn files(access: Access, folder: &str) -> Result<Self, CapabilityError> {
        let bytes = "files:ro:".len() + folder.len();
        if bytes > CAPABILITY_BYTES_MAX {
            return Err(CapabilityError::TooLong(bytes));
        }
        if !folder.starts_with('/') || folder.contains('\0') {
            return Err(CapabilityError::Folder(folder.to_owned()));
        }
        let folder = folder.to_owned();
        Ok(Self::Files { access, folder })
    }

    /// A service of the server's own.
    ///
    /// # Errors
    /// When `name` is no name of a service.
    pub fn service(name: &str) -> Result<Self, CapabilityError> {
        let is_sign = |sign: u8| matches!(sign, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-');
        if !(1..=SERVICE_NAME_BYTES_MAX).contains(&name.len()) || !name.bytes().all(is_sign) {
            return Err(CapabilityError::Service(name.to_owned()));
        }
        Ok(Self::Service(name.to_owned()))
    }

    /// Whether it lets a peer run exactly this argv, without a shell of ours between.
    pub fn allows_exec(&self, argv: &[OsString]) -> bool {
        match self {
            Self::Exec => !argv.is_empty(),
            Self::ExecOnly(only) => is_same(only, argv.iter().map(OsString::as_os_str)),
            Self::Echo | Self::Files { .. } | Self::Service(_) => false,
        }
    }

    /// Whether it lets a peer have `/bin/sh -c` run this line: with `exec`, or where that whole argv
    /// was granted.
    pub fn allows_shell(&self, line: &OsStr) -> bool {
        match self {
            Self::Exec => true,
            Self::ExecOnly(only) => {
                let argv = [OsStr::new("/bin/sh"), OsStr::new("-c"), line];
                is_same(only, argv.into_iter())
            }
            Self::Echo | Self::Files { .. } | Self::Service(_) => false,
        }
    }
}

impl FromStr for Capability {
    type Err = CapabilityError;

    fn from_str(text: &str) -> Result<Self, CapabilityError> {
        if let Some((access, folder)) = split_files(text)? {
            return Self::files(access, folder);
        }
        match text {
            "echo" => Ok(Self::Echo),
            "exec" => Ok(Self::Exec),
            _ => match text.split_once(':') {
                Some(("exec", argv)) => parse_argv(argv),
                Some(("service", name)) => Self::service(name),
                _ => Err(CapabilityError::Unknown(text.to_owned())),
            },
        }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Echo => out.write_str("echo"),
            Self::Exec => out.write_str("exec"),
            Self::ExecOnly(argv) => {
                let json = serde_json::to_string(argv).map_err(|_| fmt::Error)?;
                write!(out, "exec:{json}")
            }
            Self::Files { access, folder } => write!(out, "files:{access}:{folder}"),
            Self::Service(name) => write!(out, "service:{name}"),
        }
    }
}

impl fmt::Display for Access {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Read => "ro",
            Self::ReadWrite => "rw",
            Self::Write => "wo",
        })
    }
}

serde_text!(Capability);

/// Access and folder, if the text is about files; and its length is bounded.
fn split_files(text: &str) -> Result<Option<(Access, &str)>, CapabilityError> {
    if text.len() > CAPABILITY_BYTES_MAX {
        return Err(CapabilityError::TooLong(text.len()));
    }
    let Some(rest) = text.strip_prefix("files:") else {
        return Ok(None);
    };
    let access = match rest.get(..3) {
        Some("ro:") => Access::Read,
        Some("rw:") => Access::ReadWrite,
        Some("wo:") => Access::Write,
        _ => return Err(CapabilityError::Access(text.to_owned())),
    };
    Ok(Some((access, &rest[3..])))
}

fn parse_argv(text: &str) -> Result<Capability, CapabilityError> {
    let argv: Vec<String> = serde_json::from_str(text).unwrap_or_default();
    let has_program = argv.first().is_some_and(|program| !program.is_empty());
    if !has_program || argv.iter().any(|word| word.contains('\0')) {
        return Err(CapabilityError::Argv(text.to_owned()));
    }
    Ok(Capability::ExecOnly(argv))
}

fn is_same<'a>(only: &[String], argv: impl ExactSizeIterator<Item = &'a OsStr>) -> bool {
    only.len() == argv.len()
        && only
            .iter()
            .zip(argv)
            .all(|(one, other)| one.as_bytes() == other.as_bytes())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn argv(words: &[&str]) -> Vec<OsString> {
        words.iter().map(OsString::from).collect()
    }

    #[test]
    fn text_and_capability_are_one() {
        let check = |text: &str| {
            assert_eq!(text.parse::<Capability>().unwrap().to_string(), text);
        };
        check("echo");
        check("exec");
        check(r#"exec:["/bin/df","-h"]"#);
        check(r#"exec:["a b","","\n\"é"]"#);
        for access in ["ro", "rw", "wo"] {
            check(&format!("files:{access}:/srv/a:b c"));
        }
        check("service:weather.v2_x-1");
        check(&format!("service:{}", "s".repeat(SERVICE_NAME_BYTES_MAX)));
    }

    #[test]
    fn what_is_no_capability_says_why() {
        let check = |text: &str, key| {
            let error = text.parse::<Capability>().unwrap_err();
            assert_eq!(error.key(), key, "{text:?}");
        };
        for text in [
            "",
            "Exec",
            "exec ",
            "exce",
            "files",
            "*",
            "service",
            "Service:a",
        ] {
            check(text, "trust-capability-unknown");
        }
        let deep = format!("exec:{}", "[".repeat(10_000));
        let nul = r#"exec:["a\u0000"]"#;
        for text in [
            "exec:",
            "exec:[]",
            r#"exec:[""]"#,
            "exec:df",
            "exec:[1]",
            &deep,
            nul,
        ] {
            check(text, "trust-capability-argv");
        }
        check("files:rx:/srv", "trust-capability-access");
        check("files:/srv", "trust-capability-access");
        for text in ["files:ro:", "files:ro:srv", "files:ro:/a\0"] {
            check(text, "trust-capability-folder");
        }
        let long = format!("service:{}", "s".repeat(SERVICE_NAME_BYTES_MAX + 1));
        for name in ["", "Weather", "a b", "a:b", "é", "a/b", "a\n"] {
            check(&format!("service:{name}"), "trust-capability-service");
        }
        check(&long, "trust-capability-service");
        check(
            &"e".repeat(CAPABILITY_BYTES_MAX + 1),
            "trust-capability-too-long",
        );
    }

    #[test]
    fn an_argv_is_granted_exactly() {
        let only: Capability = r#"exec:["/bin/df","-h"]"#.parse().unwrap();
        assert!(only.allows_exec(&argv(&["/bin/df", "-h"])));
        for other in [
            &["/bin/df"][..],
            &["/bin/df", "-h", "-h"],
            &["/bin/df", "-H"],
            &[],
        ] {
            assert!(!only.allows_exec(&argv(other)), "{other:?}");
        }
        assert!(Capability::Exec.allows_exec(&argv(&["rm"])));
        assert!(!Capability::Echo.allows_exec(&argv(&["echo"])));
    }

    #[test]
    fn an_argv_of_one_word_is_no_line_for_a_shell() {
        let one: Capability = r#"exec:["ls -l"]"#.parse().unwrap();
        assert!(one.allows_exec(&argv(&["ls -l"])));
        assert!(!one.allows_shell(OsStr::new("ls -l")));
        let line: Capability = r#"exec:["/bin/sh","-c","ls -l"]"#.parse().unwrap();
        assert!(line.allows_shell(OsStr::new("ls -l")));
        assert!(!line.allows_shell(OsStr::new("ls -l; id")));
    }

    #[test]
    fn a_relative_folder_counts_from_here() {
        let check = |text: &str, expected: &str| {
            let found = Capability::parse_in(text, Path::new("/srv/data")).unwrap();
            assert_eq!(found.to_string(), expected);
        };
        check("files:ro:.", "files:ro:/srv/data");
        check("files:wo:in/box", "files:wo:/srv/data/in/box");
        check("files:rw:/a", "files:rw:/a");
        check("echo", "echo");
        let error = Capability::parse_in("files:ro:", Path::new("/srv")).unwrap_err();
        assert_eq!(error.key(), "trust-capability-folder");
    }

    #[test]
    fn a_folder_that_becomes_too_long_from_here_is_refused() {
        let folder = "d".repeat(CAPABILITY_BYTES_MAX - "files:ro:/".len());
        let fits = Capability::parse_in(&format!("files:ro:{folder}"), Path::new("/")).unwrap();
        assert_eq!(fits.to_string().parse(), Ok(fits));
        let error = Capability::parse_in(&format!("files:ro:{folder}"), Path::new("/srv"));
        assert_eq!(error.unwrap_err().key(), "trust-capability-too-long");
    }

    proptest! {
        #[test]
        fn any_argv_goes_there_and_back(words in prop::collection::vec("[^\0]{1,8}", 1..4)) {
            let capability = Capability::ExecOnly(words.clone());
            let read: Capability = capability.to_string().parse().unwrap();
            prop_assert_eq!(&read, &capability);
            let argv: Vec<OsString> = words.into_iter().map(OsString::from).collect();
            prop_assert!(read.allows_exec(&argv));
        }

        #[test]
        fn any_service_goes_there_and_back(name in "[a-z0-9._-]{1,64}") {
            let read: Capability = format!("service:{name}").parse().unwrap();
            prop_assert_eq!(read.to_string(), format!("service:{name}"));
            prop_assert_eq!(read, Capability::Service(name));
        }

        #[test]
        fn any_text_is_a_capability_or_an_error(
            text in "(exec:|files:|files:ro:|service:|)\\PC{0,40}",
        ) {
            if let Ok(read) = text.parse::<Capability>() {
                prop_assert_eq!(read.to_string().parse::<Capability>(), Ok(read));
            }
        }
    }
}
