//! Wrong usage: status 2 and a sentence that says what to write instead.

use std::fs::File;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::stand::{Process, landline, run, sentence, usage};

#[test]
fn reserved_verbs_are_not_there_yet() {
    for line in [
        "serve --web 127.0.0.1:0",
        "trust code",
        "shell host",
        "chat host",
        "chat host room",
        "exec host --tty -- ls",
        "exec --on a,b,c -- ls",
        "get --on @group notes.txt",
        "ping --on=a,b",
        "help shell",
    ] {
        let arguments: Vec<_> = line.split(' ').collect();
        let finished = run(&arguments, "");
        assert_eq!(finished.code, 2, "{line}: {}", finished.err);
        let said = sentence(&finished.err);
        assert!(said.contains("not yet"), "{line}: {said}");
    }
}

#[test]
fn a_short_code_is_not_taken_yet() {
    let finished = run(&["pair", "--code-file", "-"], "7-guitarist-revenge\n");
    assert_eq!(finished.code, 2, "{}", finished.err);
    assert!(
        sentence(&finished.err).contains("not yet"),
        "{}",
        finished.err
    );
}

#[test]
fn a_program_typed_as_for_ssh_is_told_of_the_dashes() {
    let finished = run(&["exec", "office", "uname", "-a"], "");
    assert_eq!(finished.code, 2, "{}", finished.err);
    assert!(finished.err.contains("office -- uname"), "{}", finished.err);
}

/// Not taken for the name of a host either, which would be asked of a name server.
#[test]
fn a_ticket_is_no_argument() {
    let ticket = "landline1-aebagbafaydqqcikbmga2dqpcaireeyuculbogazdinryhi6d4qccirdeqssmjzifeuqs";
    let finished = run(&["pair", ticket], format!("{ticket}\n"));
    assert_eq!(finished.code, 2, "{}", finished.err);
    let said = sentence(&finished.err);
    assert!(
        said.contains("--code-file") && !said.contains(ticket),
        "{said}"
    );
}

#[test]
fn call_without_a_scheme_says_what_to_write() {
    for host in ["host", "host:80", "127.0.0.1:80", "[::1]:80"] {
        let finished = run(&["call", host], "");
        assert_eq!(finished.code, 2, "{host}: {}", finished.err);
        assert!(
            sentence(&finished.err).contains("tcp://"),
            "{}",
            finished.err
        );
    }
}

#[test]
fn listen_without_a_scheme_says_what_to_write() {
    let finished = run(&["listen", "127.0.0.1:80", "echo"], "");
    assert_eq!(finished.code, 2, "{}", finished.err);
    assert!(usage(&finished.err).contains("tcp://"), "{}", finished.err);
}

#[test]
fn wrong_usage_is_status_2() {
    for line in [
        "nonsense",
        "listen",
        "listen tcp://127.0.0.1:0",
        "listen tcp://127.0.0.1:0 nonsense",
        "listen tcp://127.0.0.1:0 echo --nonsense",
        "listen tcp://127.0.0.1:0 answer",
        "listen tcp://127.0.0.1:0 echo --backlog x",
        "listen tcp://127.0.0.1:0 echo --recv -1",
        "listen tcp://127.0.0.1:0 echo --grace soon",
        "listen tcp://127.0.0.1:0 echo --recv 0",
        "listen udp://127.0.0.1:0 relay --allow garbage",
        "call",
        "call tcp://127.0.0.1:1 --wait x",
        "listen udp://127.0.0.1:0 relay --expire x",
        "call tcp://127.0.0.1:1 --recv 0",
        "exec",
        "get",
        "exec tcp://127.0.0.1:1 --encoding nonsense -- ls",
        "exec tcp://127.0.0.1:1 --endian middle -- ls",
        "call --lang tlh tcp://127.0.0.1:1",
    ] {
        let arguments: Vec<_> = line.split(' ').filter(|word| !word.is_empty()).collect();
        let finished = run(&arguments, "");
        assert_eq!(finished.code, 2, "{line}: {}", finished.err);
        assert!(
            finished.out.is_empty(),
            "{line}: stdout carries data and nothing else"
        );
        usage(&finished.err);
    }
}

