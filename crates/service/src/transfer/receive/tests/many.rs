//! More entries than any memory should hold.

use std::process::Command;

use landline_frame::landline1::Name;

use super::sender::{Sender, Source};
use super::*;

/// How many bytes of memory are this process's own.
fn own_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("it is there");
    let line = status.lines().find(|line| line.starts_with("RssAnon:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    1024 * number
        .and_then(|it| it.parse::<u64>().ok())
        .expect("a number")
}

/// Receives without keeping what is told; how much memory that took at most.
fn measure(stand: &Stand, sources: impl Iterator<Item = Source> + 'static) -> (ReceiveReport, u64) {
    let mut sender = Sender::of_all(sources).forgetful();
    let mut placer = stand.placer();
    let before = own_memory();
    let mut most = before;
    let mut most_handles = 0;
    let mut events = 0_u64;
    let done = receive(&mut sender, &mut placer, Receiving::default(), &mut |_| {
        events += 1;
        if events.is_multiple_of(10_000) {
            most = most.max(own_memory());
        }
        if events.is_multiple_of(100) {
            most_handles = most_handles.max(handles());
        }
    });
    assert!(most_handles < HANDLES_MAX, "{most_handles} handles");
    (done.expect("it goes to its end"), most - before)
}

/// 64 files and 32 folders that wait, 32 folders on the way, and what a test has anyway.
const HANDLES_MAX: usize = 160;

fn handles() -> usize {
    fs::read_dir("/proc/self/fd").expect("it is there").count()
}

/// Less than 100,000 names.
const BOUND_BYTES: u64 = 16 * 1024 * 1024;

/// Whether this process runs this test alone, so that memory is its own. If it does not, another one
/// is asked to.
fn is_alone(test: &str) -> bool {
    const MARK: &str = "LANDLINE_TEST_ALONE";
    if std::env::var_os(MARK).is_some() {
        return true;
    }
    let name = format!("transfer::receive::tests::many::{test}");
    let ran = Command::new(std::env::current_exe().expect("it runs"))
        .args(["--exact", &name])
        .env(MARK, "1")
        .output()
        .expect("it can be run");
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success() && said.contains("1 passed"), "{said}");
    false
}

#[test]
fn any_number_of_entries_takes_no_memory() {
    if !is_alone("any_number_of_entries_takes_no_memory") {
        return;
    }
    let stand = Stand::new();
    stand.write("d", b"in the way");
    let long = "n".repeat(230);
    let count = if is_long() { 1_000_000 } else { 100_000 };
    let inside = move |number| Source::file(format!("d/{long}{number}"), b"x");
    let sources = std::iter::once(Source::folder("d")).chain((0..count).map(inside));
    let (report, bytes) = measure(&stand, sources);
    assert_eq!(report.refused, count + 1);
    assert!(bytes < BOUND_BYTES, "{bytes}");
}

#[test]
fn many_files_and_folders_are_placed_with_few_handles() {
    if !is_alone("many_files_and_folders_are_placed_with_few_handles") {
        return;
    }
    let stand = Stand::new();
    let sources = (0..3_000).flat_map(|number| {
        let name = Name::new(format!("d{number}")).expect("a name");
        let inside = [name.as_bytes(), b"/f"].concat();
        [
            Source::folder(name.as_bytes()).mode(0o500),
            Source::file(inside, b"x"),
        ]
    });
    let (report, bytes) = measure(&stand, sources);
    assert_eq!((report.placed, report.folders), (3_000, 3_000));
    assert!(bytes < BOUND_BYTES, "{bytes}");
    assert!((0..3_000).all(|number| bits(&stand.path(&format!("d{number}"))).0 == 0o500));
}
