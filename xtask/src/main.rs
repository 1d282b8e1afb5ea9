//! The project's own chores, as `cargo xtask CHORE`. It knows the workspace from outside and
//! imports none of its crates.

mod bench;

use std::path::Path;
use std::process::ExitCode;

fn main() -> anyhow::Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = std::env::var("CARGO_MANIFEST_DIR")?;
    let root = Path::new(&root).parent().unwrap_or(Path::new("/"));
    match words.split_first() {
        Some((&"bench", rest)) => bench::run(root, rest),
        _ => anyhow::bail!("there is no such chore"),
    }
}
