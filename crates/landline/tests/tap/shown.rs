//! What a tap shows: lines, objects, messages and their edges, what passed in all; and nothing under
//! `-q`.

use serde_json::Value;

use crate::stand::{Finished, Folder, Listening, call, landline, seen};

/// A tap with `options` before a target that says `said`; what the tap wrote.
#[track_caller]
fn tapped(options: &[&str], said: &[&str], client: &[&str]) -> Finished {
    let folder = Folder::new();
    let target = Listening::target("tcp://127.0.0.1:0", said);
    let tap = Listening::tap(&folder, &target.address, options);
    call(&tap.address, client);
    seen(target);
    tap.stop()
}

#[test]
fn each_read_and_write_is_a_line() {
    let finished = tapped(
        &[],
        &["hear=6", "say=world", "close"],
        &["say=hello\n", "all", "end"],
    );
    let text = finished.text();
    for needle in [
        "#1 - opened by 127.0.0.1:",
        "#1 > read 6: hello\\n",
        "#1 > write 6: hello\\n",
        "#1 < read 5: world",
        "#1 < ended (FIN), passed on",
        "#1 - closed",
        "connections: 1; reads and writes of this tap",
        "to-server: 6 bytes in 1 reads, 6 bytes in 1 writes",
    ] {
        assert!(text.contains(needle), "{needle}: {text}");
    }
    assert!(
        finished.err.contains("reads and writes of this tap"),
        "{}",
        finished.err
    );
}

#[test]
fn messages_and_what_became_of_their_edges() {
    let said = ["say=one\ntwo\nth", "hear", "say=ree\n", "close"];
    let finished = tapped(&["--as", "lines"], &said, &["hear=10", "say=x", "all"]);
    let text = finished.text();
    for needle in [
        "  = one\n",
        "  = two  [stuck to the one before]",
        "[2 bytes of a message that is not whole yet]",
        "  = three  [cut: it began in an earlier read]  [stuck to the one before]",
        "messages: 3, of which cut: 1, stuck to the one before: 2",
        "8-15 #",
    ] {
        assert!(text.contains(needle), "{needle}: {text}");
    }
}

/// How often a client that says each of `said` at once is told of a message that is cut, and of one
/// that is stuck: by the marks, by the objects of reads, by the summary, and by its object.
#[track_caller]
fn edges(said: &[&str]) -> [(u64, u64); 4] {
    let mut words = Vec::new();
    for text in said {
        let (say, hear) = (format!("say={text}"), "hear=1".to_owned());
        words.extend([say, hear]);
    }
    words.push("close".to_owned());
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let answers: Vec<String> = said
        .iter()
        .flat_map(|text| [format!("hear={}", text.len()), "say=x".to_owned()])
        .collect();
    let answers: Vec<&str> = answers.iter().map(String::as_str).collect();

    let text = tapped(&["--as", "lines"], &answers, &words).text();
    let marked = |mark: &str| text.matches(mark).count() as u64;
    let line = text.lines().find(|line| line.contains("messages: "));
    let numbers: Vec<u64> = line
        .expect("a summary")
        .split(|letter: char| !letter.is_ascii_digit())
        .filter_map(|word| word.parse().ok())
        .collect();
    let (shown, counted) = (
        (marked("[cut: "), marked("[stuck ")),
        (numbers[1], numbers[2]),
    );

    let objects = tapped(&["--json", "--as", "lines"], &answers, &words).text();
    let objects: Vec<Value> = objects
        .lines()
        .map(|line| serde_json::from_str(line).expect("an object a line"))
        .collect();
    let to_server = objects.iter().filter(|it| it["direction"] == "to-server");
    let messages: Vec<&Value> = to_server
        .filter_map(|it| it["messages"].as_array())
        .flatten()
        .collect();
    let told = |key: &str| messages.iter().filter(|it| it[key] == true).count() as u64;
    let summary = &objects.last().expect("a summary")["to-server"];
    let summed = |key: &str| summary[key].as_u64().expect("a count");
    [
        shown,
        (told("cut"), told("stuck")),
        counted,
        (summed("cut"), summed("stuck")),
    ]
}

#[test]
fn the_summary_counts_what_the_marks_show() {
    // The second one is never whole.
    assert_eq!(edges(&["a\nb"]), [(0, 0); 4]);
    // `two` is both, `three` is stuck, and the last is never whole.
    assert_eq!(edges(&["one\ntw", "o\nthree\nfour"]), [(1, 2); 4]);
}

#[test]
fn bytes_are_text_or_digits_and_drive_no_terminal() {
    let said = ["say=\u{1b}[2Jé", "close"];
    let text = tapped(&[], &said, &["all"]).text();
    assert!(text.contains("read 6: \\u{1b}[2Jé"), "{text}");
    let looks_like_it = ["say=\\u{1b}[2J\\x00\n", "close"];
    let text = tapped(&["--as", "lines"], &looks_like_it, &["all"]).text();
    for needle in [r"read 14: \\u{1b}[2J\\x00\n", r"  = \\u{1b}[2J\\x00"] {
        assert!(text.contains(needle), "{needle}: {text}");
    }
    let text = tapped(&["--as", "hex", "--show", "2"], &said, &["all"]).text();
    assert!(text.contains("read 6: 1b5b (+4)"), "{text}");
    let folder = Folder::new();
    let target = Listening::target("tcp://127.0.0.1:0", &["say=x", "close"]);
    let tap = Listening::tap(&folder, &target.address, &["--color", "always"]);
    call(&tap.address, &["all"]);
    tap.process.signal(rustix::process::Signal::TERM);
    let coloured = tap.process.finish().text();
    assert!(
        coloured.contains("\x1b[32m< read 1: x\x1b[0m"),
        "{coloured:?}"
    );
}

#[test]
fn objects_hold_all_of_it() {
    let said = ["say=a\nb\n", "close"];
    let finished = tapped(&["--json", "--as", "lines", "--show", "1"], &said, &["all"]);
    let text = finished.text();
    let objects: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("an object a line"))
        .collect();
    assert!(objects.iter().all(|object| object["v"] == 1));
    let of = |event: &str| objects.iter().find(|object| object["event"] == event);
    let read = of("read").expect("a read");
    assert_eq!(
        (read["direction"].as_str(), read["size"].as_u64()),
        (Some("to-client"), Some(4))
    );
    assert_eq!(read["text"], "a\nb\n");
    assert_eq!(read["messages"][1]["label"], "b");
    assert_eq!(read["messages"][1]["stuck"], true);
    let summary = of("summary").expect("a summary");
    assert_eq!(summary["to-client"]["messages"], 2);
    assert_eq!(summary["to-client"]["sizes"][0]["reads"], 1);
    assert!(of("opened").is_some() && of("closed").is_some());
}

#[test]
fn quiet_shows_nothing() {
    let finished = tapped(&["-q"], &["say=x", "close"], &["all"]);
    assert_eq!(finished.text(), "");
    assert_eq!(finished.err.lines().count(), 1, "{}", finished.err);
}

#[test]
fn the_tutorials_wire_is_known() {
    let folder = Folder::new();
    let place = folder.address("unix");
    let target = Listening::of(landline(&["listen", &place, "exec"]));
    let tap = Listening::tap(&folder, &target.address, &["--as", "tutorial"]);
    let ran = crate::stand::run(&["exec", &tap.address, "--", "printf", "hello"]);
    assert_eq!(ran.text(), "hello");
    let text = tap.stop().text();
    assert!(
        text.contains("= printf hello") && text.contains("= reply 4+5 bytes"),
        "{text}"
    );
}
