//! The measures of style, for each crate: they are printed to be looked at, and break no law.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::source::Rust;
use super::tokens;
use super::tree::{Tree, crate_of};

/// What stands over the columns of the table.
const HEADING: [&str; 2] = [
    "                   lines of a file  lines of a function          of all lines   in 1,000 lines      public,",
    "crate        files   median  longest   median  longest   >40     doc   comment    unwrap      tests  documented",
];

/// Functions longer than this are counted, in lines.
const LONG_FUNCTION_LINES: usize = 40;

/// What is counted in one crate. Lines and functions of tests are left out, but for `tests`.
#[derive(Default)]
struct Measures {
    files: Vec<usize>,
    functions: Vec<usize>,
    docs: usize,
    comments: usize,
    unwraps: usize,
    tests: usize,
    public: usize,
    documented: usize,
}

/// The table of all crates, one a line, and a line for all of them.
pub(super) fn table(tree: &Tree) -> String {
    let mut crates: BTreeMap<&str, Measures> = BTreeMap::new();
    let mut all = Measures::default();
    for file in tree.rust() {
        crates.entry(crate_of(&file.path)).or_default().add(file);
        all.add(file);
    }
    let mut table = HEADING.join("\n");
    for (name, measures) in crates.into_iter().chain([("all", all)]) {
        let _ = write!(table, "\n{name:<12}{}", measures.row());
    }
    table
}

impl Measures {
    fn add(&mut self, file: &Rust) {
        let lines: Vec<&str> = file.product_lines().map(str::trim_start).collect();
        if !lines.is_empty() {
            self.files.push(lines.len());
        }
        let is_doc = |line: &&&str| line.starts_with("///") || line.starts_with("//!");
        let docs = lines.iter().filter(is_doc).count();
        self.docs += docs;
        self.comments += lines.iter().filter(|line| line.starts_with("//")).count() - docs;
        let functions = file.functions.iter().filter(|it| !file.is_test(it.line));
        self.functions.extend(functions.map(|it| it.lines));
        self.unwraps += unwraps(file);
        self.tests += tests(file);
        self.public += file.public;
        self.documented += file.documented;
    }

    fn row(mut self) -> String {
        let lines: usize = self.files.iter().sum();
        let long = self
            .functions
            .iter()
            .filter(|it| **it > LONG_FUNCTION_LINES)
            .count();
        format!(
            "{:>6}{:>9}{:>9}{:>9}{:>9}{long:>6}{:>7.1}%{:>9.1}%{:>10.1}{:>11.1}{:>10}/{}",
            self.files.len(),
            median(&mut self.files),
            self.files.last().unwrap_or(&0),
            median(&mut self.functions),
            self.functions.last().unwrap_or(&0),
            share(self.docs, lines) * 100.0,
            share(self.comments, lines) * 100.0,
            share(self.unwraps, lines) * 1000.0,
            share(self.tests, lines) * 1000.0,
            self.documented,
            self.public,
        )
    }
}

/// Calls of `unwrap` and `expect` outside tests.
fn unwraps(file: &Rust) -> usize {
    let count = |name| {
        let wanted = [".", name, "("];
        let found = tokens::find(&file.tokens, &wanted);
        found
            .filter(|at| !file.is_test(file.tokens[*at].line))
            .count()
    };
    count("unwrap") + count("expect")
}

/// Functions with `#[test]` or its kin, those that a macro holds too.
fn tests(file: &Rust) -> usize {
    let closed = tokens::find(&file.tokens, &["test", "]"]);
    let with_arguments = tokens::find(&file.tokens, &["test", "("]);
    let is_attribute = |at: &usize| {
        let before = at
            .checked_sub(1)
            .map(|before| file.tokens[before].text.as_str());
        matches!(before, Some("[" | ":"))
    };
    closed.chain(with_arguments).filter(is_attribute).count()
}

/// Sorts `values` and returns the one in the middle.
fn median(values: &mut [usize]) -> usize {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or(0)
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "//! Doc.\n// Comment.\nfn f() { a.unwrap(); }\n\
        #[cfg(test)]\nmod tests {\n #[test]\n fn g() { a.unwrap(); }\n #[tokio::test(x)]\n fn h() {}\n}\n";

    #[test]
    fn tests_are_counted_apart_from_the_product() {
        let mut measures = Measures::default();
        measures.add(&Rust::parse("src/a.rs", FILE));
        assert_eq!((measures.docs, measures.comments), (1, 1));
        assert_eq!((measures.unwraps, measures.tests), (1, 2));
        assert_eq!((measures.files, measures.functions), (vec![3], vec![1]));
    }

    #[test]
    fn the_median_stands_in_the_middle() {
        assert_eq!(median(&mut [9, 1, 5]), 5);
        assert_eq!(median(&mut []), 0);
    }

    #[test]
    fn each_crate_has_a_row() {
        let tree = Tree::made_up(&[
            ("crates/frame/src/lib.rs", FILE),
            ("xtask/src/main.rs", FILE),
        ]);
        let table = table(&tree);
        let names: Vec<&str> = table
            .lines()
            .skip(2)
            .filter_map(|row| row.split(' ').next())
            .collect();
        assert_eq!(names, ["frame", "xtask", "all"]);
    }
}
