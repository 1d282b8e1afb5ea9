//! `cargo xtask tidy`: checks the laws of the house, then prints the measures of its style. Each law
//! is a small function from a tree to findings; none of them touches a disk.

mod architecture;
mod catalogue;
mod console;
mod crates;
mod finding;
mod measures;
mod names;
mod pure;
mod sizes;
mod source;
mod text;
mod tokens;
mod tree;
mod unfinished;
mod unsafety;
mod wide;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, ensure};

use finding::Finding;
use tree::Tree;

/// A law: what it is called, and the check that finds where it is broken.
type Law = (&'static str, fn(&Tree) -> Vec<Finding>);

/// All laws, in the order in which their findings are printed.
const LAWS: [Law; 14] = [
    ("every Rust file parses", source::check),
    ("who imports whom", crates::check),
    (
        "every crate takes the workspace's lints",
        crates::check_lints,
    ),
    ("frames are pure code", pure::check),
    ("a wide dependency has one place", wide::check),
    ("only the command line talks and exits", console::check),
    ("a file says what it owns", names::check_headers),
    ("names that say something", names::check_names),
    ("files and functions stay small", sizes::check),
    ("unsafe is named", unsafety::check),
    ("paths of ARCHITECTURE.md exist", architecture::check),
    ("the catalogue has each sentence once", catalogue::check),
    ("clean text", text::check),
    ("nothing unfinished", unfinished::check),
];

/// Checks the workspace at `root`. Exits 1 when a law is broken.
pub(crate) fn run(root: &Path, rest: &[&str]) -> Result<ExitCode> {
    ensure!(rest.is_empty(), "`cargo xtask tidy` takes no arguments");
    Ok(if check(root)? {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

/// Checks the workspace at `root`, prints findings and measures, and tells whether all laws hold.
pub(crate) fn check(root: &Path) -> Result<bool> {
    let tree = Tree::read(root)?;
    let broken = print_findings(&tree);
    println!("{}", measures::table(&tree));
    if broken == 0 {
        println!("tidy: {} laws hold in {} files", LAWS.len(), tree.len());
    } else {
        println!("tidy: {broken} of {} laws are broken", LAWS.len());
    }
    Ok(broken == 0)
}

/// Prints what each law finds and returns how many of them are broken.
fn print_findings(tree: &Tree) -> usize {
    let mut broken = 0;
    for (law, check) in LAWS {
        let findings = finding::find(check, tree);
        if findings.is_empty() {
            continue;
        }
        broken += 1;
        println!("broken law: {law}");
        for finding in findings {
            println!("{finding}");
        }
        println!();
    }
    broken
}
