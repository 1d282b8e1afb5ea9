//! Sources that cannot be read, also by root: the others come all the same.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use crate::stand::{
    Finished, Process, Sharing, Way, are_own_mounts, check_no_litter, inside, mount, objects,
    sentence, write,
};

/// The code of what failed; that is `name`, and nothing else.
#[track_caller]
fn failed(finished: &Finished, name: &str) -> String {
    assert_eq!(finished.code, 255, "{}", finished.err);
    let all = objects(finished);
    let failed = all.iter().filter(|object| object["event"] == "failed");
    let failed: Vec<_> = failed.collect();
    assert_eq!(failed.len(), 1, "{all:?}");
    assert_eq!(failed[0]["name"], name);
    failed[0]["code"].as_str().expect("a code").to_owned()
}

/// What is beside it, and has come.
#[track_caller]
fn check_others(stand: &Sharing, way: Way) {
    for name in ["docs/a", "docs/z", "last"] {
        let came = fs::read_to_string(way.to(stand, name)).ok();
        assert_eq!(came.as_deref(), Some(name), "{way:?}");
    }
    check_no_litter(stand, way);
}

fn write_others(stand: &Sharing, way: Way) {
    for name in ["docs/a", "docs/z", "last"] {
        write(way.from(stand, name), name);
    }
}

#[test]
fn a_file_whose_bytes_cannot_be_read_is_told() {
    if !are_own_mounts(module_path!(), "a_file_whose_bytes_cannot_be_read_is_told") {
        return;
    }
    for way in Way::BOTH {
        let stand = Sharing::open();
        write_others(&stand, way);
        let broken = way.from(&stand, "docs/broken");
        write(broken.clone(), "");
        // Its first page is nobody's: read(2) fails with EIO.
        mount(&["--bind", "/proc/self/mem"], &broken);
        let words = [way.verb(), "office", "docs", "last", "--json"];
        let moved = stand.run(&words);
        assert_eq!(failed(&moved, "docs/broken"), "unreadable", "{way:?}");
        check_others(&stand, way);
        let again = stand.run(&[way.verb(), "office", "docs", "last", "-q"]);
        assert_eq!(again.code, 255);
        let said = sentence(&again.err);
        assert!(said.contains("docs/broken cannot be read"), "{said}");
    }
}

#[test]
fn a_link_that_leads_nowhere_is_told() {
    for way in Way::BOTH {
        let stand = Sharing::open();
        write_others(&stand, way);
        symlink("nowhere", way.from(&stand, "broken")).expect("a free name");
        let words = [way.verb(), "office", "broken", "docs", "last", "--json"];
        let moved = stand.run(&words);
        assert_eq!(failed(&moved, "broken"), "path-missing", "{way:?}");
        check_others(&stand, way);
    }
}

/// The same command for whom bits hold, root or not: without the capabilities that pass them by.
fn held_by_bits(command: &Command) -> Command {
    let mut held = Command::new("setpriv");
    let without = "-dac_override,-dac_read_search";
    held.args(["--bounding-set", without, "--inh-caps", without]);
    inside(held, command)
}

fn forbid(path: &Path) {
    let bits = fs::Permissions::from_mode(0o000);
    fs::set_permissions(path, bits).expect("it is ours");
}

#[test]
fn a_file_or_a_folder_that_may_not_be_read_is_told() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    for (name, kept) in [
        ("docs/broken", "docs/broken"),
        ("docs/shut/in", "docs/shut"),
    ] {
        for way in Way::BOTH {
            let around = Box::new(|command: Command| held_by_bits(&command));
            let stand = Sharing::around(&["rw:shared"], "127.0.0.1:0", around);
            write_others(&stand, way);
            write(way.from(&stand, name), "secret");
            forbid(&way.from(&stand, kept));
            let words = [way.verb(), "office", "docs", "last", "--json"];
            let moved = Process::start(held_by_bits(&stand.landline(&words))).finish();
            assert_eq!(failed(&moved, kept), "unreadable", "{way:?}");
            assert!(!way.to(&stand, name).exists(), "{way:?}");
            check_others(&stand, way);
        }
    }
}
