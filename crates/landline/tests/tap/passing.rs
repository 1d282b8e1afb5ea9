//! Without moves a tap is not there: bytes, ends and resets pass as they came, watched or not.

use crate::stand::{Folder, Listening, STREAMS, call, seen};

/// Watched and not: two ways through the program.
const BOTH: [&[&str]; 2] = [&["--show", "0"], &["-q"]];

#[test]
fn bytes_pass_both_ways() {
    let folder = Folder::new();
    for family in STREAMS {
        for options in BOTH {
            let words = ["hear=5", "say=world", "all"];
            let target = Listening::target(&folder.address(family), &words);
            let tap = Listening::tap(&folder, &target.address, options);
            let read = call(&tap.address, &["say=hello", "hear=5"]);
            assert_eq!(read, "b'world'\n", "{family} {options:?}");
            assert_eq!(seen(target), "b'hello'\nend\n", "{family} {options:?}");
            tap.stop();
        }
    }
}

#[test]
fn an_end_of_one_direction_passes_and_the_other_goes_on() {
    let folder = Folder::new();
    for family in STREAMS {
        for options in BOTH {
            let words = ["all", "say=answer", "close"];
            let target = Listening::target(&folder.address(family), &words);
            let tap = Listening::tap(&folder, &target.address, options);
            let read = call(&tap.address, &["say=question", "end", "all"]);
            assert_eq!(read, "b'answer'\nend\n", "{family} {options:?}");
            assert_eq!(seen(target), "b'question'\nend\n", "{family} {options:?}");
            tap.stop();
        }
    }
}

#[test]
fn a_reset_passes_as_a_reset() {
    let folder = Folder::new();
    for options in BOTH {
        let words = ["hear", "say=x", "all", "next", "hear", "reset"];
        let target = Listening::target("tcp://127.0.0.1:0", &words);
        let tap = Listening::tap(&folder, &target.address, options);
        call(&tap.address, &["say=one", "hear", "reset"]);
        let read = call(&tap.address, &["say=two", "all"]);
        assert_eq!(read, "reset\n", "{options:?}");
        assert_eq!(seen(target), "b'one'\nreset\nb'two'\n", "{options:?}");
        tap.stop();
    }
}

#[test]
fn a_receiver_that_does_not_read_holds_its_sender_up() {
    let folder = Folder::new();
    for options in BOTH {
        let target = Listening::target("tcp://127.0.0.1:0", &["hold", "count"]);
        let tap = Listening::tap(&folder, &target.address, options);
        let sent = call(&tap.address, &["flood"]);
        // The buffers of the kernel's four sockets take what they take, and the tap next to nothing.
        let sent = sent.trim().parse::<u64>().expect("a number");
        assert!(sent < 200 << 20, "{sent}");
        let text = seen(target);
        assert!(text.contains(&format!("end\n{sent} ")), "{sent}: {text}");
        let resident = memory(tap.process.id());
        assert!(resident < 64 << 20, "the tap holds {resident} bytes");
        tap.stop();
    }
}

/// The most that a process had of its own so far, in bytes.
fn memory(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next());
    let kib: u64 = kib.and_then(|kib| kib.parse().ok()).expect("a number");
    kib * 1024
}

#[test]
fn much_passes_unchanged_both_ways_at_once() {
    let folder = Folder::new();
    for family in ["tcp://127.0.0.1:0", "unix"] {
        for options in BOTH {
            let target =
                Listening::target(&folder.address(family), &["bulk=8000000", "end", "count"]);
            let tap = Listening::tap(&folder, &target.address, options);
            // The client sends first and reads then: its bytes wait at the target meanwhile.
            let sent = call(&tap.address, &["count", "bulk=4000000", "end"]);
            let direct =
                Listening::target(&folder.address(family), &["bulk=8000000", "end", "count"]);
            let expected = call(&direct.address, &["count", "bulk=4000000", "end"]);
            assert_eq!(sent, expected, "{family} {options:?}");
            assert_eq!(seen(target), seen(direct), "{family} {options:?}");
            tap.stop();
        }
    }
}

#[test]
fn one_wire_may_stand_for_another() {
    let folder = Folder::new();
    let target = Listening::target(&folder.address("unix"), &["hear", "say=b", "all"]);
    let tap = crate::stand::landline(&["tap", "tcp://127.0.0.1:0", &target.address]);
    let tap = Listening::of(tap);
    assert_eq!(call(&tap.address, &["say=a", "hear"]), "b'b'\n");
    assert_eq!(seen(target), "b'a'\nend\n");
    tap.stop();
}

#[test]
fn connections_do_not_wait_for_each_other() {
    let folder = Folder::new();
    let target = Listening::of(crate::stand::landline(&[
        "listen",
        "tcp://127.0.0.1:0",
        "echo",
    ]));
    let tap = Listening::tap(&folder, &target.address, &[]);
    let place = tap.address.strip_prefix("tcp://").expect("a tcp tap");
    let mut lines: Vec<_> = (0..50)
        .map(|_| std::net::TcpStream::connect(place).expect("the tap listens"))
        .collect();
    for (number, line) in lines.iter_mut().enumerate().rev() {
        use std::io::{Read, Write};
        line.write_all(&[number as u8]).expect("the tap reads");
        let mut back = [0; 1];
        line.read_exact(&mut back).expect("the tap answers");
        assert_eq!(usize::from(back[0]), number);
    }
    tap.stop();
}
