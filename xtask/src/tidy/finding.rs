//! One place where a law is broken, as editors and people read it. It does not know which law.

use std::fmt;

use super::tree::Tree;

/// A place and a sentence that says what is wrong there and what to do.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Finding {
    /// The file, from the root of the workspace.
    pub(super) path: String,
    /// The line, counted from 1.
    pub(super) line: usize,
    /// What is wrong.
    pub(super) sentence: String,
}

impl Finding {
    /// A finding in `path` at `line`.
    pub(super) fn new(path: &str, line: usize, sentence: impl Into<String>) -> Self {
        Self {
            path: path.to_string(),
            line,
            sentence: sentence.into(),
        }
    }
}

/// What `law` finds in `tree`, by place, each once.
pub(super) fn find(law: fn(&Tree) -> Vec<Finding>, tree: &Tree) -> Vec<Finding> {
    let mut findings = law(tree);
    findings.sort();
    findings.dedup();
    findings
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.path, self.line, self.sentence)
    }
}

/// Checks `law` on a made-up tree: it must find exactly `expected`, each as `path:line`.
#[cfg(test)]
pub(super) fn expect(law: fn(&Tree) -> Vec<Finding>, files: &[(&str, &str)], expected: &[&str]) {
    let findings = find(law, &Tree::made_up(files));
    let places: Vec<String> = findings
        .iter()
        .map(|found| format!("{}:{}", found.path, found.line))
        .collect();
    assert_eq!(places, expected, "{findings:#?}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_reads_as_path_line_sentence() {
        let found = Finding::new("a/b.rs", 3, "this is wrong");
        assert_eq!(found.to_string(), "a/b.rs:3: this is wrong");
    }
}
