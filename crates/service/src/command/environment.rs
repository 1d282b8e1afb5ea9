//! The environment of a command: a small base of this process's own, and what a peer may add. It
//! does not know what the command is.

use std::env;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use super::CommandError;
use super::program::search_path;

/// Which variables a peer may set unless the server says otherwise.
pub const ENV_ALLOW_DEFAULT: [&str; 4] = ["LANG", "LC_*", "TERM", "TZ"];

/// What a command gets of this process's own environment, besides `PATH`.
const BASE: [&str; 6] = ["HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "LANG"];

/// What no peer may set, whatever is allowed: it says who the user is, or makes another program run
/// than the one that was named, or other code within it.
const NEVER: [&str; 20] = [
    "BASH_*",
    "BASHOPTS",
    "CDPATH",
    "ENV",
    "GCONV_PATH",
    "GLIBC_TUNABLES",
    "HOME",
    "IFS",
    "LANDLINE_*",
    "LD_*",
    "LOCPATH",
    "LOGNAME",
    "MALLOC_*",
    "NLSPATH",
    "PATH",
    "PS4",
    "SHELL",
    "SHELLOPTS",
    "TMPDIR",
    "USER",
];

/// A variable: its name and its value.
type Variable = (OsString, OsString);

/// The whole environment of a command: the base, then what the peer asks for, of which each name
/// has to match one of `allow`, exactly or up to its trailing `*`.
pub(super) fn environment(
    asked: &[Variable],
    allow: &[String],
) -> Result<impl Iterator<Item = Variable>, CommandError> {
    for (name, value) in asked {
        if !may_be_set(name, allow) || value.as_bytes().contains(&0) {
            return Err(CommandError::EnvRefused(shown(name)));
        }
    }
    let path = ("PATH".into(), search_path());
    let base = BASE
        .iter()
        .filter_map(|name| Some((name.into(), env::var_os(name)?)));
    Ok(std::iter::once(path)
        .chain(base)
        .chain(asked.iter().cloned()))
}

fn may_be_set(name: &OsStr, allow: &[String]) -> bool {
    let name = name.as_bytes();
    // `LC_A\nLD_PRELOAD` is two variables to whoever reads them by the line.
    let is_letter = |byte: &u8| *byte != b'=' && *byte != b' ' && !byte.is_ascii_control();
    let is_name = !name.is_empty() && name.iter().all(is_letter);
    is_name
        && allow.iter().any(|pattern| matches(pattern, name))
        && !NEVER.iter().any(|pattern| matches(pattern, name))
}

fn matches(pattern: &str, name: &[u8]) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start.as_bytes()),
        None => pattern.as_bytes() == name,
    }
}

/// A name that can be shown: without control characters, and short.
fn shown(name: &OsStr) -> String {
    const SHOWN_BYTES_MAX: usize = 64;
    let bytes = name.as_bytes();
    let cut = &bytes[..bytes.len().min(SHOWN_BYTES_MAX)];
    cut.escape_ascii().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(name: &str, value: &str, allow: &[&str]) -> Result<Vec<Variable>, String> {
        let allow: Vec<String> = allow.iter().map(|&name| name.into()).collect();
        let asked = [(name.into(), value.into())];
        match environment(&asked, &allow) {
            Ok(variables) => Ok(variables.collect()),
            Err(CommandError::EnvRefused(name)) => Err(name),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn only_what_is_allowed_is_taken() {
        for name in ["LANG", "LC_ALL", "LC_", "TERM", "TZ"] {
            let variables = ask(name, "x=y\n", &ENV_ALLOW_DEFAULT).expect("allowed");
            assert_eq!(variables.last(), Some(&(name.into(), "x=y\n".into())));
            assert_eq!(variables[0].0, "PATH");
        }
        for name in ["LANGUAGE", "LC", "lang", "USER", "FOO", "TERMINFO"] {
            assert_eq!(ask(name, "", &ENV_ALLOW_DEFAULT), Err(name.into()));
        }
    }

    #[test]
    fn some_are_never_taken_and_others_are_no_names() {
        let smuggled = [
            "LD_PRELOAD",
            "LD_LIBRARY_PATH",
            "IFS",
            "PATH",
            "USER",
            "HOME",
            "ENV",
            "BASH_ENV",
            "BASH_FUNC_ls%%",
            "SHELLOPTS",
            "PS4",
            "LANDLINE_CALL",
            "",
            "A=B",
            "A\0B",
            "A\nB",
            "A B",
        ];
        for name in smuggled {
            for allow in ["*", name] {
                assert!(ask(name, "x", &[allow]).is_err(), "{name}");
            }
        }
        assert!(ask("A", "b\0LD_PRELOAD=x", &["*"]).is_err());
        assert!(ask("FOO", "x", &["*"]).is_ok());
    }

    #[test]
    fn a_refused_name_is_shown_without_what_it_could_do_to_a_terminal() {
        assert_eq!(ask("\x1b[2Jü", "", &[]), Err(r"\x1b[2J\xc3\xbc".into()));
        assert_eq!(ask(&"x".repeat(1000), "", &[]), Err("x".repeat(64)));
    }
}
