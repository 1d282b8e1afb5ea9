//! A client that is killed in the middle of a put, as by a power cut: what it leaves is for itself, and
//! in nobody's way.

use std::fs;
use std::path::PathBuf;

use rustix::process::Signal;

use super::ground::{Ground, below};
use crate::stand::{OFFICE, Process, Stall, until};

/// More than all buffers on the way hold together.
const MUCH: usize = 12 << 20;

/// Less than that, by more than a buffer.
const SOME: usize = 8 << 20;

fn content(seed: u8) -> Vec<u8> {
    (0..MUCH)
        .map(|at| (at >> 20) as u8 ^ (at % 251) as u8 ^ seed)
        .collect()
}

/// What hidden files stand in the share.
fn parts(ground: &Ground) -> Vec<PathBuf> {
    let all = below(&ground.path("here"))
        .into_iter()
        .map(|(path, _)| path);
    all.filter(|path| path.to_string_lossy().starts_with('.'))
        .collect()
}

/// The words of a put that tells what it does in objects.
fn put(file: &str) -> [&str; 4] {
    ["put", OFFICE, file, "--json"]
}

#[tokio::test]
async fn another_peer_puts_the_same_name_and_sees_nothing_of_it() {
    let ground = Ground::new();
    let serving = ground.serve("rw");
    let files = serving.open_files();
    for (who, seed) in [("caller", 0), ("other", 1)] {
        ground.write(&format!("{who}-has/large"), content(seed));
    }
    let right = format!("files:rw:{}", ground.path("here").display());
    let other = ground.stand.key("other");
    ground.stand.grant("other", other, &["echo", &right]);
    ground
        .stand
        .know("other", ground.stand.key("server"), &serving.address);

    let stall = Stall::before(&serving.address, SOME);
    ground
        .stand
        .know("caller", ground.stand.key("server"), &stall.address);
    let putting = Process::start(ground.stand.landline("caller", &put("caller-has/large")));
    let has_part = || {
        parts(&ground)
            .iter()
            .any(|it| fs::metadata(ground.path("here").join(it)).is_ok_and(|it| it.len() > 5 << 20))
    };
    until(|| has_part().then_some(())).await;
    putting.signal(Signal::KILL);
    assert_eq!(putting.finish().code, 137);
    // All that may pass may have passed: then its death does not.
    drop(stall);
    until(|| (serving.open_files() <= files).then_some(())).await;
    let left = parts(&ground);
    assert_eq!(left.len(), 1, "{left:?}");

    let told = ground
        .stand
        .well("other", &put("other-has/large"), "")
        .await;
    assert!(told.contains("\"resumed_from\":0"), "{told}");
    let stands = || fs::read(ground.path("here/large")).expect("it is placed");
    assert!(stands() == content(1));
    assert_eq!(parts(&ground), left);

    // Its own peer finds another's file there, and forces its own in its place, from where it was.
    ground
        .stand
        .know("caller", ground.stand.key("server"), &serving.address);
    let refused = ground
        .stand
        .run("caller", &put("caller-has/large"), "")
        .await;
    assert_eq!(refused.code, 255, "{}", refused.text());
    assert!(stands() == content(1));
    let forced = [&put("caller-has/large")[..], &["--force"]].concat();
    let told = ground.stand.well("caller", &forced, "").await;
    assert!(
        told.contains("\"resumed_from\":") && !told.contains("\"resumed_from\":0"),
        "{told}"
    );
    assert!(stands() == content(0));
    assert_eq!(parts(&ground), [""; 0].map(PathBuf::from));
}
