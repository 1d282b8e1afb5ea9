//! The project's own chores, as `cargo xtask CHORE`. It knows the workspace from outside and
//! imports none of its crates.

// A chore talks to the person who runs it, on stdout and stderr.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod bench;
mod pictures;
mod test;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};

const USAGE: &str = "\
cargo xtask test [--long]    everything a change must pass; --long runs the long forms of tests
cargo xtask tidy             the laws of the house, and the measures of its style
cargo xtask bench WHAT       landline beside named peers: echo, relay, exec, files or memory
cargo xtask pictures         the pictures of the READMEs, from experiments run here and now";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut words = arguments.iter().map(String::as_str);
    let chore = words.next().unwrap_or("help");
    let rest: Vec<&str> = words.collect();
    match dispatch(chore, &rest) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Runs one chore. A new one is a `mod` above, a line here and a line in [`USAGE`].
fn dispatch(chore: &str, rest: &[&str]) -> Result<ExitCode> {
    let root = workspace_root()?;
    match chore {
        "bench" => bench::run(&root, rest),
        "pictures" => pictures::run(&root, rest),
        "test" => test::run(&root, rest),
        "tidy" => tidy::run(&root, rest),
        "help" | "-h" | "--help" => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        other => anyhow::bail!("there is no chore `{other}`; there are:\n{USAGE}"),
    }
}

/// The folder of the workspace: cargo names the folder of xtask, which stands in it.
fn workspace_root() -> Result<PathBuf> {
    let own = std::env::var_os("CARGO_MANIFEST_DIR")
        .context("CARGO_MANIFEST_DIR is not set: run this as `cargo xtask`")?;
    let root = Path::new(&own).parent().context("xtask has no parent")?;
    Ok(root.to_path_buf())
}
