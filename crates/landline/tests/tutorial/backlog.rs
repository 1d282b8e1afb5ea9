//! T4, the queue of those who wait: `--backlog 5 --one-at-a-time`, as the tutorial's server has it.

use std::thread;

use crate::stand::{Folder, STREAMS, Server, run, script};

#[test]
fn six_wait_and_are_served_in_turn_and_the_seventh_hangs() {
    let folder = Folder::new();
    for family in STREAMS {
        let service = [
            "echo",
            "--suffix",
            "sb",
            "--backlog",
            "5",
            "--one-at-a-time",
        ];
        let server = Server::listen(&folder.address(family), &service);
        let seen = script("backlog_client.py", &[&server.address, "7"]);
        let hanging = if family == "unix" {
            "EAGAIN"
        } else {
            "EINPROGRESS"
        };
        let expected = format!(
            "b'0sb'\n1 waits\n2 waits\n3 waits\n4 waits\n5 waits\n6 waits\n7 {hanging}\n\
             b'1sb' alone\nb'2sb' alone\nb'3sb' alone\nb'4sb' alone\nb'5sb' alone\nb'6sb' alone\n"
        );
        assert_eq!(seen, expected, "{family}");
    }
}

#[test]
fn calls_wait_for_a_script_that_serves_one_at_a_time() {
    let folder = Folder::new();
    for family in STREAMS {
        // On unix some find the queue full, where only who does not block is turned away. On TCP
        // they would wait for the kernel's second try, a second later.
        let calls = if family == "unix" { 12 } else { 6 };
        let clients = calls.to_string();
        let server = Server::python("echo_server.py", &[&folder.address(family), &clients]);
        thread::scope(|scope| {
            for number in 0..calls {
                let address = &server.address;
                scope.spawn(move || {
                    let finished = run(&["call", address, "--wait", "20s"], format!("{number}\n"));
                    assert_eq!(finished.well().text(), format!("{number}sb\n"), "{family}");
                });
            }
        });
        assert_eq!(server.ended().text().lines().count(), calls, "{family}");
    }
}
