//! What is wrong with a file, or with a whole call of `files`: to a person a sentence that says what to
//! do, to a script a code. It does not know what else happened.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use landline::CallError;
use landline::frame::landline1::{Code, Failure, Name};

use crate::cli::ending::Ending;
use crate::cli::escape::shown_bytes;
use crate::cli::verbs::{far_path, secure};
use crate::cli::words::Values;

/// What is done with files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Get,
    Put,
    List,
}

/// What is done with files, and where.
#[derive(Clone, Debug)]
pub(crate) struct Deed {
    pub(crate) act: Act,
    /// The machine, as it was typed.
    pub(crate) host: String,
    /// What was typed that the call is about.
    pub(crate) about: Vec<OsString>,
    /// Whether what stands in the way was to be replaced.
    pub(crate) forces: bool,
}

/// A call that did not come to its end, and who says so.
#[derive(Debug)]
pub(crate) struct Stopped {
    pub(crate) ending: Ending,
    /// The server's code; none where this end stopped it.
    pub(crate) code: Option<String>,
    /// Whether the same again goes on where this one stopped, and that is to be said.
    pub(crate) goes_on: bool,
    /// Whether somebody wants it to end now, whatever it waits for.
    pub(crate) at_once: bool,
}

impl From<Ending> for Stopped {
    fn from(ending: Ending) -> Self {
        Self {
            ending,
            code: None,
            goes_on: false,
            at_once: false,
        }
    }
}

impl Deed {
    /// What is wrong with the file `name`: the key of a sentence and its values.
    pub(crate) fn of_file(&self, name: &Name, failure: &Failure) -> (&'static str, Values) {
        let key = match (self.act, failure.known()) {
            (Act::Put, Some(Code::PathMissing)) => "put-missing",
            (Act::Put, Some(Code::PathRefused)) => "put-refused",
            (_, Some(Code::Exists)) if self.forces => "transfer-exists-all-the-same",
            (_, code) => code.and_then(key).unwrap_or("transfer-failed"),
        };
        let name = match failure.known() {
            // Said of what was asked for, and not of what was found.
            Some(Code::PathMissing | Code::PathRefused | Code::ShareMissing | Code::NotGranted) => {
                self.as_typed(name)
            }
            _ => name.clone(),
        };
        (key, self.values(shown_bytes(name.as_bytes()), failure))
    }

    /// What was typed for what is called `name`, if one only can be meant.
    pub(crate) fn as_typed(&self, name: &Name) -> Name {
        let ends_so = |typed: &&[u8]| {
            let before = far_path::trimmed(typed).strip_suffix(name.as_bytes());
            before.is_some_and(|before| matches!(before.last(), None | Some(b'/' | b':')))
        };
        let typed = self.about.iter().map(|typed| typed.as_bytes());
        let mut fits = typed.filter(ends_so);
        let typed = match (fits.next(), fits.next(), &self.about[..]) {
            (Some(typed), None, _) => typed,
            // The share's own folder has no name.
            (None, _, [typed]) if far_path::means_content(typed.as_bytes()) => here(typed),
            (None, _, []) => b".",
            _ => return name.clone(),
        };
        Name::new(typed).unwrap_or_else(|| name.clone())
    }

    /// What the call is about, as a sentence names it: the first, and whether there are more.
    fn about(&self) -> String {
        let first = self.about.first().map_or(&b"."[..], |first| here(first));
        match self.about.len() {
            0 | 1 => shown_bytes(first),
            _ => format!("{}, ...", shown_bytes(first)),
        }
    }

    /// Why a call has no result.
    pub(crate) fn of_call(&self, error: CallError) -> Stopped {
        match error {
            CallError::Failed(failure) => {
                let code = Some(failure.code.clone());
                let values = self.values(self.about(), &failure);
                let key = match (self.act, failure.known()) {
                    // The only path of such a call.
                    (Act::Put, Some(Code::PathMissing)) => Some("put-folder-missing"),
                    (_, known) => known.and_then(key),
                };
                let ending = match key {
                    Some(key) => Ending::failed(key).with_all(values),
                    None => secure::call_ending(&self.host, CallError::Failed(failure)),
                };
                Stopped {
                    code,
                    ..Stopped::from(ending)
                }
            }
            // All the paths go in one frame.
            CallError::Unsayable(error) => {
                let too_many = Ending::usage("transfer-too-many-paths");
                too_many.with("error", error).into()
            }
            error => secure::call_ending(&self.host, error).into(),
        }
    }

