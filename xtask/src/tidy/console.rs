//! The law that only the command line parses arguments, prints, makes errors without a type, and
//! exits: a library that did would decide for its callers.

use super::finding::Finding;
use super::source::Rust;
use super::tokens;
use super::tree::Tree;
use super::wide;

/// The module of the command line, beside the binary's own file.
const COMMAND_LINE: &str = "crates/landline/src/cli";

/// The binary's own file.
const MAIN: &str = "crates/landline/src/main.rs";

/// Crates for programs, not for libraries.
const CRATES: [&str; 4] = ["anyhow", "clap", "clap_complete", "clap_mangen"];

/// Macros that print.
const MACROS: [&str; 5] = ["dbg", "eprint", "eprintln", "print", "println"];

/// Finds what belongs to the command line elsewhere in our crates. Tests, examples and build
/// scripts are programs and may.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let files = tree.rust().iter();
    files
        .filter(|file| is_library(&file.path))
        .flat_map(check_file)
        .collect()
}

fn check_file(file: &Rust) -> Vec<Finding> {
    let mut met: Vec<(usize, String)> = Vec::new();
    for path in tokens::paths(&file.tokens) {
        let names: Vec<&str> = path.names.iter().map(String::as_str).collect();
        if CRATES.iter().any(|name| path.is_of(name)) {
            met.push((path.line, format!("`{}`", names[0])));
        }
        if matches!(names[..], [.., "process", "exit"]) {
            met.push((path.line, "`process::exit`".to_string()));
        }
    }
    for name in MACROS {
        let calls = tokens::find(&file.tokens, &[name, "!"]).collect::<Vec<_>>();
        met.extend(
            calls
                .iter()
                .map(|at| (file.tokens[*at].line, format!("`{name}!`"))),
        );
    }
    met.retain(|(line, _)| !file.is_test(*line));
    let sentence = |what| format!("{what} belongs to {COMMAND_LINE} and main.rs only");
    met.into_iter()
        .map(|(line, what)| Finding::new(&file.path, line, sentence(what)))
        .collect()
}

fn is_library(path: &str) -> bool {
    let mut parts = path.split('/');
    let is_program =
        parts.any(|part| matches!(part, "examples" | "tests" | "benches" | "build.rs"));
    path.starts_with("crates/") && !is_program && path != MAIN && !wide::is_in(path, COMMAND_LINE)
}

#[cfg(test)]
mod tests {
    use super::super::finding::expect;
    use super::*;

    const TALKS: &str = "use clap::Parser;\nfn f() { println!(); std::process::exit(2) }";

    #[test]
    fn the_command_line_tests_and_chores_may_talk() {
        let files = [
            ("crates/landline/src/cli.rs", TALKS),
            ("crates/landline/src/cli/call.rs", TALKS),
            ("crates/landline/src/main.rs", TALKS),
            ("crates/landline/tests/all.rs", TALKS),
            (
                "crates/line/src/a.rs",
                "#[cfg(test)]\nmod tests { fn f() { println!(); } }",
            ),
            (
                "crates/line/src/b.rs",
                "//! println!\nfn clap() -> &'static str { \"print!\" }",
            ),
            ("xtask/src/main.rs", TALKS),
        ];
        expect(check, &files, &[]);
    }

    #[test]
    fn a_library_that_talks_or_exits_is_found() {
        let a = |source: &str, expected: &[&str]| {
            expect(check, &[("crates/line/src/a.rs", source)], expected);
        };
        let (first, second) = ("crates/line/src/a.rs:1", "crates/line/src/a.rs:2");
        a(TALKS, &[first, second, second]);
        a("use std::process::{self, exit};", &[first]);
        a("fn f() -> anyhow::Result<()> {}", &[first]);
    }
}
