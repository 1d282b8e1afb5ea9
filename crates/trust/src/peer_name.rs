//! Names that people give to peers: short, on one line, and never to be taken for an address, a key
//! or an option. It does not know who has which name.

use std::fmt;
use std::str::FromStr;

use crate::hex::serde_text;
use crate::peer_id::PeerId;

/// The longest name, in bytes of UTF-8.
pub const NAME_BYTES_MAX: usize = 64;

/// Signs that addresses, lists of names and quoting give a meaning of their own.
const SIGNS_TAKEN: [char; 9] = ['/', '\\', ':', ',', '@', '[', ']', '"', '\''];

/// A name that holds the rules of [`PeerName::from_str`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerName(String);

/// Why a text is no name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing at all.
    #[error("a name has at least one letter")]
    Empty,
    /// More than [`NAME_BYTES_MAX`] bytes.
    #[error("a name has at most {NAME_BYTES_MAX} bytes, and this one has {0}")]
    TooLong(usize),
    /// A sign that a name must not hold: white space, a control or direction sign, or one that
    /// addresses use.
    #[error("a name must not hold {0:?}")]
    Sign(char),
    /// It starts with `-`, as options do, or it is `.` or `..`.
    #[error("{0:?} would be taken for something else than a name")]
    Shape(String),
    /// It is written as a key is.
    #[error("a name must not look like a key")]
    LooksLikeKey,
}

impl NameError {
    /// The key of its sentence in a catalogue of messages.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Empty => "trust-name-empty",
            Self::TooLong(_) => "trust-name-too-long",
            Self::Sign(_) => "trust-name-sign",
            Self::Shape(_) => "trust-name-shape",
            Self::LooksLikeKey => "trust-name-looks-like-key",
        }
    }

    /// The values that its sentence names.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLong(bytes) => vec![
                ("bytes", bytes.to_string()),
                ("max", NAME_BYTES_MAX.to_string()),
            ],
            Self::Sign(sign) => vec![("sign", sign.escape_debug().to_string())],
            Self::Shape(name) => vec![("name", name.clone())],
            Self::Empty | Self::LooksLikeKey => Vec::new(),
        }
    }
}

impl PeerName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first two words of a peer's key, for one that nobody has named.
    pub fn of_words(peer: &PeerId) -> PeerName {
        let words = peer.words();
        let end = words
            .match_indices('-')
            .nth(1)
            .map_or(words.len(), |(at, _)| at);
        PeerName(words[..end].to_owned())
    }

    /// This name, or if `is_taken` the first of `name-2`, `name-3`, ... that is not. The name is
    /// shortened where the number would make it too long.
    pub fn free(&self, is_taken: impl Fn(&PeerName) -> bool) -> PeerName {
        let mut name = self.clone();
        let mut number: u32 = 2;
        while is_taken(&name) {
            let ending = format!("-{number}");
            let mut length = self.0.len().min(NAME_BYTES_MAX - ending.len());
            while !self.0.is_char_boundary(length) {
                length -= 1;
            }
            name = PeerName(format!("{}{ending}", &self.0[..length]));
            number += 1;
        }
        name
    }
}

impl FromStr for PeerName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        if text.len() > NAME_BYTES_MAX {
            return Err(NameError::TooLong(text.len()));
        }
        if let Some(sign) = text.chars().find(|sign| is_forbidden(*sign)) {
            return Err(NameError::Sign(sign));
        }
        if text.starts_with('-') || text == "." || text == ".." {
            return Err(NameError::Shape(text.to_owned()));
        }
        if text.parse::<PeerId>().is_ok() {
            return Err(NameError::LooksLikeKey);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for PeerName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.0)
    }
}

serde_text!(PeerName);

fn is_forbidden(sign: char) -> bool {
    sign.is_control() || sign.is_whitespace() || is_invisible(sign) || SIGNS_TAKEN.contains(&sign)
}

/// Signs that change how the others look and are not seen themselves: those of direction (Unicode,
/// annex 9), of joining and of no width, soft hyphens, tags.
fn is_invisible(sign: char) -> bool {
    matches!(
        sign,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_are_taken() {
        for name in [
            "a",
            "office-2",
            "办公室",
            "Büro_3.lan",
            &"n".repeat(NAME_BYTES_MAX),
        ] {
            assert_eq!(name.parse::<PeerName>().unwrap().as_str(), name);
        }
    }

    #[test]
    fn what_could_be_taken_for_something_else_is_refused() {
        let check = |text: &str, key| {
            let error = text.parse::<PeerName>().unwrap_err();
            assert_eq!(error.key(), key, "{text:?}");
        };
        check("", "trust-name-empty");
        check(&"n".repeat(NAME_BYTES_MAX + 1), "trust-name-too-long");
        for sign in [
            "a/b",
            "a:b",
            "a b",
            "a\nb",
            "a\u{202e}b",
            "a,b",
            "@a",
            "[a",
            "a\0",
        ] {
            check(sign, "trust-name-sign");
        }
        check("-rf", "trust-name-shape");
        check("..", "trust-name-shape");
        check(&"0aF9".repeat(16), "trust-name-looks-like-key");
    }

    #[test]
    fn two_words_of_a_key_are_a_name() {
        for byte in 0..=u8::MAX {
            let peer = PeerId::from_bytes([byte; 32]);
            let name = PeerName::of_words(&peer);
            assert_eq!(name.as_str().parse(), Ok(name.clone()));
            assert!(peer.words().starts_with(&format!("{name}-")), "{name}");
            assert_eq!(name.as_str().split('-').count(), 2);
        }
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let name: PeerName = "n".repeat(NAME_BYTES_MAX).parse().unwrap();
        let free = name.free(|it| it == &name || it.as_str().ends_with("-2"));
        assert_eq!(
            free.as_str(),
            format!("{}-3", "n".repeat(NAME_BYTES_MAX - 2))
        );
        let short: PeerName = "办公室".parse().unwrap();
        assert_eq!(short.free(|_| false), short);
    }
}
