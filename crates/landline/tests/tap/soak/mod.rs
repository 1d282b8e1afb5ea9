//! Traffic through every move, in both directions and on every family: no byte and no datagram is
//! lost, doubled or reordered but for what the move said. The suite plays each schedule once, its
//! long form goes round for a minute, or for as many as `LANDLINE_TEST_LONG` says, and sums up.

mod mail;
mod schedules;
mod streams;
mod told;

use std::fs::File;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::Value;

use self::told::Told;
use crate::stand::{Listening, Process, clean, landline, long_minutes};

/// Plays one run after the other, from 0, for as long as is asked for, and at least `least` of them.
/// Each gives the name to sum it up under and what came.
#[expect(clippy::print_stdout, reason = "it is to be kept")]
fn soak(name: &str, least: u64, mut play: impl FnMut(u64) -> (String, Value)) {
    let began = Instant::now();
    let time = Duration::from_secs(60 * long_minutes());
    let mut told = Told::default();
    let mut run = 0;
    while run < least || began.elapsed() < time {
        let (schedule, came) = play(run);
        told.count(schedule, &came);
        run += 1;
    }
    println!("{name}: {}", told.summary(began.elapsed()));
}

/// One run: the script that plays both ends, and the tap between them, which writes to `out` where
/// that is given. What came, once all has come and the tap has ended.
#[track_caller]
fn between(script: std::process::Command, tap: &[&str], out: Option<&Path>) -> Value {
    let mut ends = Listening::of(script);
    let mut command = landline(&[&["tap", tap[0], &ends.address], &tap[1..]].concat());
    command.stdin(Stdio::null()).stderr(Stdio::piped());
    command.stdout(match out {
        Some(path) => File::create(path).expect("the folder takes a file").into(),
        None => Stdio::null(),
    });
    let tap = Listening::started(Process::start_as_it_is(command));
    let path = out.map_or(String::new(), |path| path.display().to_string());
    ends.process.type_in(&format!("{} {path}\n", tap.address));
    ends.process.shows("settled");
    tap.process.signal(Signal::TERM);
    let finished = tap.process.finish();
    clean(&finished.err);
    assert_eq!(finished.code, 0, "{}", finished.err);
    let finished = ends.process.finish();
    assert_eq!(finished.code, 0, "{}", finished.err);
    let text = finished.text();
    let came: Value = serde_json::from_str(text.lines().last().unwrap_or_default())
        .unwrap_or_else(|error| panic!("{error}: {text}{}", finished.err));
    assert_eq!(came["wrong"], Value::Array(Vec::new()));
    came
}
