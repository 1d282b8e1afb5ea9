//! Streams: the bytes that come are those that were sent, up to where a move ends them, and the end is
//! the one that it says.

use super::schedules::Schedule;
use super::{between, soak};
use crate::stand::{Folder, STREAMS, python};

/// How many connections are open at once.
const CONNECTIONS: &str = "2";

#[test]
fn no_byte_is_lost_doubled_or_reordered() {
    let folder = Folder::new();
    soak("streams", Schedule::ROUND, |run| {
        let (name, schedule) = Schedule::of(run);
        let choice = |number: u64| match schedule.needs_tcp() {
            true => STREAMS[number as usize % 2],
            false => STREAMS[number as usize % STREAMS.len()],
        };
        // Each schedule meets other families in each round.
        let listen = folder.address(choice(run));
        let target = folder.address(choice(run / 3));
        let (bytes, seed) = (schedule.bytes.to_string(), run.to_string());
        let script = python(
            "soak/streams.py",
            &[
                &target,
                CONNECTIONS,
                &bytes,
                &seed,
                &schedule.to_server,
                &schedule.to_client,
            ],
        );
        // Watched and quiet in turn: without moves other code passes on what nobody watches.
        let shown: &[&str] = if run % 2 == 1 {
            &["--show", "0"]
        } else {
            &["-q"]
        };
        let mut tap = vec![listen.as_str(), "--seed", &seed];
        tap.extend(schedule.options.iter().map(String::as_str));
        tap.extend(shown);
        println!("run {run}: {target} {bytes} {tap:?}");
        (name, between(script, &tap, None))
    });
}
