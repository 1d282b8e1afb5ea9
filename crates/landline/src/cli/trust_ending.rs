//! What an error of trust is to a person: its sentence of the catalogue and the exit status that tells
//! whose fault it was. It does not know what was being done.

use landline::trust::{Fault, TrustError};

use super::ending::Ending;

/// How a run ends that such an error stops: as wrong usage where who typed, or who wrote the file, can
/// do something about it, and as a failure where the peer or the machine is at fault.
pub(crate) fn trust_ending(error: impl Into<TrustError>) -> Ending {
    let error = error.into();
    let ending = match error.fault() {
        Fault::Caller => Ending::usage(error.key()),
        Fault::Peer | Fault::Ours => Ending::failed(error.key()),
    };
    ending.with_all(error.values())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::io;
    use std::path::{Path, PathBuf};

    use landline::trust::{
        BookError, CapabilityError, FileError, GrantsError, HostAddressError, IdentityError,
        InviteError, NameError, PeerId, PeerIdError, PeerName, TicketError,
    };

    use super::*;
    use crate::cli::words::{Language, Words};

    /// One error of each kind there is.
    fn each() -> Vec<TrustError> {
        let errors: [Vec<TrustError>; 4] = [files(), people(), invites(), texts()];
        errors
            .into_iter()
            .flatten()
            .chain([TrustError::NoHome])
            .collect()
    }

    fn files() -> Vec<TrustError> {
        let path = || PathBuf::from("/a");
        let error = || io::ErrorKind::StorageFull.into();
        vec![
            FileError::Read {
                path: path(),
                error: error(),
            }
            .into(),
            FileError::Write {
                path: path(),
                error: error(),
            }
            .into(),
            FileError::NotAFile { path: path() }.into(),
            FileError::TooOpen {
                path: path(),
                mode: 0o644,
                refused: 0o077,
            }
            .into(),
            FileError::Foreign {
                path: path(),
                owner: 7,
            }
            .into(),
            FileError::TooLong { path: path() }.into(),
            FileError::Bad {
                path: path(),
                line: 3,
                what: "w".into(),
            }
            .into(),
            FileError::Busy { path: path() }.into(),
            IdentityError::File(FileError::Busy { path: path() }).into(),
            IdentityError::NotAKey { path: path() }.into(),
            IdentityError::Exists { path: path() }.into(),
        ]
    }

    fn people() -> Vec<TrustError> {
        let (known, found) = (PeerId::from_bytes([1; 32]), PeerId::from_bytes([2; 32]));
        let (name, text) = (PeerName::of_words(&known), || "n".to_owned());
        vec![
            BookError::KeyChanged {
                name: name.clone(),
                known,
                found,
            }
            .into(),
            BookError::Unknown(text()).into(),
            BookError::Taken(name.clone()).into(),
            GrantsError::Unknown(text()).into(),
            GrantsError::Ambiguous(text()).into(),
            GrantsError::Taken(name).into(),
            NameError::Empty.into(),
            NameError::TooLong(99).into(),
            NameError::Sign('/').into(),
            NameError::Shape(text()).into(),
            NameError::LooksLikeKey.into(),
        ]
    }

    fn invites() -> Vec<TrustError> {
        vec![
            InviteError::Lifetime.into(),
            InviteError::TooMany.into(),
            InviteError::Unknown.into(),
            InviteError::Expired.into(),
            InviteError::Forged.into(),
            TicketError::NotATicket.into(),
            TicketError::Damaged.into(),
            TicketError::Version(2).into(),
            TicketError::Address.into(),
            TicketError::Addresses(9).into(),
            TicketError::NotHex.into(),
        ]
    }

    fn texts() -> Vec<TrustError> {
        let text = || "t".to_owned();
        vec![
            CapabilityError::Unknown(text()).into(),
            CapabilityError::TooLong(1).into(),
            CapabilityError::Argv(text()).into(),
            CapabilityError::Access(text()).into(),
            CapabilityError::Folder(text()).into(),
            CapabilityError::Service(text()).into(),
            HostAddressError::Scheme(text()).into(),
            HostAddressError::Host(text()).into(),
            HostAddressError::Port(text()).into(),
            HostAddressError::Brackets(text()).into(),
            PeerIdError::NotHex.into(),
            PeerIdError::TooLong(1).into(),
            PeerIdError::NotACertificate.into(),
            PeerIdError::NotEd25519.into(),
        ]
    }

    #[test]
    fn every_error_of_trust_has_its_sentence_in_each_language() {
        for language in [Language::En, Language::ZhCn] {
            let words = Words::new(language);
            for error in each() {
                let sentence = words.sentence(error.key(), &error.values());
                assert!(!sentence.starts_with(error.key()), "{sentence}");
                assert!(!sentence.contains("{$"), "{sentence}");
                for (name, value) in error.values() {
                    assert!(sentence.contains(&value), "{name} is not in: {sentence}");
                }
            }
        }
    }

    /// The list above is whole: it has all keys that the sources of the trust crate give.
    #[test]
    fn no_error_of_trust_is_forgotten() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../trust/src");
        let mut keys = BTreeSet::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let source = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let arms = source.split(" => \"trust-").skip(1);
            let ends = arms.map(|rest| rest.split('"').next().unwrap().to_owned());
            keys.extend(ends.map(|end| format!("trust-{end}")));
        }
        let listed: BTreeSet<String> = each().iter().map(|it| it.key().to_owned()).collect();
        assert_eq!(listed, keys);
    }

    #[test]
    fn the_status_says_whose_fault_it_was() {
        let check = |error: TrustError, expected| {
            assert_eq!(trust_ending(error).status(), expected);
        };
        check(TrustError::NoHome, 2);
        check(NameError::Empty.into(), 2);
        check(InviteError::Forged.into(), 255);
        let (path, error) = (PathBuf::from("/a"), io::ErrorKind::StorageFull.into());
        check(FileError::Write { path, error }.into(), 255);
    }
}
