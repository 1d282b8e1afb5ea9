//! The files that laws are checked on: read from a workspace, or made up for a test. It parses Rust
//! and knows no law.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use walkdir::{DirEntry, WalkDir};

use super::source::{self, Rust};

/// Kinds of files that people write; all others are left alone.
const TEXT_KINDS: [&str; 13] = [
    "rs", "toml", "md", "ftl", "py", "c", "h", "sh", "yml", "yaml", "json", "txt", "css",
];

/// The largest file that is read: 1 MiB. What people write is far below, raw data may be above.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// Files by their path from the root, with `/` between the parts.
pub(super) struct Tree {
    texts: BTreeMap<String, String>,
    rust: Vec<Rust>,
}

impl Tree {
    /// Reads the workspace at `root`, without what is built and what git keeps.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let mut texts = BTreeMap::new();
        for entry in WalkDir::new(root).into_iter().filter_entry(is_of_interest) {
            let entry = entry.context("the workspace cannot be listed")?;
            if !entry.file_type().is_file() || entry.metadata()?.len() > FILE_BYTES_MAX {
                continue;
            }
            let path = relative(root, entry.path());
            if !is_text(&path) {
                continue;
            }
            let text = std::fs::read_to_string(entry.path())
                .with_context(|| format!("{path} cannot be read as UTF-8 text"))?;
            texts.insert(path, text);
        }
        Ok(Self::new(texts))
    }

    /// A tree that exists in memory only.
    #[cfg(test)]
    pub(super) fn made_up(files: &[(&str, &str)]) -> Self {
        let texts = files
            .iter()
            .map(|(path, text)| ((*path).to_string(), (*text).to_string()));
        Self::new(texts.collect())
    }

    fn new(texts: BTreeMap<String, String>) -> Self {
        let mut rust: Vec<Rust> = texts
            .iter()
            .filter(|(path, _)| path.ends_with(".rs"))
            .map(|(path, text)| Rust::parse(path, text))
            .collect();
        source::mark_test_files(&mut rust);
        Self { texts, rust }
    }

    /// How many files there are.
    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    /// Every file: path and text, by path.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of one file.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    /// Every Rust file, by path.
    pub(super) fn rust(&self) -> &[Rust] {
        &self.rust
    }

    /// Whether `path` is a file, or a folder that holds one.
    pub(super) fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        self.texts.contains_key(path) || self.texts.keys().any(|file| file.starts_with(&folder))
    }
}

/// The crate's folder under `crates/` that `path` stands in, or the top folder: `frame`, `xtask`.
pub(super) fn crate_of(path: &str) -> &str {
    let mut parts = path.split('/');
    match parts.next() {
        Some("crates") => parts.next().unwrap_or_default(),
        top => top.unwrap_or_default(),
    }
}

/// The line of `text`, counted from 1, on which `wanted` first stands; 1 when nowhere.
pub(super) fn line_of(text: &str, wanted: &str) -> usize {
    let found = text.lines().position(|line| line.contains(wanted));
    found.map_or(1, |index| index + 1)
}

/// Everything but build products and hidden folders; of these, what continuous integration reads.
fn is_of_interest(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    if entry.depth() == 0 || !entry.file_type().is_dir() {
        return true;
    }
    match name.as_ref() {
        "target" | "node_modules" | "__pycache__" => false,
        ".ci" | ".github" | ".cargo" | ".config" => true,
        other => !other.starts_with('.'),
    }
}

fn is_text(path: &str) -> bool {
    let kind = path.rsplit_once('.').map_or("", |(_, kind)| kind);
    TEXT_KINDS.contains(&kind) || path.starts_with(".ci/")
}

fn relative(root: &Path, path: &Path) -> String {
    let inner = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = inner.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_exists_when_it_holds_a_file() {
        let tree = Tree::made_up(&[("crates/frame/src/lib.rs", "")]);
        assert!(tree.has("crates/frame/"));
        assert!(tree.has("crates/frame/src/lib.rs"));
        assert!(!tree.has("crates/fra"));
    }

    #[test]
    fn a_path_tells_its_crate() {
        assert_eq!(crate_of("crates/frame/src/lib.rs"), "frame");
        assert_eq!(crate_of("xtask/src/main.rs"), "xtask");
    }

    #[test]
    fn the_line_of_a_word_is_counted_from_one() {
        assert_eq!(line_of("a\nb\nc", "b"), 2);
        assert_eq!(line_of("a", "z"), 1);
    }

    #[test]
    fn what_people_write_is_read_and_what_is_built_is_not() {
        assert!(is_text("a/b.rs"));
        assert!(is_text(".ci/run"));
        assert!(!is_text("Cargo.lock"));
        assert!(!is_text("picture.png"));
    }
}
