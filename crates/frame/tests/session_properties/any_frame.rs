//! Any control frame that holds, and any frame at all.

use landline_frame::landline1::{
    Call, Control, Credit, DigestKind, Done, End, Ending, ExecCall, Failure, FilesOpened, Header,
    Hello, Json, Kind, PairCall, PairReply, Reply, StatusReply, Stream, StreamCall,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::any_transfer::{files_call, transfer};

fn stream() -> impl Strategy<Value = Stream> {
    select(Stream::ALL.to_vec())
}

fn call() -> impl Strategy<Value = Call> {
    let text = || option::of("[a-z/é\"\\\\]{0,8}");
    let exec = (
        1_u32..5,
        0_u32..5,
        text(),
        option::of(any::<u64>()),
        any::<bool>(),
        0_u64..99,
    );
    let exec = exec.prop_map(|(args, env, dir, timeout_ms, stdin, window)| ExecCall {
        args,
        env,
        dir,
        timeout_ms,
        shell: args == 1 && stdin,
        stdin,
        window,
    });
    let pair = (".{0,8}", any::<[u8; 32]>(), ".{0,8}").prop_map(|(ticket, proof, name)| PairCall {
        ticket,
        proof,
        name,
    });
    let names = select(vec!["echo", "x-1", "a.b_c"]);
    let json = select(vec!["{\"a\": [1, {}]}", "\"x\"", "7", "false"]);
    let other = (names, 0_u64..99, option::of(json)).prop_map(|(name, window, json)| StreamCall {
        service: name.to_string(),
        window,
        parameters: json.map(|text| Json::parse(text).expect("JSON")),
    });
    prop_oneof![
        exec.prop_map(Call::Exec),
        files_call().prop_map(Call::Files),
        pair.prop_map(Call::Pair),
        Just(Call::Status),
        other.prop_map(Call::Stream),
    ]
}

fn reply() -> impl Strategy<Value = Reply> {
    let paired = (".{0,8}", vec(".{0,8}", 0..4), any::<[u8; 32]>());
    let paired = paired.prop_map(|(name, granted, proof)| {
        Reply::paired(&PairReply {
            name,
            granted,
            proof,
        })
    });
    let digest = option::of(select(vec![DigestKind::Blake3, DigestKind::Sha256]));
    let files = (0_u64..9_999, digest)
        .prop_map(|(window, digest)| Reply::files(&FilesOpened { window, digest }));
    let status = any::<[u64; 5]>().prop_map(|[uptime_s, peers, lines, calls, calls_total]| {
        Reply::status(&StatusReply {
            software: "s".to_string(),
            uptime_s,
            peers,
            lines,
            calls,
            calls_total,
        })
    });
    prop_oneof![(0_u64..99).prop_map(Reply::opened), files, paired, status]
}

fn done() -> impl Strategy<Value = Done> {
    let ending = prop_oneof![
        Just(None),
        any::<i32>().prop_map(|status| Some(Ending::Exit(status))),
        "[A-Z0-9+-]{1,16}".prop_map(|name| Some(Ending::Signal(name))),
    ];
    let counts = (any::<u64>(), any::<u64>(), option::of(any::<u64>()));
    (ending, counts, any::<bool>()).prop_map(|(ending, (out, err, input), timed_out)| Done {
        ending,
        out,
        err,
        input,
        timed_out,
    })
}

pub(crate) fn control() -> impl Strategy<Value = Control> {
    let hello = (1_u32..3, ".{0,8}", option::of(any::<bool>()));
    let hello = hello.prop_map(|(version, software, known)| Hello {
        version,
        software,
        known,
    });
    let failure = (".{0,12}", ".{0,20}", any::<bool>());
    let failure = failure.prop_map(|(code, message, retry)| Failure {
        code,
        message,
        retry,
    });
    let credit = (stream(), 1_u64..100).prop_map(|(stream, bytes)| Credit { stream, bytes });
    prop_oneof![
        hello.prop_map(Control::Hello),
        call().prop_map(Control::Call),
        reply().prop_map(Control::Reply),
        credit.prop_map(Control::Credit),
        stream().prop_map(|stream| Control::End(End { stream })),
        transfer().prop_map(Control::Transfer),
        done().prop_map(Control::Done),
        failure.prop_map(Control::Error),
        "[A-Z0-9+-]{1,16}".prop_map(Control::Signal),
        Just(Control::Cancel),
        ".{0,8}".prop_map(Control::Ping),
        ".{0,8}".prop_map(Control::Pong),
        select(vec![Kind::Pair, Kind::Event, Kind::Resize]).prop_map(Control::Undefined),
    ]
}

/// Any frame as bytes: typed control frames, body frames, JSON of the wrong kind, any header.
pub(crate) fn frame() -> impl Strategy<Value = Vec<u8>> {
    let body = (
        select(vec![Kind::Data, Kind::Data2, Kind::Args]),
        vec(any::<u8>(), 0..20),
    );
    let body = body.prop_map(|(kind, bytes)| {
        let header = Header::new(kind, 0, bytes.len()).expect("short");
        [&header.encode()[..], &bytes].concat()
    });
    let swapped = (control(), select(Kind::ALL.to_vec())).prop_map(|(control, kind)| {
        let mut wire = control.encode().expect("short");
        wire[0] = kind.number();
        wire
    });
    let encoded = control().prop_map(|control| control.encode().expect("short"));
    prop_oneof![4 => encoded, 2 => body, 1 => swapped, 1 => vec(any::<u8>(), 0..16)]
}
