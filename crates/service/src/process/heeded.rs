//! Signals that this process was started to ignore, as a shell does for what runs in its background
//! (SIGINT, SIGQUIT) and nohup(1) does (SIGHUP). It does not know which programs are started.

use std::sync::Once;

use tokio::signal::unix::{SignalKind, signal};

/// SIGPIPE: this library's own need, and set back by the standard library for each program.
const PIPE: i32 = 13;

/// Sees to it that programs started from here heed every signal. What is ignored stays ignored
/// through execve(2), so that a peer's SIGINT would do nothing; what has a handler does not. So each
/// ignored signal gets one that does nothing, which is the same for this process. With SIGCHLD
/// ignored the kernel would forget how a program ended, too (wait(2)).
pub(super) fn heed_all_in_programs() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        for number in ignored(&status).filter(|number| *number != PIPE) {
            // Refused for those that cannot be caught, which cannot be ignored either.
            let _ = signal(SignalKind::from_raw(number));
        }
    });
}

/// The ignored signals out of a process's status (proc_pid_status(5)), but for the realtime ones.
fn ignored(status: &str) -> impl Iterator<Item = i32> {
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or(0);
    (1..32).filter(move |number| mask >> (number - 1) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mask_names_the_ignored_signals() {
        let numbers = |status| ignored(status).collect::<Vec<_>>();
        let status = "SigBlk:\tffff\nSigIgn:\t0000000180011006\nSigCgt:\t01\n";
        assert_eq!(numbers(status), [2, 3, 13, 17]);
        assert!(numbers("").is_empty());
        assert!(numbers("SigIgn:\tx").is_empty());
    }
}
