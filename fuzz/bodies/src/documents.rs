//! The files of trust: any text is refused with the line where it is wrong, or is a document that is
//! written, over any other text, as what it is.

use std::fmt::Debug;

use landline_trust::{Book, Document, Flaw, Grants, Invites, RunningServer, parse, render};

/// What stands between the text that was there and the text of the new document.
const BETWEEN: char = '\0';

/// Panics where a document does not come back from its text. `data` is one text, or two of which the
/// second is to take the place of the first.
pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let (old, new) = text.split_once(BETWEEN).unwrap_or((text, text));
    check_as::<Book>(old, new);
    check_as::<Grants>(old, new);
    check_as::<Invites>(old, new);
    check_as::<RunningServer>(old, new);
}

/// Documents as programs write them and as people do, and such as nobody should.
pub fn seeds() -> Vec<Vec<u8>> {
    let documents = [BOOK, GRANTS, INVITES, SERVER];
    let headings = [Book::HEADING, Grants::HEADING, Invites::HEADING];
    let mut seeds: Vec<String> = [&documents[..], &headings, &OTHERWISE]
        .concat()
        .iter()
        .map(ToString::to_string)
        .collect();
    for old in documents.iter().chain(&headings).chain(&OTHERWISE) {
        seeds.extend(documents.iter().map(|new| format!("{old}{BETWEEN}{new}")));
    }
    seeds.into_iter().map(String::into_bytes).collect()
}

fn check_as<D: Document + Debug>(old: &str, new: &str) {
    let document = match parse::<D>(new) {
        Ok(document) => document,
        Err(flaw) => return check_flaw(new, &flaw),
    };
    let text = render(new, &document).expect("a text that was read is TOML");
    assert_eq!(parse::<D>(&text).as_ref(), Ok(&document), "{text}");
    if let Some(comment) = first_comment(new) {
        assert_eq!(first_comment(&text), Some(comment), "{text}");
    }
    // What Windows puts at a file's start and at the ends of lines may go.
    let again = render(&text, &document).expect("what was written is TOML");
    let unmarked = text.trim_start_matches('\u{feff}');
    assert!(again.lines().eq(unmarked.lines()), "{text} becomes {again}");
    for before in ["", old] {
        match render(before, &document) {
            Ok(text) => assert_eq!(parse::<D>(&text).as_ref(), Ok(&document), "{text}"),
            Err(_) => assert!(parse::<D>(before).is_err(), "{before}"),
        }
    }
    let empty = render(new, &D::default()).expect("a text that was read is TOML");
    assert_eq!(parse::<D>(&empty), Ok(D::default()), "{empty}");
}

/// What a person wrote at the top, if that is a comment: it stays there.
fn first_comment(text: &str) -> Option<&str> {
    let first = text.lines().next()?.trim();
    first.starts_with('#').then_some(first)
}

/// A flaw stands on a line of the text, and is told on one line.
fn check_flaw(text: &str, flaw: &Flaw) {
    let lines = 1 + text.matches('\n').count();
    assert!((1..=lines).contains(&flaw.line), "{flaw}");
    assert!(!flaw.what.contains('\n'), "{flaw}");
}

const BOOK: &str = r#"# mine
[machines.office]  # upstairs
key = "0707070707070707070707070707070707070707070707070707070707070707"
addresses = ["office.example:5263", '[::1]:70']

[machines."büro 2".x]
"#;

const GRANTS: &str = r#"[peers.0707070707070707070707070707070707070707070707070707070707070707]
name = "laptop"
capabilities = ["echo", 'exec:["/bin/df","-h"]', "files:ro:/srv", "service:x"]

# second
[peers.0808080808080808080808080808080808080808080808080808080808080808]
capabilities = []
"#;

const INVITES: &str = r#"[tickets.0011223344556677]
secret = "000102030405060708090a0b0c0d0e0f"
expires = "2030-01-01T00:00:00.5Z"
capabilities = ["exec"]
"#;

const SERVER: &str = r#"addresses = ["a:1", "b:2"]
folder = "/srv"
process = 7
"#;

/// Ways to write the same that programs do not choose, and what only looks like a document.
const OTHERWISE: [&str; 9] = [
    "\u{feff}# of Windows\r\n[machines]\r\n",
    "machines = { a = { key = '0707070707070707070707070707070707070707070707070707070707070707' } }\n",
    "machines.a.key = \"0707070707070707070707070707070707070707070707070707070707070707\"\r\n",
    "[machines]\na = { key = \"\"\"\\\n0707070707070707070707070707070707070707070707070707070707070707\"\"\" } # x",
    "[peers]\n\"0707070707070707070707070707070707070707070707070707070707070707\".name = 'a'\n",
    "[[peers]]\nname = 'a'\n",
    "# mine\n[peers.FFffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff]\n[peers.FFffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff.name]\n",
    "[tickets]\n# nothing\n",
    "tickets.0011223344556677.expires = 2030-01-01T00:00:00Z\n",
];
