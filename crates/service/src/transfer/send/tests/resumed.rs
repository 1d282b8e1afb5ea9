//! Files of which the receiver has some already.

use super::*;
use crate::transfer::fold::Fold;

const GROUP: usize = 1 << 20;

/// What a receiver that has the first groups of a file would say.
fn resume(bytes: &[u8], groups: u64) -> Answer {
    let mut fold = Fold::new();
    fold.update(&bytes[..groups as usize * GROUP], |_| {});
    Answer::Resume {
        groups,
        values: fold.subtrees(),
    }
}

#[test]
fn a_file_goes_on_behind_any_prefix() {
    for size in [GROUP + 1, 3 * GROUP, 4 * GROUP, 5 * GROUP + 5] {
        let tree = Tree::new();
        let bytes = bytes(size);
        tree.file("file", &bytes);
        for groups in 1..size.div_ceil(GROUP) as u64 {
            for check in [false, true] {
                let mut script = Script::answering(|_, _| resume(&bytes, groups));
                let sending = Sending { check, ..GET };
                let report = check_sent(&mut script, &tree, sending);
                assert_eq!(script.files[0].groups, groups);
                assert_eq!(report.sent_bytes, size as u64 - groups * GROUP as u64);
            }
        }
    }
}

/// What the receiver has differs in one group: all before the subtree with it stays.
#[test]
fn with_check_the_right_subtrees_stay() {
    let tree = Tree::new();
    let bytes = bytes(7 * GROUP + 1);
    tree.file("file", &bytes);
    // 7 groups are subtrees of 4, 2 and 1.
    for (wrong, expected) in [(0, 0), (3, 0), (4, 4), (5, 4), (6, 6)] {
        let mut other = bytes.clone();
        other[wrong * GROUP + 7] ^= 1;
        let mut script = Script::answering(|_, _| resume(&other, 7));
        let sending = Sending { check: true, ..GET };
        check_sent(&mut script, &tree, sending);
        assert_eq!(script.files[0].groups, expected, "{wrong}");
    }
}

/// Without `check` nothing is read twice: then it is the receiver who finds out.
#[test]
fn without_check_the_values_are_taken_as_they_are() {
    let tree = Tree::new();
    let bytes = bytes(2 * GROUP + 1);
    tree.file("file", &bytes);
    let mut other = bytes.clone();
    other[0] ^= 1;
    let answer = resume(&other, 2);
    let mut script = Script::answering(move |_, _| answer.clone());
    run(&mut script, tree.walk(), GET).0.unwrap();
    let file = &script.files[0];
    assert_eq!((file.groups, &*file.bytes), (2, &bytes[2 * GROUP..]));
    other[2 * GROUP..].copy_from_slice(&bytes[2 * GROUP..]);
    let digest = *blake3::hash(&other).as_bytes();
    assert_eq!(file.outcome, Some(Ok(digest)));
}

#[test]
fn what_the_file_cannot_have_ends_the_call() {
    let tree = Tree::new();
    let bytes = bytes(2 * GROUP);
    tree.file("file", &bytes);
    let check = |answer: Answer, sending: Sending| {
        let mut script = Script::answering(move |_, _| answer.clone());
        let end = run(&mut script, tree.walk(), sending).0.unwrap_err();
        assert_eq!(end.0, "the receiver has what the file cannot have");
    };
    let values = |count: usize| vec![[0; 32]; count];
    let resume_of = |groups, count| Answer::Resume {
        groups,
        values: values(count),
    };
    check(resume_of(2, 1), GET);
    check(resume_of(1, 2), GET);
    check(resume_of(1, 0), GET);
    check(resume_of(u64::MAX, 64), GET);
    check(resume(&bytes, 1), get(DigestKind::Sha256));
    let mut script = Script::answering(|_, _| resume(&bytes, 1));
    let walk = [Found::failed(
        Name::new("x").unwrap(),
        0,
        Failure::new(Code::PathMissing, ""),
    )];
    assert!(run(&mut script, walk.into_iter(), GET).0.is_err());
}
