//! What a process holds: memory of its own (RssAnon) and open files, as /proc tells. It knows no
//! process.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Until a server has taken all lines.
const PATIENCE: Duration = Duration::from_secs(20);
/// Between two looks at a server that takes lines.
const LOOK: Duration = Duration::from_millis(10);

/// RssAnon, in bytes.
///
/// # Errors
/// The process has ended.
pub(super) fn resident(id: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"));
    let number = line
        .and_then(|rest| rest.split_whitespace().next())
        .context("no RssAnon")?;
    Ok(number.parse::<u64>()? * 1024)
}

/// How many files it has open.
///
/// # Errors
/// The process has ended.
pub(super) fn open_files(id: u32) -> Result<usize> {
    Ok(fs::read_dir(format!("/proc/{id}/fd"))
        .context("the server has ended")?
        .count())
}

/// Waits until it holds so many open files.
///
/// # Errors
/// It does not come to that, or has ended.
pub(super) fn until_open(id: u32, wanted: usize) -> Result<()> {
    let until = Instant::now() + PATIENCE;
    while open_files(id)? < wanted {
        if Instant::now() > until {
            bail!("it has taken {} of {wanted}", open_files(id)?);
        }
        thread::sleep(LOOK);
    }
    Ok(())
}