#[test]
fn a_place_that_is_no_machine_is_wrong_usage() {
    for verb in ["ping", "status", "ls"] {
        for place in [
            "tcp://127.0.0.1:1",
            "unix:/run.sock",
            "",
            "two words",
            "@group",
            "::1:5263",
        ] {
            let finished = run(&[verb, place], "");
            assert_eq!(finished.code, 2, "{verb} {place}: {}", finished.err);
            assert!(sentence(&finished.err).contains("writ"), "{}", finished.err);
        }
    }
    for place in ["", "host:0", "host:x", "[::1]:65536"] {
        let finished = run(&["exec", place, "--", "ls"], "");
        assert_eq!(finished.code, 2, "{place}: {}", finished.err);
        sentence(&finished.err);
    }
}

#[test]
fn help_and_wrong_usage_are_told_as_the_habits_ask() {
    let painted = run(&["--color", "always", "listen", "--nonsense"], "");
    assert!(painted.err.contains('\u{1b}'), "{}", painted.err);
    let painted = run(&["listen", "--help", "--color=always"], "").well();
    assert!(painted.text().contains('\u{1b}'), "{}", painted.text());
    for line in [
        &["--json", "listen", "--nonsense"][..],
        &["call", "--recv", "x", "--json"],
    ] {
        let finished = run(line, "");
        let said: Value = serde_json::from_str(&finished.err).expect("one object");
        assert_eq!((finished.code, &said["event"]), (2, &json!("error")));
        assert_eq!((&said["v"], &said["key"]), (&json!(1), &json!("usage")));
    }
}

/// As with all else that is printed.
#[test]
fn help_that_cannot_be_written_is_a_failure() {
    for word in ["--help", "--version"] {
        let full = File::options().write(true).open("/dev/full");
        let mut command = landline(&[word]);
        command
            .stdin(Stdio::null())
            .stdout(full.expect("it is there"))
            .stderr(Stdio::piped());
        let finished = Process::start_as_it_is(command).finish();
        assert_eq!(finished.code, 255, "{word}");
        sentence(&finished.err);
    }
}

#[test]
fn without_a_verb_the_help_is_on_stderr() {
    let finished = run(&[], "");
    assert_eq!((finished.code, finished.text().as_str()), (2, ""));
    assert!(
        finished.err.contains("landline listen "),
        "{}",
        finished.err
    );
}

#[test]
fn options_may_stand_anywhere() {
    for arguments in [
        ["call", "--recv", "10", "tcp://127.0.0.1:1"],
        ["call", "tcp://127.0.0.1:1", "--recv", "10"],
    ] {
        // Nobody listens on port 1: the line was understood.
        assert_eq!(run(&arguments, "").code, 255, "{arguments:?}");
    }
    let listen = [
        "listen",
        "--recv",
        "10",
        "tcp://192.0.2.1:0",
        "--insecure",
        "echo",
        "--upper",
    ];
    assert_eq!(run(&listen, "").code, 255);
}

#[test]
fn help_opens_with_examples() {
    for verb in ["listen", "call", "exec", "get", "put", "ls", "id", "trust"] {
        let finished = run(&[verb, "--help"], "").well();
        let text = finished.text();
        let example = text.find(&format!("landline {verb} ")).expect("an example");
        let options = text.find("Options").expect("the options");
        assert!(example < options, "{verb}: {text}");
    }
    assert_eq!(run(&["--help"], "").code, 0);
    assert!(
        run(&["--version"], "")
            .well()
            .text()
            .starts_with("landline ")
    );
}

#[test]
fn completions_and_the_manual_are_on_stdout() {
    for arguments in [
        &["completions", "bash"][..],
        &["completions", "zsh"],
        &["man"],
    ] {
        assert!(
            run(arguments, "").well().text().contains("landline"),
            "{arguments:?}"
        );
    }
    assert_eq!(run(&["completions", "nonsense"], "").code, 2);
    let manual = run(&["man"], "").well().text();
    for said in [".TH landline-trust-invite", "EXAMPLES", "\\-\\-grant"] {
        assert!(manual.contains(said), "{said}");
    }
}
