//! Patterns for one part of a path: `*`, `?`, `[abc]`, `[!a-z]`, and `\` before any of them. It works
//! on bytes, since names need not be text, and reads no folder.

/// A pattern for names.
///
/// `*` stands for any bytes, `?` for one, `[...]` for one of those in it. As in a shell, a dot at the
/// front of a name is matched by a dot alone. A `[` that nothing closes is a sign like others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    signs: Vec<Sign>,
}

/// One sign of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Sign {
    /// Any bytes, or none.
    Any,
    /// One byte, whichever it is.
    One,
    /// This byte.
    Byte(u8),
    /// One byte that is in the ranges, or in none of them.
    Set {
        ranges: Vec<(u8, u8)>,
        is_inside: bool,
    },
}

impl Glob {
    /// Reads a pattern. Every text is one.
    pub fn new(pattern: &[u8]) -> Self {
        let mut signs = Vec::new();
        let mut rest = pattern;
        while let Some((first, behind)) = rest.split_first() {
            rest = behind;
            signs.push(match first {
                b'*' => Sign::Any,
                b'?' => Sign::One,
                b'[' => match read_set(behind) {
                    Some((set, behind)) => {
                        rest = behind;
                        set
                    }
                    None => Sign::Byte(b'['),
                },
                b'\\' => match behind.split_first() {
                    Some((escaped, behind)) => {
                        rest = behind;
                        Sign::Byte(*escaped)
                    }
                    None => Sign::Byte(b'\\'),
                },
                byte => Sign::Byte(*byte),
            });
        }
        signs.dedup_by(|one, other| (&*one, &*other) == (&Sign::Any, &Sign::Any));
        Self { signs }
    }

    /// Whether a part has any sign of a pattern.
    pub fn is_in(part: &[u8]) -> bool {
        part.iter()
            .any(|byte| matches!(byte, b'*' | b'?' | b'[' | b'\\'))
    }

    /// Whether a name fits. At worst it looks at each byte once for each sign.
    pub fn matches(&self, name: &[u8]) -> bool {
        if name.first() == Some(&b'.') && self.signs.first() != Some(&Sign::Byte(b'.')) {
            return false;
        }
        let (mut sign, mut at) = (0, 0);
        // The last `*`: what follows it, and where in the name that was tried. An earlier one need not
        // be tried again, for the last can stand for all that an earlier one could.
        let mut last: Option<(usize, usize)> = None;
        while at < name.len() {
            match self.signs.get(sign) {
                Some(Sign::Any) => {
                    sign += 1;
                    last = Some((sign, at));
                }
                Some(found) if found.fits(name[at]) => {
                    sign += 1;
                    at += 1;
                }
                _ => {
                    let Some((behind, tried)) = last else {
                        return false;
                    };
                    last = Some((behind, tried + 1));
                    (sign, at) = (behind, tried + 1);
                }
            }
        }
        self.signs[sign..].iter().all(|rest| *rest == Sign::Any)
    }
}

impl Sign {
    /// Whether it stands for this one byte.
    fn fits(&self, byte: u8) -> bool {
        match self {
            Self::Any => false,
            Self::One => true,
            Self::Byte(own) => *own == byte,
            Self::Set { ranges, is_inside } => {
                let found = ranges
                    .iter()
                    .any(|(low, high)| (*low..=*high).contains(&byte));
                found == *is_inside
            }
        }
    }
}

/// The set behind a `[`, and what follows it. A `]` that comes first is one of the set.
fn read_set(pattern: &[u8]) -> Option<(Sign, &[u8])> {
    let is_outside = matches!(pattern.first(), Some(b'!' | b'^'));
    let mut rest = &pattern[usize::from(is_outside)..];
    let mut ranges = Vec::new();
    loop {
        if rest.first() == Some(&b']') && !ranges.is_empty() {
            let is_inside = !is_outside;
            return Some((Sign::Set { ranges, is_inside }, &rest[1..]));
        }
        let (low, behind) = read_byte(rest)?;
        rest = behind;
        let mut high = low;
        if let [b'-', end, ..] = rest
            && *end != b']'
        {
            (high, rest) = read_byte(&rest[1..])?;
        }
        ranges.push((low, high));
    }
}

