//! Builds what a run needs: landline and xtask in release, the C programs of `bench/peers`. It
//! knows no bench.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// Where cargo puts what it builds.
pub(super) fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |set| root.join(set))
}

/// Builds one package in release; its program, or why there is none.
pub(super) fn release(root: &Path, package: &str) -> Result<PathBuf, String> {
    cargo(root, &["--package", package])?;
    let program = target(root).join("release").join(package);
    match program.is_file() {
        true => Ok(program),
        false => Err("it has no program".to_owned()),
    }
}

/// Builds an example of a package in release, into `release/examples`.
pub(super) fn example(root: &Path, package: &str, name: &str) -> Result<(), String> {
    cargo(root, &["--package", package, "--example", name])
}

fn cargo(root: &Path, what: &[&str]) -> Result<(), String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--release", "--quiet"])
        .args(what)
        .current_dir(root)
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err("it does not build".to_owned()),
        Err(error) => Err(format!("cargo: {error}")),
    }
}

/// Builds each `bench/peers/*.c` that has changed into `target/bench/`.
///
/// # Errors
/// There is no C compiler, or one does not build.
pub(super) fn peers(root: &Path) -> Result<()> {
    let (from, to) = (root.join("bench/peers"), target(root).join("bench"));
    fs::create_dir_all(&to)?;
    for entry in fs::read_dir(&from).context("bench/peers")? {
        let source = entry?.path();
        if source.extension().is_some_and(|ending| ending == "c") {
            compile(&source, &to.join(source.file_stem().context("a name")?))?;
        }
    }
    Ok(())
}

fn compile(source: &Path, program: &Path) -> Result<()> {
    let made = Command::new("cc")
        .args(["-O2", "-Wall", "-Wextra", "-D_GNU_SOURCE", "-o"])
        .args([program, source])
        .output()
        .context("cc (Debian package gcc)")?;
    if !made.status.success() {
        bail!(
            "{} does not build:\n{}",
            source.display(),
            String::from_utf8_lossy(&made.stderr)
        );
    }
    Ok(())
}

/// The interpreter itself: a wrapper that looks for it would count as its start.
pub(super) fn python() -> Option<PathBuf> {
    let asked = Command::new("python3")
        .args(["-c", "import sys; print(sys.executable)"])
        .output();
    let path = PathBuf::from(String::from_utf8(asked.ok()?.stdout).ok()?.trim());
    path.is_file().then_some(path)
}
