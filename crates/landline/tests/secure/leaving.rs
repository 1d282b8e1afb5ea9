//! A caller who is gone leaves nothing behind: the server ends the whole tree.

use std::process::Stdio;
use std::time::Duration;

use rustix::process::Signal;

use crate::stand::{Fifo, Office, Process, feeding, gone_within};

/// A command's tree ends within a second of its line's end; the rest is the machine's.
const SOON: Duration = Duration::from_secs(5);

/// A program, its child and one in a session of its own, all deaf to what is polite; each tells its
/// process id.
const TREE: &str = r#"
    trap '' TERM HUP INT
    sh -c 'echo $$ > "$1"; while :; do sleep 1; done' sh "$1" &
    setsid sh -c 'echo $$ > "$1"; while :; do sleep 1; done' sh "$1" &
    echo $$ > "$1"
    while :; do sleep 1; done"#;

/// Tells its process id and writes without end, whoever reads it or not, deaf to what is polite.
const DEAF: &str = r#"
    trap '' TERM HUP INT PIPE
    echo $$ > "$1"
    while :; do echo y; done 2> /dev/null"#;

#[test]
fn nothing_is_left_of_a_client_that_was_killed() {
    let office = Office::open();
    let mut pids = Fifo::new(office.folder(), "pids");
    let client = Process::start(office.script(TREE, &[&pids.name]));
    let tree = [(); 3].map(|()| pids.process_id());
    client.signal(Signal::KILL);
    for process in tree {
        assert!(gone_within(process, SOON), "{process}");
    }
    // The server serves on.
    office.ran(&["true"]).well();
}

#[test]
fn nothing_is_left_of_one_killed_while_both_ways_are_full() {
    let office = Office::open();
    let mut pids = Fifo::new(office.folder(), "pids");
    let mut command = office.script(DEAF, &[&pids.name]);
    let mut feeder = feeding("exec yes", &mut command);
    let reader = crate::stand::held_pipe(&mut command);
    command.stderr(Stdio::null());
    let client = Process::start_as_it_is(command);
    let program = pids.process_id();
    client.signal(Signal::KILL);
    assert!(gone_within(program, SOON));
    assert!(!feeder.wait().expect("it is our child").success());
    drop(reader);
    office.ran(&["true"]).well();
}
