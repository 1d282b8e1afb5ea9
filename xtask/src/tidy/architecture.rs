//! The law that ARCHITECTURE.md tells the truth: every path that it names in backticks exists.

use super::finding::Finding;
use super::tree::Tree;

/// The map that is checked.
const MAP: &str = "ARCHITECTURE.md";

/// Names with a slash that are no paths.
const NOT_PATHS: [&str; 3] = ["landline/1", "I/O", "stdin/stdout"];

/// Endings that make a word a path even without a slash.
const ENDINGS: [&str; 3] = [".rs", ".md", ".toml"];

/// Finds paths in the map that lead nowhere.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (line, span) in code_spans(tree.text(MAP).unwrap_or_default()) {
        if is_path(span) && !exists(tree, span) {
            let sentence = format!("there is no `{span}` in this workspace");
            findings.push(Finding::new(MAP, line, sentence));
        }
    }
    findings
}

/// The words in backticks outside fenced blocks, with their lines.
fn code_spans(text: &str) -> Vec<(usize, &str)> {
    let mut spans = Vec::new();
    let mut is_fenced = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            is_fenced = !is_fenced;
        } else if !is_fenced {
            let inner = line.split('`').skip(1).step_by(2);
            spans.extend(inner.map(|span| (index + 1, span)));
        }
    }
    spans
}

/// Whether a word is meant as a path: `/proc` and `tcp://` are not.
fn is_path(span: &str) -> bool {
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || "._-/".contains(sign);
    let has_shape = span.contains('/') || ENDINGS.iter().any(|ending| span.ends_with(ending));
    let is_rooted = span.starts_with(['/', '-']);
    has_shape && !is_rooted && span.chars().all(is_plain) && !NOT_PATHS.contains(&span)
}

/// A path counts from the root of the workspace; one that starts in no folder there may be the end
/// of a path, as `call.rs` is.
fn exists(tree: &Tree, span: &str) -> bool {
    let first = span.split('/').next().unwrap_or(span);
    if tree.has(span) {
        return true;
    }
    if tree.has(first) {
        return false;
    }
    let inner = format!("/{}", span.trim_end_matches('/'));
    let folder = format!("{inner}/");
    let mut paths = tree.texts().map(|(path, _)| path);
    paths.any(|path| path.ends_with(&inner) || path.contains(&folder))
}

#[cfg(test)]
mod tests {
    use super::super::finding::expect;
    use super::*;

    #[test]
    fn paths_that_exist_pass() {
        let map = "`crates/line`, `crates/line/`, `crates/line/src/tcp.rs`, `tcp.rs`, `src/tcp.rs`\n\
            `landline/1`, `/proc`, `tcp://x`, `Call`, `cargo xtask test`\n\
            ```\ncrates/gone.rs\n`gone.rs`\n```\n";
        expect(check, &[(MAP, map), ("crates/line/src/tcp.rs", "")], &[]);
    }

    #[test]
    fn paths_that_do_not_exist_are_found() {
        let map = "`crates/gone`\n`gone.rs`\nand `crates/tcp.rs`\n";
        let expected = [
            "ARCHITECTURE.md:1",
            "ARCHITECTURE.md:2",
            "ARCHITECTURE.md:3",
        ];
        let files = [(MAP, map), ("crates/line/src/tcp.rs", "")];
        expect(check, &files, &expected);
        let own_folder = [(MAP, "`src/tcp.rs`"), files[1], ("src/lib.rs", "")];
        expect(check, &own_folder, &expected[..1]);
    }
}
