//! The laws of names: a file says at its top what it owns, and no file or folder has a name that
//! would fit anything.

use super::finding::Finding;
use super::tree::Tree;

/// Names that say nothing, as a folder or before a file's ending.
const EMPTY_NAMES: [&str; 8] = [
    "common", "helper", "helpers", "misc", "shared", "stuff", "util", "utils",
];

/// Finds Rust files that do not open with `//!`.
pub(super) fn check_headers(tree: &Tree) -> Vec<Finding> {
    let sentence =
        "open the file with `//!` and a sentence: what it owns and what it does not know";
    let files = tree.rust().iter();
    files
        .filter(|file| !opens_with_sentence(&file.text))
        .map(|file| Finding::new(&file.path, 1, sentence))
        .collect()
}

/// Finds files and folders whose name says nothing.
pub(super) fn check_names(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, _) in tree.texts() {
        let empty = path.split('/').find(|part| says_nothing(part));
        if let Some(part) = empty {
            let sentence = format!("`{part}` says nothing: name it after what it owns");
            findings.push(Finding::new(path, 1, sentence));
        }
    }
    findings
}

fn opens_with_sentence(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    first
        .strip_prefix("//!")
        .is_some_and(|rest| !rest.trim().is_empty())
}

fn says_nothing(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part);
    EMPTY_NAMES.contains(&stem)
}

#[cfg(test)]
mod tests {
    use super::super::finding::expect;
    use super::*;

    #[test]
    fn a_file_with_a_sentence_passes() {
        expect(check_headers, &[("a.rs", "//! What it owns.\n")], &[]);
    }

    #[test]
    fn a_file_without_a_sentence_is_found() {
        let files = [
            ("a.rs", "fn f() {}"),
            ("b.rs", ""),
            ("c.rs", "//!\n"),
            ("d.md", ""),
        ];
        expect(check_headers, &files, &["a.rs:1", "b.rs:1", "c.rs:1"]);
    }

    #[test]
    fn names_that_say_something_pass() {
        expect(
            check_names,
            &[("a/commons.rs", ""), ("a/b/mod.rs", "")],
            &[],
        );
    }

    #[test]
    fn names_that_say_nothing_are_found() {
        let files = [
            ("a/common/b.rs", ""),
            ("a/utils.rs", ""),
            ("b/helpers.test.py", ""),
        ];
        expect(
            check_names,
            &files,
            &["a/common/b.rs:1", "a/utils.rs:1", "b/helpers.test.py:1"],
        );
    }
}
