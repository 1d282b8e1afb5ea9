//! Datagrams through a tap: their edges stay, each client gets its own answers, and chance can be had
//! again.

use landline::tap::{CLIENT_SILENT_MAX, CLIENTS_MAX};

use crate::stand::{DATAGRAMS, Folder, Listening, Process, python, run, seen};

fn target(address: &str, count: usize) -> Listening {
    Listening::of(python("mail.py", &["listen", address, &count.to_string()]))
}

/// Where somebody was a moment ago.
fn nobody() -> String {
    let gone = std::net::UdpSocket::bind("127.0.0.1:0").expect("a free port");
    format!("udp://{}", gone.local_addr().expect("it is bound"))
}

#[track_caller]
fn mail(address: &str, answers: usize, texts: &[&str]) -> String {
    let count = answers.to_string();
    let words = [&["call", address, &count], texts].concat();
    let finished = Process::start(python("mail.py", &words)).finish();
    assert_eq!(finished.code, 0, "{}", finished.err);
    finished.text()
}

#[test]
fn edges_and_answers_pass() {
    let folder = Folder::new();
    for family in DATAGRAMS {
        for options in [&[][..], &["-q"], &["--delay", "30ms"]] {
            let target = target(&folder.address(family), 4);
            let tap = Listening::tap(&folder, &target.address, options);
            let read = mail(&tap.address, 3, &["hello", "", "*60000"]);
            let big = format!("60000 b'{}'\n", "X".repeat(40));
            assert_eq!(
                read,
                format!("5 b'HELLO'\n0 b''\n{big}"),
                "{family} {options:?}"
            );
            let other = mail(&tap.address, 1, &["another client"]);
            assert_eq!(other, "14 b'ANOTHER CLIENT'\n", "{family}");
            let text = seen(target);
            assert!(
                text.starts_with("5 b'hello'\n0 b''\n60000 "),
                "{family}: {text}"
            );
            tap.stop();
        }
    }
}

#[test]
fn what_is_lost_or_doubled_is_what_the_move_says() {
    let folder = Folder::new();
    for family in ["udp://127.0.0.1:0", "unixgram"] {
        let two = target(&folder.address(family), 2);
        let tap = Listening::tap(&folder, &two.address, &["--twice", "to-server:1"]);
        assert_eq!(
            mail(&tap.address, 2, &["a"]),
            "1 b'A'\n1 b'A'\n",
            "{family}"
        );
        assert_eq!(seen(two), "1 b'a'\n1 b'a'\n", "{family}");
        assert!(tap.stop().text().contains("leave twice"));

        let one = target(&folder.address(family), 2);
        let tap = Listening::tap(&folder, &one.address, &["--reorder", "to-server:1"]);
        assert_eq!(
            mail(&tap.address, 2, &["a", "b"]),
            "1 b'B'\n1 b'A'\n",
            "{family}"
        );
        assert_eq!(seen(one), "1 b'b'\n1 b'a'\n", "{family}");
        tap.stop();

        let none = target(&folder.address(family), 1);
        let tap = Listening::tap(&folder, &none.address, &["--drop", "to-server:1"]);
        mail(&tap.address, 0, &["a"]);
        tap.process.shows("lost by --drop");
        tap.stop();
    }
}

#[test]
fn the_same_seed_loses_the_same() {
    let folder = Folder::new();
    let texts: Vec<String> = (0..40).map(|number| number.to_string()).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let lost = |seed: &str| {
        let target = target("udp://127.0.0.1:0", 100);
        let options = ["--drop", "to-server:0.3", "--seed", seed];
        let tap = Listening::tap(&folder, &target.address, &options);
        mail(&tap.address, 0, &texts);
        tap.process.shows("read 2: 39");
        let said = tap.stop().text();
        let lines: Vec<String> = said
            .lines()
            .filter(|line| line.contains(" write ") && line.contains(" > "))
            .filter_map(|line| line.rsplit(' ').next().map(str::to_owned))
            .collect();
        assert!((15..40).contains(&lines.len()), "{said}");
        lines
    };
    let (first, again, other) = (lost("7"), lost("7"), lost("8"));
    assert_eq!(first, again);
    assert_ne!(first, other);
}

#[test]
fn a_target_that_is_not_there_is_told_and_ends_nothing() {
    let folder = Folder::new();
    let address = nobody();
    let tap = Listening::tap(&folder, &address, &[]);
    mail(&tap.address, 0, &["a"]);
    tap.process.shows("did not arrive: ");
    let target = target(&address, 1);
    assert_eq!(mail(&tap.address, 1, &["b"]), "1 b'B'\n");
    seen(target);
    tap.stop();

    let path = folder.address("unixgram");
    let tap = Listening::tap(&folder, &path, &[]);
    mail(&tap.address, 0, &["a"]);
    tap.process.says("could not be reached");
    let target = self::target(&path, 1);
    assert_eq!(mail(&tap.address, 1, &["b"]), "1 b'B'\n");
    seen(target);
    tap.stop();
}

#[test]
fn a_loss_that_no_move_asked_for_is_said_once_under_q() {
    let folder = Folder::new();
    let senders = CLIENTS_MAX;
    let target = target("udp://127.0.0.1:0", senders + 1);
    let tap = Listening::tap(&folder, &target.address, &["-q"]);
    let crowd = ["crowd", &tap.address, &senders.to_string(), "3"];
    let finished = Process::start(python("mail.py", &crowd)).finish();
    assert_eq!(finished.code, 0, "{}", finished.err);
    seen(target);
    let finished = tap.stop();
    assert_eq!(finished.text(), "");
    let said = finished.err.lines().skip(1).collect::<Vec<_>>();
    assert_eq!(said.len(), 1, "{}", finished.err);
    let needle = "to-server: 1 bytes lost: there are too many clients";
    assert!(said[0].contains(needle), "{}", finished.err);
}

#[test]
fn a_target_that_is_not_there_is_said_under_q_too() {
    let folder = Folder::new();
    let tap = Listening::tap(&folder, &nobody(), &["-q", "--json"]);
    mail(&tap.address, 0, &["a"]);
    let said = tap.process.says("did not arrive");
    let said: serde_json::Value = serde_json::from_str(&said).expect("an object");
    assert_eq!(said["event"], "error");
    assert_eq!(said["key"], "tap-lost-quietly");
    tap.stop();
}

#[test]
fn help_says_how_many_senders_there_may_be() {
    let help = run(&["tap", "--help"]).text();
    let minutes = CLIENT_SILENT_MAX.as_secs() / 60;
    let (thousands, rest) = (CLIENTS_MAX / 1000, CLIENTS_MAX % 1000);
    for needle in [
        format!("{thousands},{rest:03} senders"),
        format!("{minutes} minutes"),
    ] {
        assert!(help.contains(&needle), "{needle}: {help}");
    }
}
