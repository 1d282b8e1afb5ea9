//! The law that nothing is left unfinished: no placeholder, no test switched off without a reason,
//! no test that waits by sleeping.

use super::finding::Finding;
use super::source::Rust;
use super::tokens;
use super::tree::Tree;

/// What stands for code that is not there, and what to do about it.
const PLACEHOLDERS: [(&[&str], &str); 3] = [
    (
        &["todo", "!"],
        "`todo!` is not code yet: write it, or leave the thing out",
    ),
    (
        &["unimplemented", "!"],
        "`unimplemented!` is not code: write it, or leave the thing out",
    ),
    (
        &["ignore", "]"],
        "a test switched off says why: #[ignore = \"reason\"]",
    ),
];

/// What a test must not wait with.
const SLEEP: &str = "a test does not sleep: wait for the event itself, or own the clock; where \
    nothing tells of an event, or a peer is slow on purpose, say so just above with `// sleeps: why`";

/// What opens the reason of a sleep, in a comment just above it: a bounded poll, a slow peer.
const REASON: &str = "sleeps:";

/// Finds what is unfinished.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings: Vec<Finding> = tree.rust().iter().flat_map(check_rust).collect();
    for (path, text) in tree.texts().filter(|(path, _)| is_python_test(path)) {
        for (index, line) in text.lines().enumerate() {
            if line.contains("sleep(") && !says_why(text, index + 1) {
                findings.push(Finding::new(path, index + 1, SLEEP));
            }
        }
    }
    findings
}

fn check_rust(file: &Rust) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (wanted, sentence) in PLACEHOLDERS {
        for at in tokens::find(&file.tokens, wanted) {
            findings.push(Finding::new(&file.path, file.tokens[at].line, sentence));
        }
    }
    for at in tokens::find(&file.tokens, &["sleep", "("]) {
        let line = file.tokens[at].line;
        if file.is_test(line) && !says_why(&file.text, line) {
            findings.push(Finding::new(&file.path, line, SLEEP));
        }
    }
    findings
}

/// Whether the line above `line` says why there must be a sleep.
fn says_why(text: &str, line: usize) -> bool {
    let above = line
        .checked_sub(2)
        .and_then(|above| text.lines().nth(above));
    let reason = above.and_then(|above| above.split_once(REASON));
    reason.is_some_and(|(_, reason)| !reason.trim().is_empty())
}

fn is_python_test(path: &str) -> bool {
    path.ends_with(".py") && path.split('/').any(|part| part == "tests")
}

#[cfg(test)]
mod tests {
    use super::super::finding::expect;
    use super::*;

    #[test]
    fn finished_code_passes() {
        let source =
            "fn f() { sleep(1) } // todo!()\n#[test]\n#[ignore = \"needs root\"]\nfn g() {}";
        expect(
            check,
            &[("src/a.rs", source), ("bench/a.py", "time.sleep(1)")],
            &[],
        );
    }

    #[test]
    fn a_sleep_that_says_why_passes() {
        let source = "fn f() {\n // sleeps: the kernel tells nobody\n sleep(a) }";
        let script = "# sleeps: the file appears\ntime.sleep(1)\n";
        expect(
            check,
            &[("tests/a.rs", source), ("tests/b.py", script)],
            &[],
        );
        let without = "fn f() {\n // sleeps:\n sleep(a) }";
        expect(check, &[("tests/a.rs", without)], &["tests/a.rs:3"]);
    }

    #[test]
    fn placeholders_are_found() {
        let source = "fn f() {\n todo!() }\nfn g() {\n unimplemented!(\"later\") }";
        expect(
            check,
            &[("src/a.rs", source)],
            &["src/a.rs:2", "src/a.rs:4"],
        );
    }

    #[test]
    fn a_test_switched_off_without_a_reason_is_found() {
        expect(
            check,
            &[("src/a.rs", "#[test]\n#[ignore]\nfn f() {}")],
            &["src/a.rs:2"],
        );
    }

    #[test]
    fn a_test_that_sleeps_is_found() {
        let inner = "#[cfg(test)]\nmod tests {\n fn f() { thread::sleep(a) } }";
        let files = [
            ("src/a.rs", inner),
            ("tests/b.rs", "fn f() { sleep(a).await }"),
            ("tests/c.py", "\ntime.sleep(1)"),
        ];
        expect(
            check,
            &files,
            &["src/a.rs:3", "tests/b.rs:1", "tests/c.py:2"],
        );
    }
}
