//! Whether processes are there, for the tests of those who start them. It does not know who does.

use std::time::{Duration, Instant};

/// Commands that write to `{}` the numbers of two processes that would outlive a careless end.
pub(crate) const STUBBORN: [&str; 6] = [
    "echo $$ > {}; sleep 1000 & echo $! >> {}; wait",
    "trap '' TERM; echo $$ > {}; sleep 1000 & echo $! >> {}; wait; sleep 1000",
    "echo $$ > {}; setsid sh -c 'echo $$ >> {}; trap \"\" TERM; while :; do sleep 1000; done'",
    "echo $$ > {}; (setsid sh -c 'sleep 1000 & echo $! >> {}; wait' &); sleep 1000",
    "echo $$ > {}; env -i setsid sh -c 'sleep 1000 >/dev/null 2>&1 & echo $! >> {}'; sleep 1000",
    "echo $$ > {}; env -i setsid sh -c '(trap \"\" TERM; exec sleep 1000) & echo $! >> {}'; cat /dev/zero",
];

/// Whether a process is there: one that waits to be reaped counts.
pub(crate) fn lives(pid: u32) -> bool {
    std::fs::exists(format!("/proc/{pid}")).expect("/proc is there")
}

/// Waits for a condition that nothing tells of, at most 10 s.
pub(crate) async fn eventually(mut condition: impl FnMut() -> bool) {
    let from = Instant::now();
    while !condition() {
        assert!(
            from.elapsed() < Duration::from_secs(10),
            "it never came true"
        );
        // sleeps: nothing tells of the end of a process that is no child of ours
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Asserts that all of them end, and are reaped. The promise is a second; a test on a busy machine
/// waits longer before it says that they do not.
pub(crate) async fn all_end(pids: &[u32]) {
    eventually(|| !pids.iter().any(|pid| lives(*pid))).await;
}
