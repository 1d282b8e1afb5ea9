//! A server that breaks off in the middle of a large file and lies when it goes on: what is of use
//! stays, what is not goes, and only the right bytes get the name.

use std::path::PathBuf;
use std::sync::Arc;

use landline::frame::landline1::Kind;
use serde_json::json;

use super::fake::{Condition, Step, fake, say};
use super::ground::{Ground, Seen, changed, groups_kept};
use super::words::{begin, done, end, end_of, entry, reply};

const GROUP: usize = 1 << 20;
const GROUPS: usize = 8;

/// A file whose groups differ.
fn content() -> Vec<u8> {
    (0..GROUPS * GROUP)
        .map(|at| (at / GROUP + at % 251) as u8)
        .collect()
}

/// The groups of `content` from `first` to `end`.
fn groups(content: &[u8], first: usize, end: usize) -> Step {
    Step::Send(content[first * GROUP..end * GROUP].to_vec())
}

fn announced() -> Step {
    let more = json!({"size": GROUPS * GROUP, "source": "one"});
    say([reply(0), entry("asked", "file", &more)])
}

/// `get` of a server that follows these steps once it has heard HAVE; it fails with a sentence that
/// says one of these.
async fn fails(ground: &Ground, name: &str, rest: Vec<Step>, says: &[&str]) {
    let steps = [vec![announced(), Step::Hear(Kind::Have)], rest].concat();
    let fake = fake(&ground.stand, steps);
    let said = ground.get_fails(name, &fake).await;
    let last = said.last().expect("a sentence");
    let is_said = says.iter().any(|says| last.contains(says));
    assert!(is_said && said.len() <= 2, "{name}: {said:?}");
}

/// A ground where a get has been cut after six groups, and what stands there since: a part, and its
/// journal.
async fn cut() -> (Ground, Vec<PathBuf>) {
    let ground = Ground::new();
    let before = ground.seen();
    let journals = ground.path("caller/journals");
    let are_kept: Condition = Arc::new(move || groups_kept(&journals) == 6);
    let some = vec![groups(&content(), 0, 6), Step::Until(are_kept), Step::Cut];
    // Credit may be on its way when the line breaks.
    fails(&ground, "cut", some, &["hung up", " broke: "]).await;
    let left = changed(&before, &ground.seen());
    let texts: Vec<&str> = left.iter().filter_map(|it| it.to_str()).collect();
    assert!(
        texts.len() == 2
            && texts[0].starts_with("caller/journals/")
            && texts[1].starts_with("here/.")
            && texts[1].ends_with(".part"),
        "{texts:?}"
    );
    (ground, left)
}

#[tokio::test]
async fn who_goes_on_wrongly_leaves_the_part_as_it_was() {
    let breach = [
        ("beyond the offer", begin(0, 7), "7"),
        ("another entry", begin(1, 6), "entry 1"),
        ("an end at once", end(0, &content()), "have not come"),
    ];
    let (ground, left) = cut().await;
    let before = ground.seen();
    for (name, word, says) in breach {
        fails(&ground, name, vec![Step::Say(word)], &[says]).await;
        assert_eq!(
            changed(&before, &ground.seen()),
            [""; 0].map(PathBuf::from),
            "{name}"
        );
    }
    check_whole(&ground, 6, &left).await;
}

/// An honest server sends what follows `first` groups: the file stands, and `left` is gone.
async fn check_whole(ground: &Ground, first: usize, left: &[PathBuf]) {
    let content = content();
    let out = ((GROUPS - first) * GROUP) as u64;
    let last = say([end(0, &content), end_of("out"), done(out)]);
    let mut steps = vec![announced(), Step::Hear(Kind::Have)];
    // It goes on where the receiver is, unless it says otherwise.
    if first == 0 {
        steps.push(Step::Say(begin(0, 0)));
    }
    steps.extend([groups(&content, first, GROUPS), last]);
    let fake = fake(&ground.stand, steps);
    let words = ["get", &fake.address, "asked", "--to", "here", "-q"];
    ground.stand.well("caller", &words, "").await;
    let all = ground.seen();
    let found = all.iter().find(|(path, _)| path.ends_with("here/asked"));
    let is_right = matches!(found, Some((_, Seen::File(_, bytes))) if *bytes == content);
    assert!(is_right, "what stands there is not what was sent");
    assert!(
        all.iter().all(|(path, _)| !left.contains(path)),
        "{left:?} is litter now"
    );
}

#[tokio::test]
async fn who_begins_anew_may() {
    let (ground, left) = cut().await;
    check_whole(&ground, 0, &left).await;
}

#[tokio::test]
async fn a_tail_or_a_digest_of_another_file_is_not_placed() {
    let mut other = content();
    other[0] ^= 1;
    for digest_of in [&other, &Vec::new()] {
        let (ground, left) = cut().await;
        let out = (2 * GROUP) as u64;
        let ends = say([end(0, digest_of), end_of("out"), done(out)]);
        let steps = vec![groups(&content(), 6, GROUPS), ends];
        fails(&ground, "digest", steps, &["not what was sent"]).await;
        let all = ground.seen();
        let is_there = |path: &PathBuf| left.contains(path) || path.ends_with("here/asked");
        let found: Vec<_> = all.iter().filter(|(path, _)| is_there(path)).collect();
        assert!(found.is_empty(), "{} stand", found.len());
    }
}

/// What the part is of is said by the source alone: another one is another file.
#[tokio::test]
async fn another_source_gets_nothing_of_the_part() {
    let (ground, left) = cut().await;
    for more in [
        json!({"size": GROUPS * GROUP, "source": "two"}),
        json!({"size": GROUPS * GROUP, "source": "one", "mtime": 2}),
        json!({"size": GROUPS * GROUP + 1, "source": "one"}),
    ] {
        let announced = say([reply(0), entry("asked", "file", &more)]);
        // It would be allowed to begin behind groups that were offered.
        let steps = vec![announced, Step::Hear(Kind::Have), say([begin(0, 1)])];
        let fake = fake(&ground.stand, steps);
        let said = ground.get_fails("another", &fake).await;
        assert!(said[0].contains("or in vain"), "{more}: {said:?}");
    }
    check_whole(&ground, 6, &left).await;
}
