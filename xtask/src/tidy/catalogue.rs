//! The law that each sentence for people stands once in every language's catalogue, and that none
//! stands there unused.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::Finding;
use super::tokens::{self, Token};
use super::tree::Tree;

/// The catalogue: `LANGUAGE.ftl`, and for each room of the lab `lab/ROOM.LANGUAGE.ftl`.
const CATALOGUE: &str = "crates/landline/src/cli/words/";

/// The lab, which has no words: each string there that starts so is a key.
const LAB: (&str, &str) = ("crates/lab/src/", "lab-");

/// Calls that take a key: the tokens before the bracket, and which argument is the key, from 0.
const CALLS: [(&[&str], usize); 6] = [
    (&["Notice", ":", ":", "new"], 1),
    (&["Ending", ":", ":", "usage"], 0),
    (&["Ending", ":", ":", "failed"], 0),
    (&["ui", ".", "note"], 0),
    (&["ui", ".", "error"], 0),
    (&[".", "sentence"], 0),
];

/// One file of the catalogue: its path and its text.
type File<'tree> = (&'tree str, &'tree str);

/// Finds keys that a language lacks or has twice, and keys that no source names.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let used = used_keys(tree);
    let mut findings = Vec::new();
    for (language, files) in languages(tree) {
        let mut known = BTreeSet::new();
        for (path, line, key) in known_keys(&files) {
            if !known.insert(key) {
                findings.push(Finding::new(path, line, format!("`{key}` stands twice")));
            }
        }
        for (file, line, key) in &used {
            if !known.contains(key.as_str()) {
                let sentence = format!("`{key}` has no sentence in {CATALOGUE}: {language}");
                findings.push(Finding::new(file, *line, sentence));
            }
        }
        findings.extend(unused_keys(tree, &files));
    }
    findings
}

/// Keys of one language's files that no source holds as a string and no sentence refers to.
fn unused_keys(tree: &Tree, files: &[File<'_>]) -> Vec<Finding> {
    let literals = literals(tree);
    let is_referred_to = |key: &str| {
        let words = files.iter().flat_map(|(_, text)| text.split('{').skip(1));
        words.map(str::trim_start).any(|rest| {
            rest.strip_prefix(key)
                .is_some_and(|rest| rest.starts_with([' ', '}']))
        })
    };
    known_keys(files)
        .filter(|(_, _, key)| {
            !literals.contains(format!("\"{key}\"").as_str()) && !is_referred_to(key)
        })
        .map(|(path, line, key)| {
            Finding::new(path, line, format!("no source uses `{key}`: take it out"))
        })
        .collect()
}

/// The keys that files define: path, line, key. It is `key = sentence` at the start of a line.
fn known_keys<'tree>(
    files: &[File<'tree>],
) -> impl Iterator<Item = (&'tree str, usize, &'tree str)> {
    files.iter().flat_map(|(path, text)| {
        let lines = text.lines().enumerate();
        lines.filter_map(|(index, line)| {
            let (key, _) = line.split_once('=')?;
            let key = key.trim_end();
            is_key(key).then_some((*path, index + 1, key))
        })
    })
}

/// The keys that sources hand to the calls of [`CALLS`], and those of the lab: file, line, key.
fn used_keys(tree: &Tree) -> Vec<(String, usize, String)> {
    let mut used = Vec::new();
    for file in tree.rust().iter().filter(|file| is_product(&file.path)) {
        let mut found: Vec<(usize, &str)> = Vec::new();
        for (call, position) in CALLS {
            for start in tokens::find(&file.tokens, call) {
                found.extend(strings(&file.tokens[start + call.len()..], position));
            }
        }
        if file.path.starts_with(LAB.0) {
            let keys = file
                .tokens
                .iter()
                .filter_map(|it| Some((it.line, key_of(it)?)));
            found.extend(keys.filter(|(_, key)| key.starts_with(LAB.1)));
        }
        let found = found.into_iter().filter(|(line, _)| !file.is_test(*line));
        used.extend(found.map(|(line, key)| (file.path.clone(), line, key.to_string())));
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
            _ if commas == position && !open.iter().skip(1).any(|it| *it == "(") => {
                found.extend(key_of(token).map(|key| (token.line, key)));
            }
            _ => {}
        }
        if open.is_empty() {
            break;
        }
    }
    found
}

/// The key that a string is, if it could be one.
fn key_of(token: &Token) -> Option<&str> {
    let text = token.text.strip_prefix('"')?.strip_suffix('"')?;
    is_key(text).then_some(text)
}

fn is_key(word: &str) -> bool {
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || sign == '-' || sign == '_';
    word.starts_with(|sign: char| sign.is_ascii_alphabetic()) && word.chars().all(is_plain)
}

fn is_product(path: &str) -> bool {
    path.starts_with("crates/")
}

/// The files of each language: `en.ftl` and `lab/leftover.en.ftl` are of one.
fn languages(tree: &Tree) -> BTreeMap<&str, Vec<File<'_>>> {
    let mut languages: BTreeMap<&str, Vec<File<'_>>> = BTreeMap::new();
    for (path, text) in tree.texts() {
        let name = path.strip_prefix(CATALOGUE);
        if let Some(name) = name.and_then(|name| name.strip_suffix(".ftl")) {
            let language = name.rsplit(['/', '.']).next().unwrap_or(name);
            languages.entry(language).or_default().push((path, text));
        }
    }
    languages
}

#[cfg(test)]
mod tests {
    use super::super::finding::expect;
    use super::*;

    const EN: &str = "crates/landline/src/cli/words/en.ftl";
    const ZH: &str = "crates/landline/src/cli/words/zh-CN.ftl";
    const LAB_EN: &str = "crates/landline/src/cli/words/lab/sticky.en.ftl";
    const LAB_ZH: &str = "crates/landline/src/cli/words/lab/sticky.zh-CN.ftl";
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

    #[test]
    fn the_files_of_a_language_are_one_catalogue() {
        let source = "fn f() { note(Notice::new(peer, \"gone\")); ui.error(\"stuck\", &[]) }";
        let whole = [(EN, "gone = G\n"), (LAB_EN, "stuck = S\n")];
        expect(check, &[whole[0], whole[1], (SOURCE, source)], &[]);
        let twice = "stuck = S\ngone = G\n";
        expect(
            check,
            &[whole[0], (LAB_EN, twice), (SOURCE, source)],
            &["crates/landline/src/cli/words/lab/sticky.en.ftl:2"],
        );
    }

    #[test]
    fn whatever_looks_like_a_key_in_the_lab_is_one() {
        let path = "crates/lab/src/experiments/sticky.rs";
        let source = "const A: &str = \"lab-sticky-a\";\nconst B: &str = \"lab-sticky-b\";\n\
            #[cfg(test)]\nmod tests { const C: &str = \"lab-sticky-c\"; }";
        let english = "lab-sticky-a = A\nlab-sticky-b = B\n";
        let files = [
            (LAB_EN, english),
            (LAB_ZH, "lab-sticky-a = A\n"),
            (path, source),
        ];
        expect(check, &files, &["crates/lab/src/experiments/sticky.rs:2"]);
    }
}
