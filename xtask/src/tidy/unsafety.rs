//! The law that `unsafe` stands only in files which the root manifest names, and that what it names
//! still needs it.

use super::finding::Finding;
use super::source::Rust;
use super::tokens;
use super::tree::{Tree, line_of};

/// What opens the list in the comment of the workspace lints. The paths of files follow, on the
/// same line and on the lines of the comment beneath.
const LIST: &str = "# unsafe-files:";

/// The manifest with the list.
const MANIFEST: &str = "Cargo.toml";

/// Finds `unsafe` in files that are not named, and names without `unsafe`.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let manifest = tree.text(MANIFEST).unwrap_or_default();
    let named = named_files(manifest);
    let mut findings = Vec::new();
    for file in tree.rust() {
        if let Some(line) = unsafe_line(file).filter(|_| !named.contains(&file.path.as_str())) {
            let sentence = format!("`unsafe` in a file that `{LIST}` in {MANIFEST} does not name");
            findings.push(Finding::new(&file.path, line, sentence));
        }
    }
    for name in named {
        let files = tree.rust().iter();
        if !files
            .filter(|file| file.path == name)
            .any(|file| unsafe_line(file).is_some())
        {
            let sentence = format!("{name} holds no `unsafe`: take it off the list");
            findings.push(Finding::new(MANIFEST, line_of(manifest, name), sentence));
        }
    }
    findings
}

/// The first line that is unsafe or allows it.
fn unsafe_line(file: &Rust) -> Option<usize> {
    let keyword = tokens::find(&file.tokens, &["unsafe"]);
    let allowed = tokens::find(&file.tokens, &["allow", "(", "unsafe_code"]);
    let expected = tokens::find(&file.tokens, &["expect", "(", "unsafe_code"]);
    let first = keyword.chain(allowed).chain(expected).min()?;
    Some(file.tokens[first].line)
}

fn named_files(manifest: &str) -> Vec<&str> {
    let from_list = manifest.lines().skip_while(|line| !line.starts_with(LIST));
    let comment = from_list.take_while(|line| line.starts_with('#'));
    let words = comment.flat_map(|line| line.split([' ', ',', ':', '`', '#']));
    words.filter(|word| word.ends_with(".rs")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::finding::expect;
    use super::*;

    const UNSAFE: &str = "#![allow(unsafe_code)]\nfn f() { unsafe { g() } }";

    #[test]
    fn a_file_that_is_named_may_be_unsafe() {
        let manifest =
            "# Why.\n# unsafe-files: src/a.rs: recvmmsg,\n#   src/b.rs: sendmmsg\n[lints]\n";
        expect(
            check,
            &[
                (MANIFEST, manifest),
                ("src/a.rs", UNSAFE),
                ("src/b.rs", UNSAFE),
            ],
            &[],
        );
        let none = "# unsafe-files: none\n[lints]\n# src/b.rs\n";
        expect(
            check,
            &[(MANIFEST, none), ("src/a.rs", "// unsafe\nfn f() {}")],
            &[],
        );
    }

    #[test]
    fn a_file_that_is_not_named_is_found() {
        let manifest = "# unsafe-files: none\n";
        let block = "fn f() {\n unsafe { g() } }";
        let files = [
            (MANIFEST, manifest),
            ("src/a.rs", UNSAFE),
            ("src/b.rs", block),
        ];
        expect(check, &files, &["src/a.rs:1", "src/b.rs:2"]);
    }

    #[test]
    fn a_name_without_need_is_found() {
        let manifest = "# unsafe-files: src/a.rs\n#   src/gone.rs\n";
        let files = [(MANIFEST, manifest), ("src/a.rs", "fn f() {}")];
        expect(check, &files, &["Cargo.toml:1", "Cargo.toml:2"]);
    }
}
