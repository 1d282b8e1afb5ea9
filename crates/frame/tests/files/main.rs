//! Calls of `files` through two sessions of landline/1: from CALL to DONE, and cut short.

mod joined;
mod rules;
mod schedules;

use landline_frame::landline1::{
    Answer, ClientEvent, Code, Control, ControlError, Credit, DigestKind, Done, ENTRIES_OPEN_MAX,
    EntryKind, FileEnd, FilesOpened, GROUP_BYTES, Kind, Reply, ServerEvent, SessionError, Stream,
    TransferError, TransferFrame,
};

use joined::*;

#[test]
fn a_get_from_call_to_done() {
    let mut joined = Joined::running(get());
    assert!(joined.server.may_announce());
    joined.words(&[
        (Server, folder()),
        (Server, file(5)),
        (Server, file(0)),
        (Client, want(2)),
        (Server, passed_over()),
        (Server, Sends(2)),
        (Server, stream()),
        (Server, Sends(3)),
        (Server, ended(1)),
        (Server, ended(2)),
        (Client, have(3, Answer::Skip)),
        (Client, failed(1)),
        (Client, want(4)),
        (Server, Sends(100)),
        (Server, hole(4096)),
        (Server, ended(4)),
        (Client, ended(4)),
        (Server, Ends),
        (Client, ended(2)),
    ]);
    let wire = joined.server.send_done(None, false).unwrap();
    let done = Done {
        ending: None,
        out: 105,
        err: 0,
        input: Some(0),
        timed_out: false,
    };
    let event = joined.client.handle_bytes(&mut &wire[..]);
    assert_eq!(event, Ok(Some(ClientEvent::Done(done))));
    assert!(joined.client.is_idle() && joined.server.is_idle());
}

/// The client may say it of all its files at once, while the server waits for something else.
#[test]
fn a_server_is_not_told_of_files_that_the_client_has_got() {
    let mut joined = Joined::running(get());
    joined.words(&[
        (Server, file(0)),
        (Server, file(5)),
        (Client, want(1)),
        (Server, ended(0)),
    ]);
    for (entry, is_told) in [(0, false), (1, true)] {
        let wire = joined.make(Client, &failed(entry)).unwrap();
        let event = joined.server.handle_bytes(&mut &wire[..]).unwrap();
        let told = matches!(
            event,
            Some(ServerEvent::Transfer(TransferFrame::FileEnd(_)))
        );
        assert_eq!(told, is_told, "{entry}");
    }
    // It is held to the rules all the same.
    let again = Control::Transfer(TransferFrame::FileEnd(FileEnd {
        entry: 0,
        outcome: Ok([0; 32]),
        is_same: false,
    }));
    let again = again.encode().unwrap();
    assert!(joined.server.handle_bytes(&mut &again[..]).is_err());
}

#[test]
fn a_put_from_call_to_done() {
    let mut joined = Joined::running(put());
    joined.words(&[
        (Client, file(3 * GROUP_BYTES)),
        (Client, file(2 * GROUP_BYTES + 1)),
        (Client, file(8)),
        (Server, want(0)),
        (Server, resume(1, 2)),
        (Client, Sends(GROUP)),
        (Server, have(2, Answer::Refuse(failure()))),
        (Client, hole(2 * GROUP_BYTES)),
        (Client, ended(0)),
        (Client, begin(1, 1)),
        (Client, Sends(GROUP)),
        (Client, Sends(1)),
        (Server, ended(0)),
        (Client, ended(1)),
        (Client, Ends),
        (Server, failed(1)),
        (Server, Ends),
    ]);
    let wire = joined.server.send_done(None, false).unwrap();
    let event = joined.client.handle_bytes(&mut &wire[..]);
    let Ok(Some(ClientEvent::Done(done))) = event else {
        panic!("{event:?}");
    };
    assert_eq!((done.out, done.input), (0, Some(2 * GROUP_BYTES + 1)));
}

#[test]
fn a_list_only_tells() {
    let mut joined = Joined::running(list());
    for _ in 0..2 * ENTRIES_OPEN_MAX {
        assert!(joined.server.may_announce());
        joined.words(&[(Server, file(1))]);
    }
    joined.words(&[(Server, Ends)]);
    let wire = joined.server.send_done(None, false).unwrap();
    assert!(joined.client.handle_bytes(&mut &wire[..]).is_ok());
    let wrong_side = |kind| TransferError::WrongSide { kind };
    check(
        list(),
        &[(Server, file(1)), (Client, want(0))],
        wrong_side(Kind::Have),
    );
    check(list(), &[(Client, file(1))], wrong_side(Kind::Entry));
    check(list(), &[(Server, failed(0))], wrong_side(Kind::End));
}

