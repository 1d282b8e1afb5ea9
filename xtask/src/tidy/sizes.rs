//! The two limits of size: lines of a file, lines of a function. Tests count as all else does.

use super::finding::Finding;
use super::tree::Tree;

/// The most lines of a file of code. Medians aim at 120.
const FILE_LINES_MAX: usize = 500;

/// The most lines of a function, from its signature to its closing brace. Medians aim at 10.
const FUNCTION_LINES_MAX: usize = 70;

/// Kinds of files that hold code.
const CODE_KINDS: [&str; 5] = [".rs", ".py", ".c", ".h", ".sh"];

/// Finds files and functions that are too long.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts() {
        let lines = text.lines().count();
        let is_code = CODE_KINDS.iter().any(|kind| path.ends_with(kind));
        if is_code && lines > FILE_LINES_MAX {
            let sentence =
                format!("{lines} lines, more than {FILE_LINES_MAX}: which two ideas live here?");
            findings.push(Finding::new(path, FILE_LINES_MAX + 1, sentence));
        }
    }
    for file in tree.rust() {
        let functions = file.functions.iter();
        for function in functions.filter(|it| it.lines > FUNCTION_LINES_MAX) {
            let (name, lines) = (&function.name, function.lines);
            let sentence =
                format!("`{name}` has {lines} lines, more than {FUNCTION_LINES_MAX}: split it");
            findings.push(Finding::new(&file.path, function.line, sentence));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::finding::expect;
    use super::*;

    #[test]
    fn a_file_at_the_limit_passes_and_one_line_more_is_found() {
        let limit = "//\n".repeat(FILE_LINES_MAX);
        expect(check, &[("a.rs", &limit)], &[]);
        let more = limit + "//\n";
        expect(check, &[("a.rs", &more), ("b.md", &more)], &["a.rs:501"]);
    }

    #[test]
    fn a_function_at_the_limit_passes_and_one_line_more_is_found() {
        let function = |lines: usize| format!("\nfn f() {{\n{}}}\n", "a();\n".repeat(lines - 2));
        expect(check, &[("a.rs", &function(FUNCTION_LINES_MAX))], &[]);
        expect(
            check,
            &[("a.rs", &function(FUNCTION_LINES_MAX + 1))],
            &["a.rs:2"],
        );
    }
}
