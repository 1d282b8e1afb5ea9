//! Traffic through every move at once: no byte is lost, doubled or reordered that the move did not
//! say.

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
    let mut seed = 0;
    loop {
        for schedule in schedules {
            for family in STREAMS {
                seed += 1;
                let size = if schedule[1].starts_with('7') {
                    2_000
                } else {
                    200_000
                };
                let (bulk, seed) = (format!("bulk={size}"), seed.to_string());
                let words = ["echo", "close"];
                let target = Listening::target(&folder.address(family), &words);
                let options = [schedule, &["--seed", &seed, "--show", "0"]].concat();
                let tap = Listening::tap(&folder, &target.address, &options);
                let echoed = call(&tap.address, &[&bulk, "end", "count"]);
                let direct = Listening::target(&folder.address(family), &words);
                let expected = call(&direct.address, &[&bulk, "end", "count"]);
                assert_eq!(echoed, expected, "{family} {schedule:?}");
                seen(target);
                seen(direct);
                tap.stop();
            }
        }
        if began.elapsed() >= time {
            break;
        }
    }
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
