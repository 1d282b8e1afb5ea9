//! Paths as they were asked for: their plain parts, and what their entries are called. It opens nothing.

use landline_frame::landline1::{Code, Failure, Name};

use crate::transfer::find::glob::Glob;

/// How much of a name a sentence repeats, in bytes: its entry has all of it.
const SHOWN_BYTES_MAX: usize = 200;

/// The path without empty parts and `.`.
///
/// # Errors
/// It starts at the top, or has a part `..`, or a NUL.
pub(super) fn plain(path: &[u8]) -> Result<Vec<u8>, Failure> {
    let refused = |what: &str| {
        let message = format!("{}: {what}", shown(path));
        Err(Failure::new(Code::PathRefused, message))
    };
    if path.starts_with(b"/") {
        return refused("a path begins in its share, without a / in front");
    }
    if path.contains(&0) {
        return refused("no path has a NUL");
    }
    let mut found = Vec::with_capacity(path.len());
    for part in path.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => return refused("`..` leads upwards"),
            part => push(&mut found, part),
        }
    }
    Ok(found)
}

/// Lengthens a path by a part.
pub(super) fn push(path: &mut Vec<u8>, part: &[u8]) {
    if !path.is_empty() {
        path.push(b'/');
    }
    path.extend_from_slice(part);
}

/// What comes before the last part, and that.
pub(super) fn split_last(path: &[u8]) -> (&[u8], &[u8]) {
    match path.iter().rposition(|byte| *byte == b'/') {
        Some(slash) => (&path[..slash], &path[slash + 1..]),
        None => (&[], path),
    }
}

/// What stands behind the last `/` that another sign follows.
pub(super) fn last_written(path: &[u8]) -> &[u8] {
    let end = path.iter().rposition(|byte| *byte != b'/');
    split_last(&path[..end.map_or(0, |end| end + 1)]).1
}

/// Whether a path means what is in a folder, and not the folder: it ends in `.`, or is empty. A `/`
/// behind a name changes nothing, as with `cp -r`.
pub(super) fn means_content(path: &[u8]) -> bool {
    matches!(last_written(path), b"" | b"." | b"..")
}

/// Whether an entry of this name may come of what was asked for as `path`, with or without a share in
/// front: a sender that brings another breaks the protocol.
pub fn is_asked(path: &Name, entry: &Name) -> bool {
    let path = path.as_bytes();
    let first = entry.parts().next().unwrap_or_default();
    let within = path.iter().position(|byte| *byte == b':');
    let within = within.map(|colon| &path[colon + 1..]);
    [Some(path), within].into_iter().flatten().any(|path| {
        let last = last_written(path);
        means_content(path)
            || last == first
            || (Glob::is_in(last) && Glob::new(last).matches(first))
    })
}

/// What was asked for as `path`, if that is what an entry of this name stands for which could not be
/// found: names of entries lead down, and paths may be any.
pub fn asked_for(path: &Name, entry: &Name) -> Option<Name> {
    let stands_for_it = entry_name(path.as_bytes()) == entry.as_bytes();
    let path = match path.as_bytes() {
        b"" => Name::new("."),
        _ => Some(path.clone()),
    };
    path.filter(|_| stands_for_it)
}

/// A name for what could not be found under `path`: its last part, if that can be a name.
pub(super) fn entry_name(path: &[u8]) -> Vec<u8> {
    let plain = path
        .split(|byte| *byte == b'/')
        .rfind(|part| !matches!(*part, b"" | b"." | b".."));
    let part = plain.unwrap_or(b"path");
    part.iter()
        .map(|byte| if *byte == 0 { b'?' } else { *byte })
        .collect()
}

/// A name in a sentence.
pub(super) fn shown(name: &[u8]) -> String {
    if name.len() <= SHOWN_BYTES_MAX {
        return String::from_utf8_lossy(name).into_owned();
    }
    let mut shown = String::from_utf8_lossy(&name[..SHOWN_BYTES_MAX]).into_owned();
    shown.push('…');
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_found_is_called_as_it_was_asked_for() {
        let name = |text: &str| Name::new(text).expect("it is short");
        let check = |path: &str, entry: &str, expected: Option<&str>| {
            let found = asked_for(&name(path), &name(entry));
            assert_eq!(found, expected.map(name), "{path:?} {entry:?}");
        };
        check("a/b", "b", Some("a/b"));
        check("a/b/", "b", Some("a/b/"));
        check("a/*", "*", Some("a/*"));
        check("", "path", Some("."));
        check("..", "path", Some(".."));
        check("share:", "share:", Some("share:"));
        check("a/*", "b", None);
        check("a/b", "b/c", None);
    }

    #[test]
    fn what_a_path_ends_in() {
        let check = |path: &str, last: &str, content: bool, name: &str| {
            let bytes = path.as_bytes();
            assert_eq!(last_written(bytes), last.as_bytes(), "{path:?}");
            assert_eq!(means_content(bytes), content, "{path:?}");
            assert_eq!(entry_name(bytes), name.as_bytes(), "{path:?}");
        };
        check("", "", true, "path");
        check(".", ".", true, "path");
        check("/", "", true, "path");
        check("a", "a", false, "a");
        check("a/", "a", false, "a");
        check("b/a//", "a", false, "a");
        check("a/.", ".", true, "a");
        check("a/./", ".", true, "a");
        check("../..", "..", true, "path");
    }

    #[test]
    fn what_may_come_of_a_path() {
        let check = |path: &str, entry: &str, expected: bool| {
            let name = |text: &str| Name::new(text).expect("a name");
            assert_eq!(
                is_asked(&name(path), &name(entry)),
                expected,
                "{path} {entry}"
            );
        };
        check("a/b", "b", true);
        check("a/b/", "b/c/d", true);
        check("a/b", "a/b", false);
        check("a/b", "c", false);
        check("a/b", "bb", false);
        check("a/*.txt", "x.txt", true);
        check("a/*.txt", "x.txt/deep", true);
        check("a/*.txt", "x.png", false);
        check("a[1].txt", "a[1].txt", true);
        check("drop:b", "b", true);
        check("drop:b", "drop:b", true);
        check("drop:b", "c", false);
        check("drop:", "anything", true);
        check("", "anything/at/all", true);
        check("a/.", "anything", true);
    }

    #[test]
    fn long_names_are_shown_in_short() {
        assert_eq!(shown(b"a\xff"), "a\u{fffd}");
        let long = shown("é".repeat(200).as_bytes());
        assert_eq!(long, "é".repeat(100) + "…");
    }
}
