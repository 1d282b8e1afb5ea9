//! A disk that fills under what comes: it is told, what else came is kept, and with room again the same
//! command goes on. Only root can make so small a disk.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use crate::stand::{
    Sharing, Way, are_own_mounts, check_no_litter, event, in_the_middle_of, mount, much, objects,
    part_bytes, resumed_from, sentence, tree, write,
};

/// A disk of this size where files go.
fn small_disk(stand: &Sharing, way: Way, options: &str) {
    let options = format!("{options},mode=755");
    mount(
        &["-t", "tmpfs", "-o", &options, "small"],
        &way.to(stand, ""),
    );
}

fn grow(stand: &Sharing, way: Way, options: &str) {
    let options = format!("remount,{options}");
    mount(&["-o", &options], &way.to(stand, ""));
}

/// Takes all room that is left.
fn fill(folder: &Path) {
    let mut file = fs::File::create(folder.join("filler")).expect("room for a name");
    while file.write_all(&[1; 4096]).is_ok() {}
}

fn check_same(stand: &Sharing, way: Way, name: &str) {
    let [from, to] = [way.from(stand, name), way.to(stand, name)];
    let [from, to] = [from, to].map(|path| fs::read(path).expect("it is there"));
    assert!(from == to, "{way:?} {name}");
}

#[test]
fn what_has_no_room_is_refused_before_a_byte_of_it_comes() {
    if !are_own_mounts(
        module_path!(),
        "what_has_no_room_is_refused_before_a_byte_of_it_comes",
    ) {
        return;
    }
    for way in Way::BOTH {
        let stand = Sharing::open();
        small_disk(&stand, way, "size=8m");
        write(way.from(&stand, "large"), much(12 << 20));
        write(way.from(&stand, "small"), "small");
        let words = [way.verb(), "office", "large", "small"];
        let moved = stand.run(&[&words[..], &["-q"]].concat());
        assert_eq!(moved.code, 255, "{way:?}: {}", moved.err);
        let said = sentence(&moved.err);
        assert!(said.contains("large does not fit"), "{way:?}: {said}");
        check_same(&stand, way, "small");
        let moved = stand.run(&[&words[..], &["--json"]].concat());
        let failed = event(&moved, "failed");
        assert_eq!(failed["code"], "disk-full", "{way:?}");
        let all = objects(&moved);
        assert!(all.iter().all(|it| it["event"] != "started"), "{way:?}");
        check_no_litter(&stand, way);
        grow(&stand, way, "size=64m");
        stand.quietly(&words);
        check_same(&stand, way, "large");
        check_no_litter(&stand, way);
    }
}

#[test]
fn a_disk_that_somebody_else_fills_keeps_what_came() {
    if !are_own_mounts(
        module_path!(),
        "a_disk_that_somebody_else_fills_keeps_what_came",
    ) {
        return;
    }
    for way in Way::BOTH {
        let stand = Sharing::open();
        small_disk(&stand, way, "size=24m");
        write(way.from(&stand, "first"), "first");
        write(way.from(&stand, "large"), much(16 << 20));
        write(way.from(&stand, "zero"), "");
        let words = ["first", "large", "zero"];
        let (moving, stall) = in_the_middle_of(&stand, way, 6 << 20, &words);
        fill(&way.to(&stand, ""));
        stall.open();
        let moved = moving.finish();
        assert_eq!(moved.code, 255, "{way:?}: {}", moved.err);
        let failed = event(&moved, "failed");
        assert_eq!(
            (&failed["name"], &failed["code"]),
            (&"large".into(), &"disk-full".into())
        );
        for name in ["first", "zero"] {
            check_same(&stand, way, name);
        }
        let kept = part_bytes(&stand, way);
        assert!(kept > 1 << 20, "{way:?}: {kept}");
        // Still without room: told as well, and nothing lost.
        let again = stand.run(&[way.verb(), "office", "large", "-q"]);
        assert_eq!(again.code, 255, "{way:?}");
        assert!(
            sentence(&again.err).contains("make room there"),
            "{}",
            again.err
        );
        fs::remove_file(way.to(&stand, "filler")).expect("it is ours");
        let again = stand.run(&[way.verb(), "office", "large", "--json"]).well();
        assert!(resumed_from(&again) > 0, "{way:?}");
        check_same(&stand, way, "large");
        check_no_litter(&stand, way);
    }
}

