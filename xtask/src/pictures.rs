//! `cargo xtask pictures`: the pictures of the READMEs, each from an experiment of the lab that is run
//! here and now.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};

/// The experiments whose pictures stand in the READMEs.
const EXPERIMENTS: [&str; 3] = ["sticky", "backlog", "layers"];

/// Where the pictures are.
const FOLDER: &str = "docs/pictures";

/// Runs the experiments and writes the first picture of each to `docs/pictures/NAME.svg`.
pub(crate) fn run(root: &Path, rest: &[&str]) -> Result<ExitCode> {
    ensure!(rest.is_empty(), "`cargo xtask pictures` takes no arguments");
    std::fs::create_dir_all(root.join(FOLDER)).context(FOLDER)?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    for name in EXPERIMENTS {
        let place = format!("{FOLDER}/{name}.svg");
        let words = [
            "lab",
            name,
            "--lang",
            "en",
            "--first-picture",
            "--svg",
            &place,
        ];
        let mut landline = Command::new(&cargo);
        landline.args(["run", "--release", "--quiet", "--package", "landline", "--"]);
        let ran = landline.args(words).current_dir(root).output();
        let ran = ran.context("cargo cannot be started")?;
        if !ran.status.success() {
            bail!(
                "{name}: {}",
                String::from_utf8_lossy(&ran.stderr).trim_end()
            );
        }
        println!("{place}");
    }
    Ok(ExitCode::SUCCESS)
}
