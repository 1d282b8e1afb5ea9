//! What is typed arrives as it is: every word, the line for the shell, the folder, the variables.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use crate::stand::{Office, Process};

/// Prints its words, each ended by NUL.
const TELL: &str = r#"for word; do printf '%s\0' "$word"; done"#;

#[track_caller]
fn arrive(office: &Office, words: &[&[u8]]) {
    let mut command = office.exec(&["sh", "-c", TELL, "sh"]);
    command.args(words.iter().map(|word| OsStr::from_bytes(word)));
    let told = Process::start(command).finish().well().out;
    let expected: Vec<u8> = words
        .iter()
        .flat_map(|word| [word, &b"\0"[..]].concat())
        .collect();
    assert!(told == expected, "{words:?}: {}", told.escape_ascii());
}

#[test]
fn every_word_arrives_as_it_is() {
    let office = Office::open();
    let long = vec![b'x'; 100_000];
    arrive(
        &office,
        &[
            b"plain",
            b"",
            b"two  words ",
            b"line\nand\r\nline\n",
            b"\xff\xfe\x80 is not UTF-8",
            b"-n",
            b"--",
            b"--json",
            b"$HOME `id` $(id) ${x:-y} * ? ~ ; & | > < # !",
            b"'\"\\ \\n",
            b"\x01\x1b[31m\x7f",
            "é 漢字 😀".as_bytes(),
            &long,
            b"",
        ],
    );
    arrive(&office, &[]);
    let numbers: Vec<String> = (0..20_000).map(|number| number.to_string()).collect();
    let many: Vec<&[u8]> = numbers.iter().map(String::as_bytes).collect();
    arrive(&office, &many);
}

#[test]
fn words_that_look_like_options_are_words() {
    let office = Office::open();
    let finished = office.ran(&["printf", "%s", "--timeout=0s"]).well();
    assert_eq!(finished.text(), "--timeout=0s");
    // As the program itself such a word is looked for, and is no option of anything.
    assert_eq!(office.ran(&["-rf"]).code, 127);
    assert_eq!(office.ran(&["--help"]).code, 127);
    assert_eq!(office.ran(&[""]).code, 127);
}

#[test]
fn the_shell_gets_one_line_as_it_is() {
    let office = Office::open();
    let check = |line: &str, expected: &str| {
        let finished = office.run(&["exec", "office", "--shell", line]).well();
        assert_eq!(finished.text(), expected, "{line:?}");
    };
    check("echo $((1 + 2)) | tr 3 4", "4\n");
    check("printf '%s|' \"a  b\" c", "a  b|c|");
    check("", "");
    check("-n 2>/dev/null; echo on", "on\n");
    let odd = OsStr::from_bytes(b"printf '\xff\n'");
    let mut command = office.landline(&["exec", "--shell"]);
    command.arg(odd).arg("office");
    assert_eq!(Process::start(command).finish().well().out, b"\xff\n");
}

#[test]
fn the_folder_is_where_it_starts() {
    let office = Office::open();
    let folder = office.folder().path().join("two words");
    std::fs::create_dir(&folder).expect("the folder takes a folder");
    let folder = folder.to_str().expect("a plain name");
    let there = office
        .run(&["exec", "office", "--dir", folder, "--", "pwd"])
        .well();
    assert_eq!(there.text().trim_end(), folder);
    let relative = office
        .run(&["exec", "--dir", "two words", "office", "--", "pwd"])
        .well();
    assert_eq!(relative.text().trim_end(), folder);
    // Without it, where the server runs.
    let here = office.ran(&["pwd"]).well();
    assert_eq!(here.text().trim_end(), office.folder().name());
}

#[test]
fn variables_arrive_and_nothing_else_of_the_environment_does() {
    let office = Office::open();
    let mut command =
        office.landline(&["exec", "office", "--env", "LC_ALL=a=b\nc", "--env", "TZ="]);
    let odd: OsString = OsStr::from_bytes(b"--env=TERM=\xff").to_owned();
    command
        .arg(odd)
        .args(["--", "env", "-0"])
        .env("MINE", "secret")
        .env("LC_NAME", "mine");
    let told = Process::start(command).finish().well().out;
    let variables: Vec<&[u8]> = told.split(|byte| *byte == 0).collect();
    for expected in [&b"LC_ALL=a=b\nc"[..], b"TZ=", b"TERM=\xff"] {
        assert!(variables.contains(&expected), "{}", told.escape_ascii());
    }
    for unwanted in ["MINE=", "LC_NAME=", "LANDLINE_HOME="] {
        let is_it = |variable: &&[u8]| variable.starts_with(unwanted.as_bytes());
        assert!(
            !variables.iter().any(is_it),
            "{unwanted}: {}",
            told.escape_ascii()
        );
    }
}
