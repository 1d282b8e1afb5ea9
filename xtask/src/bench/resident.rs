//! What a process holds: memory of its own (RssAnon) and open files, as /proc tells. It knows no
//! process.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::procs::Held;

/// Until a server has taken all lines.
const PATIENCE: Duration = Duration::from_secs(20);
/// Between two looks at a server that takes lines.
const LOOK: Duration = Duration::from_millis(10);
/// Between two looks at the memory of a process.
const MEMORY_LOOK: Duration = Duration::from_millis(2);

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

/// The most that a process holds while `client` runs to its end, in bytes, as `most`.
///
/// # Errors
/// The client fails, or has not ended by then.
pub(super) fn most_while(client: &mut Held, process: u32, patience: Duration) -> Result<Value> {
    let until = Instant::now() + patience;
    let (mut most, mut looks) = (0, 0);
    while !client.has_ended() {
        // At its very end it has no memory any more.
        if let Ok(now) = resident(process) {
            (most, looks) = (most.max(now), looks + 1);
        }
        if Instant::now() > until {
            bail!("it has not ended within {} s", patience.as_secs());
        }
        thread::sleep(MEMORY_LOOK);
    }
    client.wait(patience)?;
    Ok(json!({ "most": most, "looks": looks }))
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
