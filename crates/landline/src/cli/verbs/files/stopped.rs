//! What is wrong with a file, or with a whole call of `files`: to a person a sentence that says what to
//! do, to a script a code. It does not know what else happened.

use landline::CallError;
use landline::frame::landline1::{Code, Failure, Name};

use crate::cli::ending::Ending;
use crate::cli::escape::shown_bytes;
use crate::cli::verbs::secure;
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
    /// What the call is about, as it is to be said.
    pub(crate) about: String,
}

/// A call that did not come to its end, and who says so.
#[derive(Debug)]
pub(crate) struct Stopped {
    pub(crate) ending: Ending,
    /// The server's code; none where this end stopped it.
    pub(crate) code: Option<String>,
    /// Whether the same again goes on where this one stopped.
    pub(crate) goes_on: bool,
}

impl From<Ending> for Stopped {
    fn from(ending: Ending) -> Self {
        Self {
            ending,
            code: None,
            goes_on: false,
        }
    }
}

impl Deed {
    /// What is wrong with the file `name`: the key of a sentence and its values.
    pub(crate) fn of_file(&self, name: &Name, failure: &Failure) -> (&'static str, Values) {
        let key = match (self.act, failure.known()) {
            (Act::Put, Some(Code::PathMissing)) => "put-missing",
            (Act::Put, Some(Code::PathRefused)) => "put-refused",
            (_, code) => code.and_then(key).unwrap_or("transfer-failed"),
        };
        (key, self.values(shown_bytes(name.as_bytes()), failure))
    }

    /// Why a call has no result.
    pub(crate) fn of_call(&self, error: CallError) -> Stopped {
        match error {
            CallError::Failed(failure) => {
                let code = Some(failure.code.clone());
                let values = self.values(self.about.clone(), &failure);
                let ending = match failure.known().and_then(key) {
                    Some(key) => Ending::failed(key).with_all(values),
                    None => secure::call_ending(&self.host, CallError::Failed(failure)),
                };
                Stopped {
                    ending,
                    code,
                    goes_on: false,
                }
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

/// The sentence for what may be wrong with a file or a call. Which end says so makes no difference to
/// whoever reads it.
fn key(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::PathMissing => "transfer-path-missing",
        Code::PathRefused => "transfer-path-refused",
        Code::ShareMissing => "transfer-share-missing",
        Code::Exists => "transfer-exists",
        Code::Unreadable => "transfer-unreadable",
        Code::Unwritable => "transfer-unwritable",
        Code::DiskFull => "transfer-disk-full",
        Code::SourceChanged => "transfer-source-changed",
        Code::DigestDiffers => "transfer-digest-differs",
        Code::NotRegular => "transfer-not-regular",
        Code::GivenUp => "transfer-given-up",
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
            about: "all of it".to_owned(),
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