/// One byte of a set, without its `\`.
fn read_byte(rest: &[u8]) -> Option<(u8, &[u8])> {
    match rest {
        [b'\\', escaped, behind @ ..] => Some((*escaped, behind)),
        [byte, behind @ ..] => Some((*byte, behind)),
        [] => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(pattern: &str, fits: &[&str], others: &[&str]) {
        let glob = Glob::new(pattern.as_bytes());
        for name in fits {
            assert!(glob.matches(name.as_bytes()), "{pattern:?} {name:?}");
        }
        for name in others {
            assert!(!glob.matches(name.as_bytes()), "{pattern:?} {name:?}");
        }
    }

    #[test]
    fn each_sign_stands_for_what_it_should() {
        check("*", &["a", "a.b", "é", "\n"], &[".a"]);
        check("**", &["a", "a.b"], &[".a"]);
        check("*.txt", &["a.txt", "a.b.txt"], &[".txt", "a.txt~", "a.tx"]);
        check("a?c", &["abc", "a.c"], &["ac", "abbc", "aéc"]);
        check("[abc]", &["a", "c"], &["d", "ab", ""]);
        check("[!a-c]x", &["dx"], &["ax", "cx", "x", ".x"]);
        check("[^a]", &["b"], &["a"]);
        check("[]a]", &["]", "a"], &["b"]);
        check("[!]]", &["a"], &["]"]);
        check("[a-]", &["a", "-"], &["b"]);
        check("[\\]]", &["]"], &["\\"]);
        check("[a\\-c]", &["a", "-", "c"], &["b"]);
        check("[a", &["[a"], &["a"]);
        check("[", &["["], &[]);
        check("a\\*b", &["a*b"], &["axb"]);
        check("\\\\", &["\\"], &[]);
        check("a\\", &["a\\"], &["a"]);
        check(".*", &[".a", "."], &["a"]);
        check("\\.a", &[".a"], &["a"]);
        check("[.]a", &[], &[".a"]);
        check("?a", &[], &[".a"]);
        check("*a*b*c*", &["abc", "xaxbxcx"], &["acb", "ab"]);
        check("", &[""], &["a"]);
    }

    #[test]
    fn names_that_are_no_text_match_byte_by_byte() {
        assert!(Glob::new(b"?\xff*").matches(b"\xfe\xff\x80"));
        assert!(Glob::new(b"[\xf0-\xff]").matches(b"\xfe"));
        assert!(!Glob::new(b"[!\xf0-\xff]").matches(b"\xfe"));
    }

    #[test]
    fn only_its_signs_make_a_pattern() {
        for part in ["*", "a?", "[", "\\"] {
            assert!(Glob::is_in(part.as_bytes()), "{part}");
        }
        assert!(!Glob::is_in(b"a-b]!.{}~"));
    }

    /// Tried from every star, this would take 255 to the power of 60 steps.
    #[test]
    fn many_stars_take_no_time() {
        let pattern = "*a".repeat(60) + "b";
        let name = "a".repeat(255);
        let started = Instant::now();
        assert!(!Glob::new(pattern.as_bytes()).matches(name.as_bytes()));
        assert!(started.elapsed() < Duration::from_secs(1));
    }

    /// What a pattern means, said as plainly as can be.
    fn naive(signs: &[Sign], name: &[u8]) -> bool {
        match (signs.split_first(), name.split_first()) {
            (None, None) => true,
            (None, Some(_)) => false,
            (Some((Sign::Any, rest)), _) => {
                naive(rest, name) || (!name.is_empty() && naive(signs, &name[1..]))
            }
            (Some(_), None) => false,
            (Some((sign, rest)), Some((byte, behind))) => sign.fits(*byte) && naive(rest, behind),
        }
    }

    proptest! {
        #[test]
        fn it_says_what_a_naive_matcher_says(
            pattern in "[ab*?]{0,8}|(\\*|\\?|a|b|\\[ab\\]|\\[!a\\]|\\\\a|\\.){0,7}",
            name in "[ab.]{0,9}",
        ) {
            let glob = Glob::new(pattern.as_bytes());
            let hidden = name.starts_with('.') && glob.signs.first() != Some(&Sign::Byte(b'.'));
            let expected = !hidden && naive(&glob.signs, name.as_bytes());
            prop_assert_eq!(glob.matches(name.as_bytes()), expected);
        }

        #[test]
        fn an_escaped_name_matches_itself_alone(
            name in prop::collection::vec(any::<u8>(), 0..20),
            other in prop::collection::vec(any::<u8>(), 0..20),
        ) {
            let pattern: Vec<u8> = name.iter().flat_map(|byte| [b'\\', *byte]).collect();
            let glob = Glob::new(&pattern);
            prop_assert!(glob.matches(&name));
            prop_assert_eq!(glob.matches(&other), name == other);
        }

        #[test]
        fn any_bytes_are_a_pattern(
            pattern in prop::collection::vec(any::<u8>(), 0..40),
            name in prop::collection::vec(any::<u8>(), 0..40),
        ) {
            Glob::new(&pattern).matches(&name);
        }
    }
}
