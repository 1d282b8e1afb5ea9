//! The laws of clean text, in every file that people write: no merge markers, no white space at the
//! end of a line, no path into somebody's home.

use super::finding::Finding;
use super::tree::Tree;

/// Signs that a merge leaves, seven in a row at the start of a line.
const MERGE_SIGNS: [&str; 3] = ["<", "|", ">"];

/// Folders that hold people's homes, spelled so that this file does not name one.
const HOMES: [&str; 3] = [
    concat!("/", "home/"),
    concat!("/", "Users/"),
    concat!("/", "root/"),
];

/// What a bench or a tool wrote, kept as it came.
const RAW: [&str; 2] = ["bench/runs/", "docs/generated/"];

/// Finds lines that are not clean.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts() {
        let is_raw = RAW.iter().any(|folder| path.starts_with(folder));
        for (index, line) in text.lines().enumerate() {
            let mut found = |sentence: &str| findings.push(Finding::new(path, index + 1, sentence));
            if is_merge_marker(line) {
                found("a merge left its marker here");
            }
            if line != line.trim_end() && !is_raw {
                found("white space at the end of the line");
            }
            if HOMES.iter().any(|home| names_home(line, home)) {
                found("a path into somebody's home means nothing on another machine");
            }
        }
    }
    findings
}

fn is_merge_marker(line: &str) -> bool {
    MERGE_SIGNS.iter().any(|sign| {
        let rest = line.strip_prefix(sign.repeat(7).as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    })
}

/// Whether `line` has an absolute path into `home`: `a/home/b` is none.
fn names_home(line: &str, home: &str) -> bool {
    line.match_indices(home).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|sign| sign.is_alphanumeric() || "._-~})".contains(sign))
    })
}

#[cfg(test)]
mod tests {
    use super::super::finding::expect;
    use super::*;

    #[test]
    fn clean_text_passes() {
        let text = "Title\n=======\n\n> quoted\n<<<< four\nhttps://a.example/home/b\n";
        expect(
            check,
            &[("a.md", text), ("bench/runs/b.txt", "raw  \n")],
            &[],
        );
    }

    #[test]
    fn merge_markers_are_found() {
        let text = format!(
            "a\n{} ours\n=======\n{} theirs\n",
            "<".repeat(7),
            ">".repeat(7)
        );
        expect(check, &[("a.rs", &text)], &["a.rs:2", "a.rs:4"]);
    }

    #[test]
    fn white_space_at_the_end_is_found() {
        expect(check, &[("a.md", "a\nb \nc\t\n")], &["a.md:2", "a.md:3"]);
    }

    #[test]
    fn homes_are_found() {
        let text = format!("see {}ann/notes\n\"{}x\"\n", HOMES[0], HOMES[2]);
        expect(check, &[("a.md", &text)], &["a.md:1", "a.md:2"]);
    }
}
