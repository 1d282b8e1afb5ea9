//! Much of it: exact to the byte, as slow as whoever reads it, and never held in memory.

use std::fs::File;
use std::io::Read;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use crate::stand::{Office, Process, anonymous_kib, feeding, held_pipe, long, until};

/// The most that either end may hold, in KiB of anonymous memory.
const KIB_MAX: u64 = 32 * 1024;

fn much_bytes() -> u64 {
    if long() { 1 << 30 } else { 256 << 20 }
}

#[test]
fn yes_is_exact_every_time() {
    let office = Office::open();
    let expected = b"y\n".repeat(5_000_000);
    for run in 0..if long() { 1000 } else { 20 } {
        let finished = office.run(&["exec", "office", "--shell", "yes | head -c 10000000"]);
        let finished = finished.well();
        assert!(
            finished.out == expected,
            "run {run}: {} bytes",
            finished.out.len()
        );
    }
}

#[test]
fn both_streams_arrive_whole_and_apart() {
    let office = Office::open();
    let script = "for i in $(seq 20); do
        head -c 100000 /dev/zero | tr '\\0' o; head -c 100000 /dev/zero | tr '\\0' e >&2; done";
    let finished = office.run(&["exec", "office", "--shell", script]);
    assert_eq!(finished.code, 0);
    assert!(
        finished.out == vec![b'o'; 2_000_000],
        "{}",
        finished.out.len()
    );
    assert!(
        finished.err.as_bytes() == vec![b'e'; 2_000_000],
        "{}",
        finished.err.len()
    );
}

#[test]
fn a_slow_reader_slows_the_program_and_nobody_holds_what_it_does_not_take() {
    let office = Office::open();
    let line = format!("head -c {} /dev/zero; echo written >&2", much_bytes());
    let mut command = office.landline(&["exec", "office", "--shell", &line]);
    let reader = held_pipe(&mut command);
    command.stdin(Stdio::null()).stderr(Stdio::piped());
    let client = Process::start_as_it_is(command);
    drop(Drained::of(reader, &office, client.id(), || {
        // Nobody has read a byte yet: the program waits for that.
        assert_eq!(client.said(), "");
    }));
    client.says("written");
    assert_eq!(client.finish().code, 0);
}

#[test]
fn much_input_is_held_by_nobody() {
    let office = Office::open();
    let mut command = office.exec(&["wc", "-c"]);
    let script = format!("head -c {} /dev/zero", much_bytes());
    let mut feeder = feeding(&script, &mut command);
    let reader = held_pipe(&mut command);
    command.stderr(Stdio::piped());
    let client = Process::start_as_it_is(command);
    let drained = Drained::of(reader, &office, client.id(), || {});
    let text = String::from_utf8_lossy(&drained.end).into_owned();
    assert_eq!(text.trim(), much_bytes().to_string());
    assert_eq!(client.finish().code, 0);
    assert!(feeder.wait().expect("it is our child").success());
}

/// What came out of a pipe, while the memory of both ends was looked at.
struct Drained {
    /// The last bytes of it.
    end: Vec<u8>,
}

impl Drained {
    /// Reads nothing until both ends have come to rest, calls `resting`, then reads to the end.
    #[track_caller]
    fn of(
        pipe: std::os::fd::OwnedFd,
        office: &Office,
        client: u32,
        resting: impl FnOnce(),
    ) -> Self {
        let ends = [office.server.id(), client];
        let (worst, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
        let end = thread::scope(|scope| {
            scope.spawn(|| watch(ends, &worst, &is_over));
            let _over = Over(&is_over);
            rest(ends);
            resting();
            read_to_end(File::from(pipe))
        });
        let worst = worst.into_inner();
        assert!(worst < KIB_MAX, "{worst} KiB of anonymous memory");
        assert!(worst > 0, "the memory could be looked at");
        Self { end }
    }
}

/// Says that it is over, also to those who wait for that when a test fails.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

fn watch(ends: [u32; 2], worst: &AtomicU64, is_over: &AtomicBool) {
    while !is_over.load(Ordering::Acquire) {
        for end in ends {
            worst.fetch_max(anonymous_kib(end), Ordering::Relaxed);
        }
        // sleeps: memory tells nobody when it grows.
        thread::sleep(Duration::from_millis(2));
    }
}

/// Waits until the memory of both ends stays as it is.
fn rest(ends: [u32; 2]) {
    let (mut last, mut same) = ([0; 2], 0);
    until("rest", || {
        let now = ends.map(anonymous_kib);
        same = if now == last { same + 1 } else { 0 };
        last = now;
        (same > 40).then_some(())
    });
}

fn read_to_end(mut pipe: File) -> Vec<u8> {
    let (mut room, mut end) = (vec![0; 64 * 1024], Vec::new());
    loop {
        match pipe.read(&mut room).expect("a pipe can be read") {
            0 => return end,
            count => end = room[count.saturating_sub(100)..count].to_vec(),
        }
    }
}