#[test]
fn small_files_come_as_far_as_there_is_room() {
    if !are_own_mounts(module_path!(), "small_files_come_as_far_as_there_is_room") {
        return;
    }
    // By bytes, and by files: there, not even a name can be made.
    for options in [
        ["size=512k", "size=4m"],
        ["nr_inodes=100", "nr_inodes=1000"],
    ] {
        for way in Way::BOTH {
            let stand = Sharing::open();
            small_disk(&stand, way, options[0]);
            for number in 0..200 {
                let path = format!("many/{}/{number}", number % 3);
                write(way.from(&stand, path), much(3000));
            }
            let moved = stand.run(&[way.verb(), "office", "many", "--json"]);
            assert_eq!(moved.code, 255, "{way:?}: {}", moved.err);
            let all = objects(&moved);
            let failed = all.iter().filter(|object| object["event"] == "failed");
            let codes: Vec<_> = failed.map(|failed| failed["code"].clone()).collect();
            let is_told = |code: &serde_json::Value| code == "disk-full" || code == "unwritable";
            assert!(codes.contains(&"disk-full".into()), "{way:?}: {all:?}");
            assert!(codes.iter().all(is_told), "{way:?}: {codes:?}");
            let done = event(&moved, "done");
            let count = done["files"].as_u64().expect("a number");
            assert!(count > 40, "{way:?}: {done}");
            let sent = tree(&way.from(&stand, ""));
            let came = tree(&way.to(&stand, ""));
            assert!(came.iter().all(|it| sent.contains(it)), "{way:?}");
            let files = came.iter().filter(|(_, bytes)| bytes.is_some()).count();
            assert_eq!(files as u64, count, "{way:?}");
            grow(&stand, way, options[1]);
            let again = stand.run(&[way.verb(), "office", "many", "--json"]).well();
            assert_eq!(event(&again, "done")["same"], count, "{way:?}");
            assert!(tree(&way.to(&stand, "")) == sent, "{way:?}");
            check_no_litter(&stand, way);
        }
    }
}

#[test]
fn without_room_for_a_journal_all_comes_at_once() {
    if !are_own_mounts(
        module_path!(),
        "without_room_for_a_journal_all_comes_at_once",
    ) {
        return;
    }
    for way in Way::BOTH {
        let stand = Sharing::open();
        let journals = stand.at(way.receiver()).join("journals");
        fs::create_dir_all(&journals).expect("a free name");
        let options = "size=4k,mode=700";
        mount(&["-t", "tmpfs", "-o", options, "small"], &journals);
        // More groups than have a record in its one page: the journal ends, and the file does not.
        let sparse = fs::File::create(way.from(&stand, "sparse")).expect("a free name");
        sparse.set_len(200 << 20).expect("holes need no room");
        stand.quietly(&[way.verb(), "office", "sparse"]);
        let came = fs::metadata(way.to(&stand, "sparse")).expect("it is there");
        assert_eq!(came.len(), 200 << 20, "{way:?}");
        check_no_litter(&stand, way);
        // Not even a header.
        fill(&journals);
        write(way.from(&stand, "large"), much(5 << 20));
        stand.quietly(&[way.verb(), "office", "large"]);
        check_same(&stand, way, "large");
        fs::remove_file(journals.join("filler")).expect("it is ours");
        check_no_litter(&stand, way);
    }
}

/// A disk of ext4(5) in a file, where this machine can have one: a folder there takes room for its
/// names.
fn has_disk_with_blocks(stand: &Sharing, way: Way) -> bool {
    let image = stand.at("image");
    let file = fs::File::create(&image).expect("a free name");
    file.set_len(1 << 20).expect("there is room");
    let mut make = Command::new("mkfs.ext4");
    make.args(["-q", "-b", "1024", "-m", "0", "-N", "64"]);
    make.args(["-O", "^has_journal"]).arg(&image);
    let mut mount = Command::new("mount");
    mount.args(["-t", "ext4", "-o", "loop"]).arg(&image);
    mount.arg(way.to(stand, ""));
    [make, mount].into_iter().all(|mut command| {
        let output = command.output();
        output.is_ok_and(|output| output.status.success())
    })
}

#[test]
fn a_name_that_has_no_room_is_told() {
    if !are_own_mounts(module_path!(), "a_name_that_has_no_room_is_told") {
        return;
    }
    for way in Way::BOTH {
        let stand = Sharing::open();
        if !has_disk_with_blocks(&stand, way) {
            return;
        }
        // Files without a byte: what has no room is the name that each gets when it is whole.
        for number in 0..12 {
            let name = format!("{number:02}{}", "n".repeat(253));
            write(way.from(&stand, "empty").join(name), "");
        }
        fs::create_dir(way.to(&stand, "empty")).expect("there is room");
        fill(&way.to(&stand, ""));
        let moved = stand.run(&[way.verb(), "office", "empty", "--json"]);
        assert_eq!(moved.code, 255, "{way:?}: {}", moved.err);
        let all = objects(&moved);
        let failed = all.iter().filter(|object| object["event"] == "failed");
        let codes: Vec<_> = failed.map(|failed| failed["code"].clone()).collect();
        assert!(codes.iter().all(|code| code == "disk-full"), "{codes:?}");
        let started = all.iter().filter(|object| object["event"] == "started");
        assert_eq!(started.count(), 12, "{way:?}");
        let done = event(&moved, "done");
        let files = done["files"].as_u64().expect("a number");
        assert!((1..12).contains(&files), "{way:?}: {done}");
        assert_eq!(tree(&way.to(&stand, "empty")).len() as u64, files);
        fs::remove_file(way.to(&stand, "filler")).expect("it is ours");
        let again = stand.run(&[way.verb(), "office", "empty", "--json"]).well();
        assert_eq!(event(&again, "done")["same"], files, "{way:?}");
        let sent = tree(&way.from(&stand, "empty"));
        assert!(tree(&way.to(&stand, "empty")) == sent, "{way:?}");
        check_no_litter(&stand, way);
    }
}
