//! Each rule of what may be said when is held by who would break it, and by the other side.

use landline_frame::landline1::{
    Answer, ENTRIES_OPEN_MAX, EntryKind, FilesCall, GROUP_BYTES, Kind, SessionError, Stream,
    TransferError, TransferFrame,
};

use crate::joined::*;

#[test]
fn each_side_says_its_own() {
    let wrong_side = |kind| TransferError::WrongSide { kind };
    check(get(), &[(Client, file(1))], wrong_side(Kind::Entry));
    check(
        get(),
        &[(Server, file(1)), (Server, want(0))],
        wrong_side(Kind::Have),
    );
    check(get(), &[(Client, begin(0, 0))], wrong_side(Kind::Have));
    check(put(), &[(Server, file(1))], wrong_side(Kind::Entry));
    check(
        put(),
        &[(Client, file(1)), (Client, want(0))],
        wrong_side(Kind::Have),
    );
}

#[test]
fn so_many_entries_are_open() {
    let full = vec![(Server, file(1)); ENTRIES_OPEN_MAX as usize];
    let mut words = full.clone();
    words.push((Server, folder()));
    check(get(), &words, TransferError::TooManyOpen);
    words.insert(full.len(), (Client, want(ENTRIES_OPEN_MAX - 1)));
    check(get(), &words, TransferError::TooManyOpen);

    let mut joined = Joined::running(get());
    joined.words(&full);
    assert!(!joined.server.may_announce() && !joined.client.may_announce());
    joined.words(&[(Client, want(0)), (Server, Sends(1)), (Server, ended(0))]);
    assert!(joined.server.may_announce());
    joined.words(&[
        (Server, folder()),
        (Client, have(ENTRIES_OPEN_MAX, Answer::Skip)),
    ]);
    assert!(
        joined.server.may_announce(),
        "what was skipped or is there is open no more"
    );
}

#[test]
fn an_entry_belongs_to_a_path_that_was_asked_for() {
    let mut stranger = entry(EntryKind::File, Some(1));
    stranger.ask = 2;
    let stranger = Says(TransferFrame::Entry(stranger));
    let error = TransferError::NoSuchAsk { ask: 2, asked: 2 };
    check(get(), &[(Server, stranger.clone())], error);
    Joined::running(put()).words(&[(Client, stranger)]);
}

#[test]
fn answers_come_in_order() {
    let (two, answered) = ([(Server, file(9)), (Server, file(9))], |entry| {
        TransferError::AnsweredAlready { entry }
    });
    let after = |words: &[(Side, Word)]| [&two[..], words].concat();
    check(
        get(),
        &after(&[(Client, want(2))]),
        TransferError::NotAnnounced { entry: 2 },
    );
    check(
        get(),
        &after(&[(Client, want(0)), (Client, want(0))]),
        answered(0),
    );
    check(
        get(),
        &after(&[(Client, want(1)), (Client, have(0, Answer::Skip))]),
        answered(0),
    );
    let error = TransferError::NotOne {
        first: 0,
        through: 1,
    };
    let refused = have(1, Answer::Refuse(failure()));
    check(get(), &after(&[(Client, refused)]), error.clone());
    check(get(), &after(&[(Client, resume(1, 1))]), error);
}

#[test]
fn what_is_resumed_has_something_left() {
    let not_resumable = TransferError::NotResumable { entry: 0 };
    for entry in [folder(), passed_over(), stream()] {
        check(
            get(),
            &[(Server, entry), (Client, resume(0, 1))],
            not_resumable.clone(),
        );
    }
    let (size, groups) = (2 * GROUP_BYTES, 2);
    let error = TransferError::NothingLeft {
        entry: 0,
        size,
        groups,
    };
    check(
        get(),
        &[(Server, file(size)), (Client, resume(0, groups))],
        error,
    );

    let FilesCall::Get(mut call) = get() else {
        unreachable!()
    };
    call.digests.remove(0);
    let words = [(Server, file(size)), (Client, resume(0, 1))];
    check(FilesCall::Get(call), &words, not_resumable);
}

#[test]
fn content_is_of_the_file_that_is_due() {
    let nothing = |kind| TransferError::NothingDue { kind };
    let one = [(Server, file(9)), (Server, file(9))];
    let after = |words: &[(Side, Word)]| [&one[..], words].concat();
    check(get(), &after(&[(Server, Sends(1))]), nothing(Kind::Data));
    check(get(), &after(&[(Server, hole(9))]), nothing(Kind::Hole));
    check(get(), &after(&[(Server, failed(0))]), nothing(Kind::End));
    check(get(), &after(&[(Server, begin(0, 0))]), nothing(Kind::Have));
    let skipped = [(Client, have(0, Answer::Skip)), (Server, Sends(1))];
    check(get(), &after(&skipped), nothing(Kind::Data));
    let error = TransferError::NotDue { entry: 1, due: 0 };
    check(
        get(),
        &after(&[(Client, want(1)), (Server, failed(1))]),
        error.clone(),
    );
    check(
        get(),
        &after(&[(Client, want(1)), (Server, begin(1, 0))]),
        error,
    );
}

