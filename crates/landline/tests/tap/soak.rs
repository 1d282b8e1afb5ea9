//! Traffic through every move at once: no byte is lost, doubled or reordered that the move did not
//! say.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::stand::{Folder, Listening, Process, STREAMS, call, long, python, seen};

#[test]
fn no_byte_is_lost_doubled_or_reordered() {
    let time = Duration::from_secs(if long() { 60 } else { 0 });
    let began = Instant::now();
    let folder = Folder::new();
    let schedules: [&[&str]; 6] = [
        &["--split", "7,10us"],
        &["--join", "3ms", "--split", "1000,100us"],
        &["--jitter", "4ms", "--join", "to-client:2ms"],
        &["--delay", "5ms", "--rate", "4000000"],
        &[
            "--split-at",
            "5",
            "--split-at",
            "4000",
            "--join-at",
            "16384",
        ],
        &["--stall", "100000000", "--cut", "to-server:90000000"],
    ];
    let mut expected = HashMap::new();
    for (seed, schedule) in schedules.iter().cycle().enumerate() {
        if seed >= schedules.len() && began.elapsed() >= time {
            break;
        }
        let family = STREAMS[seed % STREAMS.len()];
        // What comes in pieces of 7 bytes takes a millisecond for each.
        let small = schedule[1].starts_with('7');
        let (bulk, seed) = (
            if small { "bulk=2000" } else { "bulk=200000" },
            seed.to_string(),
        );
        let options = [*schedule, &["--seed", &seed, "--show", "0"]].concat();
        let echoed = echoed(&folder, family, bulk, Some(&options));
        let direct = expected
            .entry(bulk)
            .or_insert_with(|| self::echoed(&folder, family, bulk, None));
        assert_eq!(echoed, *direct, "{family} {schedule:?}");
    }
}

/// What a client sums up of its own bytes, sent back by an echo behind a tap, or directly.
#[track_caller]
fn echoed(folder: &Folder, family: &str, bulk: &str, options: Option<&[&str]>) -> String {
    let target = Listening::target(&folder.address(family), &["echo", "close"]);
    let tap = options.map(|options| Listening::tap(folder, &target.address, options));
    let asked = tap.as_ref().map_or(&target.address, |tap| &tap.address);
    let echoed = call(asked, &[bulk, "end", "count"]);
    seen(target);
    tap.map(Listening::stop);
    echoed
}

#[test]
fn datagrams_that_no_move_touches_all_come() {
    let folder = Folder::new();
    let target = Listening::of(python(
        "mail.py",
        &["listen", &folder.address("unixgram"), "200"],
    ));
    let options = ["--delay", "2ms", "--jitter", "3ms", "--seed", "1"];
    let tap = Listening::tap(&folder, &target.address, &options);
    let texts: Vec<String> = (0..200).map(|number| number.to_string()).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let words = [&["call", &tap.address, "200"], &texts[..]].concat();
    let finished = Process::start(python("mail.py", &words)).finish();
    let expected: String = (0..200)
        .map(|number| format!("{} b'{number}'\n", number.to_string().len()))
        .collect();
    assert_eq!(finished.text(), expected, "{}", finished.err);
    assert_eq!(seen(target), expected);
    tap.stop();
}
