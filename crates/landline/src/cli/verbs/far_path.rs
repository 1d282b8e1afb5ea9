//! Paths on a machine that one trusts, as they are typed: `FOLDER/FILE`, `SHARE:FOLDER/FILE`, with
//! patterns. What they lead to, that machine alone knows.

use landline::frame::landline1::Name;

/// Signs of a pattern.
const PATTERN: &[u8] = br"*?[\";

/// Whether `bytes` are a pattern.
pub(crate) fn is_pattern(bytes: &[u8]) -> bool {
    bytes.iter().any(|byte| PATTERN.contains(byte))
}

/// A path at its last slash, or where it has none at the colon behind its share: what stands before,
/// with that sign, and what stands behind.
pub(crate) fn split(path: &[u8]) -> (&[u8], &[u8]) {
    let slash = path.iter().rposition(|byte| *byte == b'/');
    let sign = slash.or_else(|| path.iter().position(|byte| *byte == b':'));
    path.split_at(sign.map_or(0, |sign| sign + 1))
}

/// A path without what says no more: slashes at its end, as with `cp -r`.
pub(crate) fn trimmed(path: &[u8]) -> &[u8] {
    let end = path.iter().rposition(|byte| *byte != b'/');
    &path[..end.map_or(0, |end| end + 1)]
}

/// Whether a path means what is in a folder, and not the folder.
pub(crate) fn means_content(path: &[u8]) -> bool {
    matches!(split(trimmed(path)).1, b"" | b".")
}

/// The one name that what `path` leads to has, if the path tells.
pub(crate) fn target(path: &Name) -> Option<&[u8]> {
    let (_, last) = split(trimmed(path.as_bytes()));
    (is_name(last) && !is_pattern(last)).then_some(last)
}

/// Whether `part` is a name within a folder.
pub(crate) fn is_name(part: &[u8]) -> bool {
    !matches!(part, b"" | b"." | b"..") && !part.contains(&b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_split_behind_its_folder() {
        let check = |path: &str, before: &str, last: &str| {
            assert_eq!(split(path.as_bytes()), (before.as_bytes(), last.as_bytes()));
        };
        check("a.txt", "", "a.txt");
        check("b/a.txt", "b/", "a.txt");
        check("b/c/a:b", "b/c/", "a:b");
        check("photos:a.txt", "photos:", "a.txt");
        check("photos:b/a.txt", "photos:b/", "a.txt");
        check("photos:", "photos:", "");
        check("b/", "b/", "");
        check("/a", "/", "a");
        check("", "", "");
    }

    #[test]
    fn only_a_literal_path_tells_the_name() {
        let check = |path: &str, expected: Option<&str>| {
            let name = Name::new(path).expect("a name");
            assert_eq!(target(&name), expected.map(str::as_bytes), "{path}");
        };
        check("b/a.txt", Some("a.txt"));
        check("*/a.txt", Some("a.txt"));
        check("photos:2024", Some("2024"));
        check("b//", Some("b"));
        for none in ["*.txt", "a?", "[ab]", "/", "", ".", "b/..", "photos:"] {
            check(none, None);
        }
    }
}
