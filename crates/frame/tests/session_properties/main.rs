//! What holds for every schedule and for every frame: no deadlock, no byte lost, no credit broken,
//! no panic, and no way past trust.

mod any_frame;
mod any_transfer;
mod joined;

use landline_frame::landline1::{
    Args, ClientSession, Control, Ending, Hello, Kind, Known, ServerSession, ServerSettled,
    SessionError, Stream,
};
use proptest::collection::vec;
use proptest::prelude::*;

use any_frame::{control, frame};
use joined::{Line, args, exec_call, known, plan};

/// Feeds frames until one is refused. Whoever has refused one takes nothing any more.
fn feed<T>(
    frames: &[Vec<u8>],
    mut next: impl FnMut(&mut &[u8]) -> Result<Option<T>, SessionError>,
) -> Vec<T> {
    let mut events = Vec::new();
    for wire in frames {
        let mut input = &wire[..];
        loop {
            match next(&mut input) {
                Ok(Some(event)) => events.push(event),
                Ok(None) => break,
                Err(error) => {
                    assert!(!error.to_failure().message.is_empty());
                    let after = next(&mut &b"\x03\0\0\0\0\0\0\x02{}"[..]);
                    assert!(matches!(after, Err(SessionError::Over)));
                    return events;
                }
            }
        }
    }
    events
}

proptest! {
    #[test]
    fn any_schedule_ends_with_every_byte_in_order(
        plans in vec(plan(), 1..4),
        schedule in vec((any::<u8>(), 0_u8..60), 0..300),
    ) {
        let mut line = Line::new();
        let mut schedule = schedule.into_iter();
        for plan in &plans {
            line.begin(plan);
            for (action, size) in schedule.by_ref().take(100) {
                line.step(plan, action, size);
            }
            line.finish(plan);
            prop_assert_eq!(&line.got_out.bytes, &plan.out);
            prop_assert_eq!(&line.got_err.bytes, &plan.err);
            prop_assert!(line.got_out.ended && line.got_err.ended);
            prop_assert!(plan.input.starts_with(&line.got_input.bytes));
            if plan.waits_for_input {
                prop_assert_eq!(&line.got_input.bytes, &plan.input);
            }
        }
    }

    #[test]
    fn a_control_frame_comes_back(control in control()) {
        let wire = control.encode().expect("short");
        prop_assert_eq!(Control::parse(control.kind(), &wire[8..]), Ok(control));
    }

    #[test]
    fn nothing_but_hello_is_taken_first(frame in frame()) {
        let mut server = ServerSession::new();
        match server.handle_bytes(&mut &frame[..]) {
            Ok(Some(_)) => prop_assert_eq!(frame[0], Kind::Hello.number()),
            _ => prop_assert!(server.settle(true, "s").is_err(), "trust is settled after HELLO"),
        }
    }

    #[test]
    fn a_stranger_reaches_pair_alone(frames in vec(frame(), 0..6)) {
        let (mut server, hello) = (ServerSession::new(), Hello::new("c", None));
        let hello = Control::Hello(hello).encode().expect("short");
        server.handle_bytes(&mut &hello[..]).expect("a HELLO");
        let (settled, _) = server.settle(false, "s").expect("after HELLO");
        let ServerSettled::Stranger(mut server) = settled else { panic!("a stranger") };
        let calls = feed(&frames, |input| server.handle_bytes(input));
        prop_assert!(calls.len() <= 1, "one call, of a type that can only be pair");
    }

    #[test]
    fn any_frames_at_a_server_make_events_or_one_error(frames in vec(frame(), 0..8), steps in 0_u8..4) {
        let (mut client, mut server) = known();
        prepare(&mut client, &mut server, steps);
        feed(&frames, |input| Ok(server.handle_bytes(input)?.map(|event| format!("{event:?}"))));
    }

    #[test]
    fn any_frames_at_a_client_make_events_or_one_error(frames in vec(frame(), 0..8), steps in 0_u8..4) {
        let (mut client, mut server) = known();
        prepare(&mut client, &mut server, steps);
        feed(&frames, |input| Ok(client.handle_bytes(input)?.map(|event| format!("{event:?}"))));
    }

    #[test]
    fn words_come_back(words in vec(vec(1_u8.., 0..9), 1..9), env in vec((vec(b'A'..=b'Z', 1..4), vec(1_u8.., 0..9)), 0..4)) {
        let args = Args::new(&words, env.iter().map(|(name, value)| (name, value))).expect("no NUL");
        let (words_count, env_count) = args.counts();
        let read = Args::decode(args.as_bytes().to_vec(), words_count, env_count);
        prop_assert_eq!(read.as_ref(), Ok(&args));
        prop_assert!(args.words().eq(words.iter().map(Vec::as_slice)));
        prop_assert!(args.env().eq(env.iter().map(|(name, value)| (&name[..], &value[..]))));
    }

    #[test]
    fn no_words_panic(bytes in vec(prop_oneof![Just(0_u8), Just(b'='), any::<u8>()], 0..40), words in 0_u32..6, env in 0_u32..6) {
        if let Ok(args) = Args::decode(bytes, words, env) {
            prop_assert_eq!(args.counts(), (words, env));
            prop_assert_eq!(args.env().count(), env as usize);
        }
    }
}

/// Brings both sides to a call that is made, answered, or over.
fn prepare(client: &mut ClientSession<Known>, server: &mut ServerSession<Known>, steps: u8) {
    if steps > 0 {
        let wire = client
            .exec(exec_call(), &args())
            .expect("between two calls");
        server.handle_bytes(&mut &wire[..]).expect("a CALL");
    }
    if steps > 1 {
        let wire = server.accept(1_000).expect("a call is asked");
        client.handle_bytes(&mut &wire[..]).expect("a REPLY");
    }
    if steps > 2 {
        let mut wire = server.send_end(Stream::Out).expect("END once");
        wire.extend(server.send_end(Stream::Err).expect("END once"));
        wire.extend(
            server
                .send_done(Some(Ending::Exit(0)), false)
                .expect("after END"),
        );
        let mut input = &wire[..];
        while client
            .handle_bytes(&mut input)
            .expect("legal frames")
            .is_some()
        {}
    }
}