    fn values(&self, name: String, failure: &Failure) -> Values {
        let capability = match self.act {
            Act::Get | Act::List => "files:ro:DIR",
            Act::Put => "files:rw:DIR",
        };
        vec![
            ("name", name),
            ("host", self.host.clone()),
            ("capability", capability.to_owned()),
            ("code", failure.code.clone()),
            ("message", failure.message.clone()),
        ]
    }
}

/// What was typed, where a sentence needs something to name.
fn here(typed: &OsStr) -> &[u8] {
    match typed.as_bytes() {
        b"" => b".",
        typed => typed,
    }
}

/// The sentence for what may be wrong with a file or a call. Which end says so makes no difference to
/// whoever reads it.
fn key(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::PathMissing => "transfer-path-missing",
        Code::PathRefused => "transfer-path-refused",
        Code::ShareMissing => "transfer-share-missing",
        Code::Exists => "transfer-exists",
        Code::NotReplaced => "transfer-not-replaced",
        Code::NameTwice => "transfer-clash",
        Code::Unreadable => "transfer-unreadable",
        Code::Unwritable => "transfer-unwritable",
        Code::DiskFull => "transfer-disk-full",
        Code::SourceChanged => "transfer-source-changed",
        Code::DigestDiffers => "transfer-digest-differs",
        Code::NotRegular => "transfer-not-regular",
        Code::GivenUp => "transfer-given-up",
        Code::TakenOver => "transfer-taken-over",
        Code::NotGranted => "transfer-not-granted",
        Code::Unsupported => "transfer-not-offered",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use landline::frame::landline1::CODES;

    use super::*;
    use crate::cli::words::{Language, Words};

    fn deed(act: Act) -> Deed {
        Deed {
            act,
            host: "office".to_owned(),
            about: vec!["b/c".into(), "*.x".into()],
            forces: false,
        }
    }

    fn failure(code: &str) -> Failure {
        Failure {
            code: code.to_owned(),
            message: "why".to_owned(),
            retry: false,
        }
    }

    #[test]
    fn every_code_has_a_whole_sentence_in_each_language() {
        let name = Name::new(&b"a\x1b\xff"[..]).expect("a name");
        let codes = CODES.iter().map(|code| code.name());
        for code in codes.chain(["of-a-later-version"]) {
            for (act, language) in [
                (Act::Get, Language::En),
                (Act::Put, Language::En),
                (Act::List, Language::ZhCn),
            ] {
                let (key, values) = deed(act).of_file(&name, &failure(code));
                let sentence = Words::new(language).sentence(key, &values);
                let is_of_all = matches!(code, "not-granted" | "unsupported");
                let about = if is_of_all { "office" } else { "a\\u{1b}\\xff" };
                assert!(sentence.contains(about), "{code}: {sentence}");
                assert!(!sentence.contains("{$"), "{sentence}");
            }
        }
    }

    #[test]
    fn what_is_wrong_with_a_path_is_said_of_what_was_typed() {
        let check = |about: &[&str], code: &str, name: &str, expected: &str| {
            let mut deed = deed(Act::List);
            deed.about = about.iter().map(OsString::from).collect();
            let name = Name::new(name).expect("a name");
            let (_, values) = deed.of_file(&name, &failure(code));
            assert_eq!(values[0], ("name", expected.to_owned()), "{about:?} {code}");
        };
        check(&["b/c"], "path-missing", "c", "b/c");
        check(&["/etc/"], "path-refused", "etc", "/etc/");
        check(&["photos:c", "x"], "not-granted", "c", "photos:c");
        check(&["photos:"], "share-missing", "photos:", "photos:");
        check(&["b/c"], "unreadable", "c", "c");
        check(&["b/c", "d/c"], "path-missing", "c", "c");
        check(&["b"], "path-missing", "b/inner", "b/inner");
        check(&["abc", "d"], "path-missing", "c", "c");
        check(&[], "share-missing", "path", ".");
        check(&[""], "share-missing", "path", ".");
        check(&["photos:."], "not-granted", "path", "photos:.");
    }

    #[test]
    fn a_call_that_is_refused_ends_with_255() {
        let check = |code: &str, key: &str| {
            let stopped = deed(Act::Get).of_call(CallError::Failed(failure(code)));
            assert_eq!(stopped.code.as_deref(), Some(code));
            assert_eq!(stopped.ending.status(), 255, "{code}");
            let (said, values) = stopped.ending.said().expect("it says why");
            assert_eq!(*said, key, "{values:?}");
        };
        check("not-granted", "transfer-not-granted");
        check("share-missing", "transfer-share-missing");
        check("unsupported", "transfer-not-offered");
        check("busy", "call-failed");
        check("of-a-later-version", "call-failed");
    }
}