#[test]
fn a_cancelled_call_ends_wherever_it_is() {
    for (call, from, to) in [(get(), Server, Client), (put(), Client, Server)] {
        let mut joined = Joined::running(call);
        joined.words(&[
            (from, file(9)),
            (from, file(9)),
            (to, want(0)),
            (from, Sends(4)),
        ]);
        let late = match from {
            Client => joined.make(Client, &Sends(1)).unwrap(),
            Server => joined.make(Client, &want(1)).unwrap(),
        };
        let wire = joined.client.cancel().unwrap();
        joined.hear(Client, &wire[..]).unwrap();
        joined.words(&[(Server, Ends)]);
        let wire = joined.server.send_done(None, false).unwrap();
        joined.hear(Server, &wire).unwrap();
        assert!(joined.client.is_idle());
        // In truth it went before the CANCEL, and is held to the rules all the same.
        joined.hear(Client, &late).unwrap();
    }
}

#[test]
fn done_counts_what_was_taken() {
    let done = |input| {
        let done = Done {
            ending: None,
            out: 0,
            err: 0,
            input,
            timed_out: false,
        };
        Control::Done(done).encode().unwrap()
    };
    let sent = [
        (Client, file(2)),
        (Server, want(0)),
        (Client, Sends(2)),
        (Client, ended(0)),
    ];
    let ends = [(Client, Ends), (Server, ended(0)), (Server, Ends)];
    for (input, is_cancelled, is_right) in [
        (Some(2), false, true),
        (Some(1), false, false),
        (Some(3), true, false),
        (Some(1), true, true),
        (None, false, false),
        (None, true, false),
    ] {
        let mut joined = Joined::running(put());
        joined.words(&sent);
        if is_cancelled {
            let wire = joined.client.cancel().unwrap();
            joined.hear(Client, &wire).unwrap();
            joined.words(&[(Server, Ends)]);
        } else {
            joined.words(&ends);
        }
        let heard = joined.hear(Server, &done(input));
        assert_eq!(heard.is_ok(), is_right, "{input:?} {is_cancelled}");
    }
}

#[test]
fn a_call_is_taken_with_a_digest_that_was_offered() {
    let refused = |error| {
        let kind = Kind::Reply;
        Err(SessionError::Control { kind, error })
    };
    let key = "digest";
    for (call, digest, error) in [
        (get(), None, ControlError::KeyMissing { key }),
        (
            put(),
            Some(DigestKind::Sha256),
            ControlError::OutOfRange { key },
        ),
        (
            list(),
            Some(DigestKind::Blake3),
            ControlError::OutOfRange { key },
        ),
    ] {
        let mut joined = Joined::asked(call.clone());
        let made = joined.server.accept_files(1, digest).map(drop);
        assert_eq!(made, refused(error.clone()));
        assert!(
            joined.server.accept(1).is_err(),
            "it is no call for plain streams"
        );
        let right = call.digests().first().copied();
        assert!(
            joined.server.accept_files(1, right).is_ok(),
            "the session is as it was"
        );
        let reply = Reply::files(&FilesOpened { window: 0, digest });
        let wire = Control::Reply(reply).encode().unwrap();
        assert_eq!(joined.hear(Server, &wire), refused(error));
    }
}

#[test]
fn nothing_is_said_before_the_reply_or_in_another_call() {
    let mut joined = Joined::asked(put());
    assert!(
        joined
            .client
            .send_transfer(&TransferFrame::Hole { bytes: 1 })
            .is_err()
    );
    assert!(!joined.client.may_announce() && !joined.server.may_announce());
    let error = joined.hear(Client, &file(1).wire(Client)).unwrap_err();
    assert_eq!(error.code(), Code::Protocol, "{error}");

    let mut joined = Joined::running(list());
    let credit = Control::Credit(Credit {
        stream: Stream::Err,
        bytes: 1,
    });
    assert!(joined.hear(Client, &credit.encode().unwrap()).is_err());
}

#[test]
fn values_that_the_other_end_refuses_are_not_sent() {
    let mut joined = Joined::running(get());
    let mut wrong = entry(EntryKind::File, Some(1));
    wrong.name = name("../a");
    for frame in [
        TransferFrame::Entry(wrong),
        TransferFrame::Hole { bytes: 0 },
    ] {
        let made = joined.server.send_transfer(&frame);
        assert!(
            matches!(made, Err(SessionError::Control { .. })),
            "{made:?}"
        );
    }
}
