//! The law that each sentence for people stands once in every language's catalogue, and that none
//! stands there unused.

use std::collections::BTreeSet;

use super::finding::Finding;
use super::tokens::{self, Token};
use super::tree::Tree;

/// The catalogue: one file a language.
const CATALOGUE: &str = "crates/landline/src/cli/words/";

/// Calls that take a key: the tokens before the bracket, and which argument is the key, from 0.
const CALLS: [(&[&str], usize); 6] = [
    (&["Notice", ":", ":", "new"], 1),
    (&["Ending", ":", ":", "usage"], 0),
    (&["Ending", ":", ":", "failed"], 0),
    (&["ui", ".", "note"], 0),
    (&["ui", ".", "error"], 0),
    (&[".", "sentence"], 0),
];

/// Finds keys that a language lacks, and keys that no source names.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let used = used_keys(tree);
    let mut findings = Vec::new();
    for (path, text) in languages(tree) {
        let known = known_keys(text);
        for (file, line, key) in &used {
            if !known.iter().any(|(_, name)| name == key) {
                let sentence = format!("`{key}` has no sentence in {path}");
                findings.push(Finding::new(file, *line, sentence));
            }
        }
        findings.extend(unused_keys(tree, path, text, &known));
    }
    findings
}

/// Keys of the catalogue at `path` that no source holds as a string and no sentence refers to.
fn unused_keys(tree: &Tree, path: &str, text: &str, known: &[(usize, &str)]) -> Vec<Finding> {
    let literals = literals(tree);
    let is_referred_to = |key: &str| {
        let mut words = text.split('{').skip(1).map(str::trim_start);
        words.any(|rest| {
            rest.strip_prefix(key)
                .is_some_and(|rest| rest.starts_with([' ', '}']))
        })
    };
    known
        .iter()
        .filter(|(_, key)| {
            !literals.contains(format!("\"{key}\"").as_str()) && !is_referred_to(key)
        })
        .map(|(line, key)| {
            Finding::new(path, *line, format!("no source uses `{key}`: take it out"))
        })
        .collect()
}

/// The keys that a catalogue defines, with their lines: `key = sentence` at the start of a line.
fn known_keys(text: &str) -> Vec<(usize, &str)> {
    let lines = text.lines().enumerate();
    lines
        .filter_map(|(index, line)| {
            let (key, _) = line.split_once('=')?;
            let key = key.trim_end();
            is_key(key).then_some((index + 1, key))
        })
        .collect()
}

/// The keys that sources hand to the calls of [`CALLS`]: file, line, key.
fn used_keys(tree: &Tree) -> Vec<(String, usize, String)> {
    let mut used = Vec::new();
    for file in tree.rust().iter().filter(|file| is_product(&file.path)) {
        for (call, position) in CALLS {
            for start in tokens::find(&file.tokens, call) {
                let keys = strings(&file.tokens[start + call.len()..], position);
                let keys = keys.into_iter().filter(|(line, _)| !file.is_test(*line));
                used.extend(keys.map(|(line, key)| (file.path.clone(), line, key.to_string())));
            }
        }
    }
    used
}

/// All strings in sources that are not tests, with their quotes.
fn literals(tree: &Tree) -> BTreeSet<&str> {
    let files = tree.rust().iter().filter(|file| is_product(&file.path));
    files
        .flat_map(|file| file.tokens.iter().filter(|token| !file.is_test(token.line)))
        .filter(|token| token.text.starts_with('"'))
        .map(|token| token.text.as_str())
        .collect()
}

/// The keys in one argument of the call whose bracket opens `tokens`, with their lines. A branch may
/// choose between keys; what is handed on to a call within the argument belongs to that one.
fn strings(tokens: &[Token], position: usize) -> Vec<(usize, &str)> {
    let mut open: Vec<&str> = Vec::new();
    let mut commas = 0;
    let mut found = Vec::new();
    for token in tokens {
        match token.text.as_str() {
            bracket @ ("(" | "[" | "{") => open.push(bracket),
            ")" | "]" | "}" => drop(open.pop()),
            "," if open.len() == 1 => commas += 1,
            text if commas == position && !open.iter().skip(1).any(|it| *it == "(") => {
                let key = text.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
                found.extend(key.filter(|it| is_key(it)).map(|it| (token.line, it)));
            }
            _ => {}
        }
        if open.is_empty() {
            break;
        }
    }
    found
}

fn is_key(word: &str) -> bool {
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || sign == '-' || sign == '_';
    word.starts_with(|sign: char| sign.is_ascii_alphabetic()) && word.chars().all(is_plain)
}

fn is_product(path: &str) -> bool {
    path.starts_with("crates/")
}

fn languages(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    let texts = tree.texts();
    texts.filter(|(path, _)| path.starts_with(CATALOGUE) && path.ends_with(".ftl"))
}

#[cfg(test)]
mod tests {
    use super::super::finding::expect;
    use super::*;

    const EN: &str = "crates/landline/src/cli/words/en.ftl";
    const ZH: &str = "crates/landline/src/cli/words/zh-CN.ftl";
    const SOURCE: &str = "crates/service/src/echo.rs";

    #[test]
    fn a_catalogue_that_fits_the_sources_passes() {
        let words = "## Lines\n# a comment = no key\ngone = It left: { reason }.\n    a second line = no key\nreason = bad\n";
        let source = "fn f() { note(Notice::new(&g(1, 2), \"gone\").with(\"n\", 3)) }\n\
            #[cfg(test)]\nmod tests { fn f() { Notice::new(\"\", \"made-up\") } }";
        expect(check, &[(EN, words), (ZH, words), (SOURCE, source)], &[]);
    }

    #[test]
    fn a_key_that_a_language_lacks_is_found_in_each_branch() {
        let source = "fn f() { note(Notice::new(peer, if cut {\n \"cut\" } else { \"gone\" })) }";
        let (en, zh) = ("cut = C\ngone = G\n", "gone = G\n");
        expect(
            check,
            &[(EN, en), (ZH, zh), (SOURCE, source)],
            &["crates/service/src/echo.rs:2"],
        );
    }

    #[test]
    fn each_kind_of_call_takes_a_key_and_its_values_are_none() {
        let source = "fn f() { Ending::usage(\"a\").with(\"no\", 1);\nEnding::failed(\"b\");\n\
            self.ui.note(\"c\", &[(\"no\", 1)]);\nui.error(\"d\", &[]);\n\
            print!(\"{}\", words.sentence(\"e\", &[]));\n\
            journal.note(Notice::new(h(\"no\"), \"f\").with(\"no\", 1));\n\
            ui.note(key_of(\"no\"), &[]) }";
        let lines = [1, 2, 3, 4, 5, 6].map(|line| format!("{SOURCE}:{line}"));
        let expected = lines.each_ref().map(String::as_str);
        expect(check, &[(EN, ""), (SOURCE, source)], &expected);
    }

    #[test]
    fn a_key_that_no_source_uses_is_found() {
        let source = "fn f() { note(Notice::new(peer, \"gone\")) } // \"left\"";
        let words = "gone = G\nleft = L\n";
        expect(
            check,
            &[(EN, words), (SOURCE, source)],
            &["crates/landline/src/cli/words/en.ftl:2"],
        );
    }
}
