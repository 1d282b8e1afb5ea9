//! The config file against the real grammar: what it sets, what is stronger, what is wrong where.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use clap::CommandFactory;

use super::*;
use crate::cli::arguments::{ListenArguments, TrustAct, Verb};

fn parse(text: &str, line: &str) -> Result<Arguments, Ending> {
    let argv = line.split(' ').map(OsString::from);
    parse_over(Path::new("/c.toml"), text, argv)
}

#[track_caller]
fn listen(text: &str, line: &str) -> ListenArguments {
    let parsed = parse(text, line).expect("a good file and a good line");
    let Verb::Listen(listen) = parsed.verb else {
        panic!("listen")
    };
    listen
}

#[test]
fn what_is_typed_is_stronger_than_the_file() {
    let text = "[listen]\nrecv = 5\ngrace = \"1m\"\nallow = [\"10.0.0.0/8\", \"192.168.0.0/16\"]\n";
    let from_file = listen(text, "landline listen udp://h:1 relay");
    assert_eq!((from_file.recv, from_file.allow.len()), (5, 2));
    assert_eq!(from_file.grace, Duration::from_secs(60));
    let typed = "landline listen --recv 7 udp://h:1 relay --allow 127.0.0.0/8 --grace 3s";
    let typed = listen(text, typed);
    assert_eq!((typed.recv, typed.allow.len()), (7, 1));
    assert_eq!(typed.grace, Duration::from_secs(3));
}

#[test]
fn a_table_of_one_verb_is_for_that_verb() {
    let text = "[call]\nrecv = 5\n[listen]\none-at-a-time = true\nonce = false\n";
    let listen = listen(text, "landline listen tcp://h:1 echo");
    assert_eq!(
        (listen.recv, listen.one_at_a_time, listen.once),
        (1024, true, false)
    );
    let parsed = parse(text, "landline call tcp://h:1").expect("a good line");
    let Verb::Call(call) = parsed.verb else {
        panic!("call")
    };
    assert_eq!(call.recv, 5);
}

#[test]
fn habits_stand_above_the_tables_and_hold_for_each_verb() {
    let text = "lang = \"zh-CN\"\nverbose = 2\njson = true\n";
    for line in ["landline call tcp://h:1", "landline id"] {
        let habits = parse(text, line).expect("a good line").habits;
        assert!(habits.lang.is_some() && habits.json);
        assert_eq!(habits.verbose, 2);
    }
    let typed = parse(text, "landline id --lang en -v")
        .expect("a good line")
        .habits;
    assert_eq!(typed.lang, Some(crate::cli::words::Language::En));
    assert_eq!(typed.verbose, 1);
}

#[test]
fn a_verb_of_a_verb_has_a_table_in_its_table() {
    let text = "[trust.invite]\nfor = \"5m\"\ngrant = [\"echo\", 'exec:[\"a\",\"b\"]']\n\
        address = \"office\"\n";
    let parsed = parse(text, "landline trust invite").expect("a good line");
    let Verb::Trust(trust) = parsed.verb else {
        panic!("trust")
    };
    let Some(TrustAct::Invite(invite)) = trust.act else {
        panic!("invite")
    };
    assert_eq!(invite.lifetime, Duration::from_secs(300));
    assert_eq!(invite.grant, ["echo", "exec:[\"a\",\"b\"]"]);
    assert_eq!(invite.address, ["office"]);
}

#[test]
fn what_the_file_says_for_other_services_is_no_mistake() {
    let text = "[listen]\nupper = true\nroot = \"shared\"\n";
    let echo = listen(text, "landline listen tcp://h:1 echo");
    assert!(echo.upper);
    assert_eq!(echo.misplaced(), None);
    assert_eq!(
        listen(text, "landline listen tcp://h:1 exec").misplaced(),
        None
    );
    let typed = listen(text, "landline listen tcp://h:1 exec --upper");
    assert_eq!(typed.misplaced(), Some("--upper"));
}

#[test]
fn a_file_that_says_nothing_changes_nothing() {
    for text in [
        "",
        "# all is well\n",
        "[listen]\n",
        "[trust]\n[trust.invite]\n",
    ] {
        assert_eq!(listen(text, "landline listen tcp://h:1 echo").recv, 1024);
    }
}

/// A bad file ends the run with `sentence`, which names the file, the line and the key.
#[track_caller]
fn check_bad(text: &str, sentence: &str, line: usize, key: &str) {
    let ending = parse(text, "landline id").expect_err("a bad file");
    assert_eq!(ending.status(), 2);
    let (found, values) = ending.said().expect("it says why");
    assert_eq!(*found, sentence, "{text:?}: {values:?}");
    let line = line.to_string();
    for expected in [("path", "/c.toml"), ("line", &line), ("option", key)] {
        let is_it = |(name, value): &(&str, String)| (*name, value.as_str()) == expected;
        assert!(
            values.iter().any(is_it),
            "{text:?}: {expected:?} in {values:?}"
        );
    }
}