#[test]
fn content_is_as_long_as_the_file() {
    let (entry, bytes, left) = (0, 5, 4);
    let beyond = TransferError::BeyondSize { entry, bytes, left };
    let one = [(Server, file(9)), (Client, want(0)), (Server, Sends(5))];
    let after = |words: &[(Side, Word)]| [&one[..], words].concat();
    check(get(), &after(&[(Server, Sends(5))]), beyond.clone());
    check(get(), &after(&[(Server, hole(5))]), beyond);
    check(
        get(),
        &after(&[(Server, ended(0))]),
        TransferError::Incomplete { entry, left },
    );
    Joined::running(get()).words(&after(&[(Server, hole(4)), (Server, ended(0))]));
    Joined::running(get()).words(&after(&[(Server, failed(0))]));
    for length in [stream(), file(9000)] {
        let words = [(Server, length), (Client, want(0)), (Server, hole(4095))];
        check(
            get(),
            &words,
            TransferError::HoleTooShort { entry, bytes: 4095 },
        );
    }
}

#[test]
fn a_resumed_file_begins_once_and_not_beyond() {
    let one = [(Server, file(4 * GROUP_BYTES)), (Client, resume(0, 3))];
    let after = |words: &[(Side, Word)]| [&one[..], words].concat();
    let late = TransferError::BeginsLate { entry: 0 };
    check(
        get(),
        &after(&[(Server, Sends(1)), (Server, begin(0, 1))]),
        late.clone(),
    );
    check(
        get(),
        &after(&[(Server, begin(0, 1)), (Server, begin(0, 1))]),
        late.clone(),
    );
    check(
        get(),
        &[(Server, file(1)), (Client, want(0)), (Server, begin(0, 0))],
        late,
    );
    let (entry, groups, held) = (0, 4, 3);
    let error = TransferError::BeginsBeyond {
        entry,
        groups,
        held,
    };
    check(get(), &after(&[(Server, begin(0, 4))]), error);
    let (bytes, left) = (GROUP_BYTES, GROUP_BYTES - 1);
    let error = TransferError::BeyondSize { entry, bytes, left };
    check(
        get(),
        &after(&[(Server, Sends(1)), (Server, Sends(GROUP))]),
        error,
    );
    let again = vec![(Server, Sends(GROUP)); 4];
    let again = [&[(Server, begin(0, 0))], &again[..], &[(Server, ended(0))]].concat();
    Joined::running(get()).words(&after(&again));
}

#[test]
fn a_receiver_ends_what_it_wanted_once() {
    let not_wanted = TransferError::NotWanted { entry: 0 };
    let one = [(Client, file(1))];
    let after = |words: &[(Side, Word)]| [&one[..], words].concat();
    check(put(), &after(&[(Server, failed(0))]), not_wanted.clone());
    let skip = (Server, have(0, Answer::Skip));
    check(
        put(),
        &after(&[skip, (Server, failed(0))]),
        not_wanted.clone(),
    );
    let twice = [(Server, want(0)), (Server, failed(0)), (Server, failed(0))];
    check(put(), &after(&twice), not_wanted.clone());
    check(
        put(),
        &[(Client, folder()), (Server, want(0)), (Server, failed(0))],
        not_wanted,
    );
    let early = [(Server, want(0)), (Client, Sends(1)), (Server, ended(0))];
    check(
        put(),
        &after(&early),
        TransferError::ConfirmedEarly { entry: 0 },
    );
}

#[test]
fn streams_end_when_everything_is_settled() {
    let open = |open| TransferError::NotSettled { open };
    check(get(), &[(Server, folder()), (Server, Ends)], open(1));
    check(
        get(),
        &[(Server, file(0)), (Client, want(0)), (Server, Ends)],
        open(1),
    );
    check(put(), &[(Client, folder()), (Client, Ends)], open(1));
    check(put(), &[(Server, Ends)], TransferError::NotConfirmed);
    let sent = [
        (Client, file(0)),
        (Server, want(0)),
        (Client, ended(0)),
        (Client, Ends),
    ];
    let words = [&sent[..], &[(Server, Ends)]].concat();
    check(put(), &words, TransferError::NotConfirmed);
}

#[test]
fn nothing_is_said_after_the_end() {
    for (call, from) in [(get(), Server), (put(), Client), (list(), Server)] {
        let mut joined = Joined::running(call);
        joined.words(&[(from, Ends)]);
        let stream = from.stream();
        let after_end = Err(SessionError::AfterEnd { stream });
        assert_eq!(joined.word(from, &folder()), after_end);
        assert_eq!(joined.hear(from, &folder().wire(from)), after_end);
    }
}

#[test]
fn a_hole_costs_credit() {
    let FilesCall::Get(mut call) = get() else {
        unreachable!()
    };
    call.window = 4097;
    let mut joined = Joined::running(FilesCall::Get(call));
    joined.words(&[
        (Server, file(1 << 40)),
        (Client, want(0)),
        (Server, hole(1 << 39)),
    ]);
    assert_eq!(joined.server.may_send(Stream::Out), 1);
    let (stream, length, credit) = (Stream::Out, 4096, 1);
    let beyond = Err(SessionError::BeyondCredit {
        stream,
        length,
        credit,
    });
    assert_eq!(joined.word(Server, &hole(4096)), beyond);
    assert_eq!(joined.hear(Server, &hole(4096).wire(Server)), beyond);
}
