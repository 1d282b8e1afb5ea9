//! A neighbour on the server's own machine who swaps a folder of the share for a link that leads out,
//! again and again, while files are got and put: nothing from outside is sent, and nothing lands there.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;

use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::ground::{Ground, below, changed};
use crate::stand::{OFFICE, long};

/// How many files one command moves: each is a try of its own.
const FILES: usize = 200;

/// How many commands there are in either direction.
fn rounds() -> usize {
    if long() { 500 } else { 3 }
}

/// Swaps until it is dropped.
struct Swapping {
    stop: Arc<AtomicBool>,
    swaps: Arc<AtomicU64>,
    thread: Option<JoinHandle<()>>,
}

impl Swapping {
    /// Swaps each of `inside` for a link to what is `outside`, and back.
    fn begin(pairs: Vec<(PathBuf, PathBuf)>) -> Self {
        let (stop, swaps) = (
            Arc::new(AtomicBool::new(false)),
            Arc::new(AtomicU64::new(0)),
        );
        let (stopped, counted) = (stop.clone(), swaps.clone());
        let linked = pairs.into_iter().map(|(inside, outside)| {
            let link = inside.with_extension("link");
            symlink(outside, &link).expect("a free name");
            (inside, link)
        });
        let linked: Vec<(PathBuf, PathBuf)> = linked.collect();
        let thread = std::thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                // There and back: something always stands there.
                for (inside, link) in linked.iter().chain(&linked) {
                    let swapped = renameat_with(CWD, inside, CWD, link, RenameFlags::EXCHANGE);
                    swapped.expect("both stand there");
                    std::thread::yield_now();
                }
                counted.fetch_add(1, Ordering::Relaxed);
            }
        });
        Self {
            stop,
            swaps,
            thread: Some(thread),
        }
    }

    /// Ends it; it must have swapped, and gives how often.
    fn end(mut self) -> u64 {
        self.stop.store(true, Ordering::Relaxed);
        let thread = self.thread.take().expect("it runs");
        thread.join().expect("nothing else touches the folder");
        self.swaps.load(Ordering::Relaxed)
    }
}

impl Drop for Swapping {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// How many files and folders are swapped besides.
const LEAVES: usize = 12;

/// Files of the same names stand within the share and outside.
fn filled() -> Ground {
    let ground = Ground::new();
    for number in 0..FILES {
        ground.write(&format!("here/d/{number}"), "inside");
        ground.write(&format!("outside/{number}"), "OUTSIDE");
    }
    ground
}

#[tokio::test]
async fn what_is_got_is_never_from_outside() {
    let ground = filled();
    let _serving = ground.serve("rw");
    let mut pairs = vec![(ground.path("here/d"), ground.path("outside"))];
    for number in 0..LEAVES {
        let leaf = format!("here/leaves/{number}");
        let out = if number % 2 == 0 {
            ground.write(&leaf, "inside");
            format!("outside/{number}")
        } else {
            ground.write(&format!("{leaf}/0"), "inside");
            "outside".to_owned()
        };
        pairs.push((ground.path(&leaf), ground.path(&out)));
    }
    let swapping = Swapping::begin(pairs);
    let paths: Vec<String> = (0..FILES).map(|number| format!("d/{number}")).collect();
    let mut came = 0;
    for round in 0..rounds() {
        let to = format!("got/{round}");
        fs::create_dir_all(ground.path(&to)).expect("a free name");
        let paths = match round % 3 {
            // Each by its own way from the top, or all that is in a folder, or of a pattern.
            0 => paths.iter().map(String::as_str).collect(),
            1 => vec!["."],
            _ => vec!["d", "d/*", "leaves"],
        };
        let words = [&["get", OFFICE, "-q", "--to", &to][..], &paths].concat();
        ground.stand.run("caller", &words, "").await;
        for (path, seen) in below(&ground.path(&to)) {
            let shown = format!("{seen:?}");
            assert!(
                !shown.contains(&format!("{:?}", b"OUTSIDE")),
                "{}",
                path.display()
            );
            came += 1;
        }
    }
    let swaps = swapping.end();
    assert!(came > 0 && swaps > 0, "{came} came, {swaps} swaps");
}

#[tokio::test]
async fn what_is_put_never_lands_outside() {
    let ground = filled();
    let _serving = ground.serve("rw");
    for number in 0..FILES {
        ground.write(&format!("from/d/f{}/new{number}", number % 20), "brought");
    }
    // Some of their folders stand in both places already.
    for number in 0..10 {
        for place in ["here/d", "outside"] {
            fs::create_dir(ground.path(&format!("{place}/f{number}"))).expect("it is free");
        }
    }
    let before = below(&ground.path("outside"));
    let pairs = vec![(ground.path("here/d"), ground.path("outside"))];
    let swapping = Swapping::begin(pairs);
    let (mut round, mut placed) = (0, 0);
    // Some find the link in their way from the beginning.
    while round < rounds() || (placed == 0 && round < 10 * rounds()) {
        let words: &[&str] = match round % 2 {
            0 => &["put", OFFICE, "--json", "--force", "from/d"],
            _ => &[
                "put",
                OFFICE,
                "--json",
                "--force",
                "from/d/f1",
                "from/d/f19",
                "--to",
                "d",
            ],
        };
        let ran = ground.stand.run("caller", words, "").await;
        placed += ran.text().matches("\"placed\"").count();
        round += 1;
    }
    let swaps = swapping.end();
    assert!(placed > 0 && swaps > 0, "{placed} placed, {swaps} swaps");
    assert_eq!(
        changed(&before, &below(&ground.path("outside"))),
        [""; 0].map(PathBuf::from)
    );
}
