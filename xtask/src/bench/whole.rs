//! A program from its start to its exit: how long it takes, once or again and again. It knows no
//! program and no bench.

use std::ffi::OsString;
use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::json;

use super::plan::Measured;
use super::shop::Shop;

/// Longer than any one of these takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// The median time, in ms, of `count` starts with the file `input` as stdin. Each must exit 0 and
/// print `words` and a newline.
///
/// # Errors
/// One fails, or prints something else.
pub(super) fn again(
    shop: &Shop,
    count: usize,
    input: &str,
    words: &str,
    argv: &[OsString],
) -> Result<Measured> {
    let mut load = vec![shop.tool("load_cold").into_os_string()];
    load.extend([count.to_string().as_str(), input, words].map(OsString::from));
    load.extend(argv.iter().cloned());
    Measured::from(shop.load_argv(&load)?, "p50_us", 1e-3)
}

/// How often [`again`] starts a program that takes milliseconds.
pub(super) fn often(shop: &Shop) -> usize {
    if shop.quick { 5 } else { 20 }
}

/// The rate of a program against a server that has served it once before, and `between` tidied up. The
/// first call of a server that has just started is a tenth slower, for reasons that were not found; one in
/// use has that behind it. New files differ too, with the memory that the host gives at that moment.
///
/// # Errors
/// It fails, or tidying up does.
pub(super) fn timed_warm(
    shop: &Shop,
    argv: &[OsString],
    bytes: u64,
    between: impl FnOnce() -> Result<()>,
) -> Result<Measured> {
    timed(shop, argv, bytes)?;
    between()?;
    timed(shop, argv, bytes)
}

/// The rate, in GB/s, of a program that moves so many bytes, once. What it prints is thrown away.
///
/// # Errors
/// It fails; with its last words.
pub(super) fn timed(shop: &Shop, argv: &[OsString], bytes: u64) -> Result<Measured> {
    let log = shop.fresh("log");
    let words = fs::File::create(&log)?;
    let before = Instant::now();
    let mut held = shop.start(argv, |command| {
        command.stdout(Stdio::null()).stderr(words);
    })?;
    let ended = held.wait(PATIENCE);
    let seconds = before.elapsed().as_secs_f64();
    ended.with_context(|| fs::read_to_string(&log).unwrap_or_default())?;
    let detail = json!({ "bytes": bytes, "seconds": seconds });
    Measured::from(detail, "bytes", 1e-9 / seconds)
}
