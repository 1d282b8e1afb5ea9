//! Senders that break the protocol or bring what nobody asked for, and neighbours who swap folders
//! for links.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use landline_frame::landline1::{EntryKind, FileEnd, Name, TransferFrame};

use super::super::super::line::Arrived;
use super::sender::{Sender, Source, entry};
use super::*;

fn announce(name: &str, size: u64) -> Arrived {
    let mut entry = entry(name, EntryKind::File);
    entry.size = Some(size);
    Arrived::Frame(TransferFrame::Entry(entry))
}

fn end(entry: u64) -> Arrived {
    let outcome = Ok(*blake3::hash(b"").as_bytes());
    Arrived::Frame(TransferFrame::FileEnd(FileEnd {
        entry,
        outcome,
        is_same: false,
    }))
}

fn data(count: usize) -> Arrived {
    Arrived::Bytes(Bytes::from(vec![0; count]))
}

#[test]
fn a_breach_ends_the_transfer_and_leaves_nothing() {
    let begin = |entry, groups| Arrived::Frame(TransferFrame::Begin { entry, groups });
    let hole = |bytes| Arrived::Frame(TransferFrame::Hole { bytes });
    let scripts: Vec<Vec<Arrived>> = vec![
        vec![data(1)],
        vec![hole(4096)],
        vec![end(0)],
        vec![announce("a", 5), end(1)],
        vec![announce("a", 5), end(0)],
        vec![announce("a", 5), data(6)],
        vec![announce("a", 5), data(4), hole(u64::MAX)],
        vec![announce("a", 5), data(4), data(2)],
        vec![announce("a", 5), data(4), end(0)],
        vec![announce("a", 5), data(4), Arrived::Ended],
        vec![announce("a", 5), begin(0, 1)],
        vec![announce("a", 5), begin(1, 0)],
        vec![announce("a", 5), data(1), begin(0, 0)],
        vec![announce("a", 5), Arrived::Ended],
        vec![announce("d/a", 5)],
        vec![announce("../a", 5)],
        vec![announce("/a", 5)],
        vec![announce("", 5)],
        vec![announce(".", 5)],
        (0..1100)
            .map(|number| announce(&number.to_string(), 1))
            .collect(),
    ];
    for script in scripts {
        let stand = Stand::new();
        let shown = format!("{:?}", script.last());
        let went = stand.put(Sender::saying(script));
        assert!(
            matches!(went.done, Err(TransferFault::Protocol(_))),
            "{shown}: {:?}",
            went.done
        );
        assert!(stand.listed().is_empty(), "{shown}");
        assert!(!went.sender.was_ended);
    }
}

#[test]
fn once_a_folder_is_left_nothing_comes_into_it() {
    let stand = Stand::new();
    let went = stand.put(Sender::of(vec![
        Source::folder("d"),
        Source::file("d/a", b"a"),
        Source::file("e", b"e"),
        Source::file("d/b", b"b"),
    ]));
    assert!(matches!(went.done, Err(TransferFault::Protocol(_))));
}

#[test]
fn what_nobody_asked_for_ends_the_transfer() {
    let stand = Stand::new();
    let belongs = |ask: u32, name: &Name| ask == 0 && name.parts().next() == Some(b"asked");
    let how = Receiving {
        confirm: false,
        belongs: Some(&belongs),
    };
    for sources in [
        vec![Source::file("other", b"x")],
        vec![Source::folder("asked"), Source::folder("other")],
        vec![Source::file("asked", b"x").with(|entry| entry.ask = 1)],
    ] {
        let went = run(Sender::of(sources), &mut stand.placer(), how);
        assert!(matches!(went.done, Err(TransferFault::NotAsked(_))));
    }
    assert_eq!(stand.listed(), ["asked/"]);
}

#[test]
fn folders_lie_in_one_another_up_to_a_bound() {
    let stand = Stand::new();
    let mut sources = Vec::new();
    let mut name = String::from("d");
    for _ in 0..600 {
        sources.push(Source::folder(&name));
        sources.push(Source::file(format!("{name}/f"), b"f"));
        name += "/d";
    }
    let went = stand.put(Sender::of(sources));
    let report = went.well();
    assert_eq!((report.folders, report.placed), (512, 512));
    assert_eq!(report.refused, 2 * (600 - 512));
}

#[test]
fn bits_beyond_the_permissions_are_never_given() {
    let stand = Stand::new();
    stand.well(vec![
        Source::folder("d").mode(0o7755),
        Source::file("d/a", b"a").mode(0o6755),
    ]);
    assert_eq!(bits(&stand.path("d")).0, 0o755);
    assert_eq!(bits(&stand.path("d/a")).0, 0o755);
}

#[test]
fn a_folder_that_is_swapped_for_a_link_leads_nowhere() {
    let stand = Stand::forcing();
    let outside = tempfile::tempdir().expect("a place");
    for name in ["d", "d/e"] {
        fs::create_dir(outside.path().join(name)).expect("a folder");
    }
    let stop = Arc::new(AtomicBool::new(false));
    let swapping = {
        let (stop, to, out) = (stop.clone(), stand.to.clone(), outside.path().to_owned());
        std::thread::spawn(move || {
            let (folder, link, aside) = (to.join("d"), to.join("link"), to.join("aside"));
            let mut swaps = 0;
            while !stop.load(Ordering::Relaxed) {
                let _ = std::os::unix::fs::symlink(out.join("d"), &link);
                let _ = fs::rename(&folder, &aside);
                let _ = fs::rename(&link, &folder);
                swaps += u64::from(fs::symlink_metadata(&folder).is_ok_and(|it| it.is_symlink()));
                let _ = fs::remove_file(&folder);
                let _ = fs::rename(&aside, &folder);
                let _ = fs::remove_dir_all(&aside);
            }
            swaps
        })
    };
    let tries = if is_long() { 20_000 } else { 2_000 };
    for number in 0..tries {
        let went = stand.put(Sender::of(vec![
            Source::folder("d").mode(0o711),
            Source::folder("d/e").mode(0o711),
            Source::file("d/e/a", number.to_string().as_bytes()),
            Source::file("d/b", number.to_string().as_bytes()),
        ]));
        assert!(went.done.is_ok(), "{:?}", went.done);
    }
    stop.store(true, Ordering::Relaxed);
    let swaps = swapping.join().expect("it does not panic");
    assert!(swaps > 0, "nothing was swapped");
    assert_eq!(list(outside.path()), ["d/", "d/e/"]);
    for name in ["d", "d/e"] {
        assert_ne!(bits(&outside.path().join(name)).0, 0o711, "{name}");
    }
}
