//! Any frame of a files call that holds, and any such call.

use landline_frame::landline1::{
    Answer, DigestKind, Entry, EntryKind, Failure, FileEnd, FilesCall, GetCall, Have, ListCall,
    Mtime, Name, PutCall, TransferFrame,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// A path of any bytes, text or not.
fn name() -> impl Strategy<Value = Name> {
    let bytes = prop_oneof![
        "[a-z/.é\"]{0,8}".prop_map(String::into_bytes),
        vec(1_u8.., 0..8)
    ];
    bytes.prop_map(|bytes| Name::new(bytes).expect("short, without NUL"))
}

fn plain_name() -> impl Strategy<Value = Name> {
    let part = prop_oneof![
        "[a-z é\"\\\\]{1,8}".prop_map(String::into_bytes),
        vec(b'0'.., 1..6)
    ];
    vec(part, 1..3).prop_map(|parts| Name::new(parts.join(&b'/')).expect("short, without NUL"))
}

pub(crate) fn files_call() -> impl Strategy<Value = FilesCall> {
    let both = vec![DigestKind::Blake3, DigestKind::Sha256];
    let given = (
        vec(name(), 1..4),
        subsequence(both, 1..=2),
        any::<[bool; 2]>(),
        0_u64..9_999,
    );
    (given, 0_u8..4).prop_map(|((paths, digests, [check, force], window), op)| match op {
        0 => FilesCall::Get(GetCall {
            paths,
            digests,
            check,
            window,
        }),
        1 => FilesCall::Put(PutCall {
            to: paths[0].clone(),
            digests,
            force,
            check,
        }),
        op => FilesCall::List(ListCall {
            paths,
            inside: op == 2,
        }),
    })
}

fn failure() -> impl Strategy<Value = Failure> {
    (".{0,8}", ".{0,8}", any::<bool>()).prop_map(|(code, message, retry)| Failure {
        code,
        message,
        retry,
    })
}

fn entry() -> impl Strategy<Value = Entry> {
    let kinds = vec![
        EntryKind::File,
        EntryKind::Folder,
        EntryKind::Link,
        EntryKind::Other,
    ];
    let what = (
        plain_name(),
        select(kinds),
        0_u32..3,
        option::of(0_u64..9_000_000),
    );
    let facts = (
        0_u32..0o1000,
        any::<i64>(),
        0_u32..1_000_000_000,
        option::of("[a-z0-9-]{1,9}"),
    );
    (what, facts, option::of(failure())).prop_map(|(what, facts, passed_over)| {
        let ((name, kind, ask, size), (mode, s, ns, source)) = (what, facts);
        let is_file = kind == EntryKind::File;
        let size = size.filter(|_| kind != EntryKind::Folder);
        Entry {
            name,
            kind,
            ask,
            size,
            stored: size.filter(|_| is_file).map(|size| size / 2),
            mode,
            mtime: Mtime { s, ns },
            source: source.filter(|_| is_file),
            passed_over,
        }
    })
}

fn have() -> impl Strategy<Value = Have> {
    let resume = (1_u64..1 << 43, any::<[u8; 32]>()).prop_map(|(groups, value)| Answer::Resume {
        groups,
        values: vec![value; groups.count_ones() as usize],
    });
    let answer = prop_oneof![
        Just(Answer::Want),
        Just(Answer::Skip),
        resume,
        failure().prop_map(Answer::Refuse),
    ];
    (0_u64..9, answer).prop_map(|(through, answer)| Have { through, answer })
}

pub(crate) fn transfer() -> impl Strategy<Value = TransferFrame> {
    let outcome = prop_oneof![any::<[u8; 32]>().prop_map(Ok), failure().prop_map(Err)];
    let end = (0_u64..9, outcome, any::<bool>()).prop_map(|(entry, outcome, same)| FileEnd {
        entry,
        is_same: same && outcome.is_ok(),
        outcome,
    });
    prop_oneof![
        4 => entry().prop_map(TransferFrame::Entry),
        4 => have().prop_map(TransferFrame::Have),
        1 => (0_u64..9, 0_u64..1 << 43).prop_map(|(entry, groups)| TransferFrame::Begin { entry, groups }),
        1 => (1_u64..9_000_000).prop_map(|bytes| TransferFrame::Hole { bytes }),
        3 => end.prop_map(TransferFrame::FileEnd),
    ]
}