#[test]
fn a_key_that_is_no_option_is_told() {
    let check = |text, line, key| check_bad(text, "config-unknown", line, key);
    check("\nrecv = 1\n", 2, "recv");
    check("[listen]\nrecv = 1\nrev = 2\n", 3, "rev");
    check("[listen]\none_at_a_time = true\n", 2, "one_at_a_time");
    check("# a\n[lsten]\nrecv = 1\n", 2, "lsten");
    check("[listen]\naddress = \"tcp://h:1\"\n", 2, "address");
    check("help = true\n", 1, "help");
    check("version = true\n", 1, "version");
    check("[trust]\nfor = \"1h\"\n", 2, "for");
}

/// Its verb's help lists it, so the sentence must not say that there is no such option.
#[test]
fn what_every_verb_has_stands_above_the_tables() {
    let check = |text, line, key| check_bad(text, "config-every-verb", line, key);
    check("[listen]\ncolor = \"never\"\n", 2, "color");
    check("[lab]\njson = true\n", 2, "json");
    check("[trust.invite]\nfor = \"1h\"\nlang = \"en\"\n", 3, "lang");
    check("[trust]\nquiet = true\n", 2, "quiet");
    parse("json = true\n[lab]\n", "landline id").expect("a good file");
}

#[test]
fn a_value_of_another_kind_is_told() {
    check_bad("listen = 1\n", "config-needs-table", 1, "listen");
    check_bad("[[listen]]\n", "config-needs-table", 1, "listen");
    let check = |line, sentence, key| check_bad(&format!("[listen]\n{line}\n"), sentence, 2, key);
    check("once = 1", "config-needs-flag", "once");
    check("once = \"true\"", "config-needs-flag", "once");
    check("recv = \"1\"", "config-needs-number", "recv");
    check("recv = [1]", "config-needs-number", "recv");
    check("recv = 1.5", "config-needs-number", "recv");
    check("recv = { a = 1 }", "config-needs-number", "recv");
    check("grace = 2", "config-needs-text", "grace");
    check("grace = [\"2s\"]", "config-needs-text", "grace");
    check("allow = [1]", "config-needs-texts", "allow");
}

#[test]
fn a_value_that_will_not_do_is_told() {
    let check = |text, line, key| check_bad(text, "config-bad-value", line, key);
    check("[listen]\nrecv = 0\n", 2, "recv");
    check("[listen]\nrecv = -1\n", 2, "recv");
    check("[listen]\nallow = [\"all\"]\n", 2, "allow");
    check("color = \"purple\"\n", 1, "color");
    check("[listen]\n\ngrace = \"soon\"\n", 3, "grace");
}

#[test]
fn what_is_no_toml_is_told_with_its_line() {
    let check = |text: &str, line: &str| {
        let ending = parse(text, "landline id").expect_err("a bad file");
        let (sentence, values) = ending.said().expect("it says why");
        assert_eq!(*sentence, "config-no-toml");
        assert!(
            values.contains(&("line", line.to_owned())),
            "{text:?}: {values:?}"
        );
    };
    check("color = never\n", "1");
    check("\n[listen\n", "2");
    check("[listen]\nrecv = 1\nrecv = 2\n", "3");
    check("[listen]\n[listen]\n", "2");
    check(&format!("a = {}", "[".repeat(10_000)), "1");
}

#[test]
fn a_value_that_clap_refuses_says_why() {
    let ending = parse("color = \"purple\"\n", "landline id");
    let ending = ending.expect_err("a bad file");
    let (_, values) = ending.said().expect("it says why");
    let (_, why) = values.last().expect("the last value is why");
    assert!(why.contains("purple") && why.contains("always"), "{why}");
    assert!(!why.contains('\n') && !why.starts_with("error"), "{why}");
    assert!(!why.contains("--help"), "{why}");
}

#[test]
fn every_long_option_can_stand_in_the_file() {
    fn check(command: &Command, table: &str) {
        let longs = command.get_arguments().filter_map(|it| it.get_long());
        // A file does not say which file is read.
        for long in longs.filter(|long| *long != "config") {
            let text = format!("[{table}]\n{long} = []\n");
            let text = text.trim_start_matches("[]\n");
            if let Err(ending) = parse(text, "landline id") {
                let (sentence, _) = ending.said().expect("it says why");
                assert!(sentence.starts_with("config-needs-"), "{text}: {sentence}");
            }
        }
        for verb in command.get_subcommands() {
            let inner = format!("{table}.{}", verb.get_name());
            check(verb, inner.trim_start_matches('.'));
        }
    }
    check(&Arguments::command(), "");
}
