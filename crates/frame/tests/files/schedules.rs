//! What holds for every schedule of a files call: what one side may say the other one takes, however it
//! crosses with what that one says; what it may not say the other one refuses; and there is always a
//! way to DONE.

use std::collections::VecDeque;

use landline_frame::landline1::{Answer, FilesCall, GROUP_BYTES, Stream, TransferFrame};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::joined::*;

/// One step: what it is, and two numbers that say more.
type Step = (u8, u8, u8);

/// Pieces of content that are tried, from large to small.
const PIECES: [usize; 5] = [GROUP, 5_000, 500, 20, 1];

/// Sizes of files, and a file without one.
fn announced(which: u8) -> Word {
    match which % 8 {
        0 => folder(),
        1 => passed_over(),
        2 => stream(),
        3 => file(0),
        4 => file(20),
        5 => file(GROUP_BYTES),
        6 => file(GROUP_BYTES + 5_000),
        _ => file(3 * GROUP_BYTES + 1),
    }
}

/// A call under way, with frames on their way to each side.
struct Line {
    joined: Joined,
    sender: Side,
    to_server: VecDeque<Vec<u8>>,
    to_client: VecDeque<Vec<u8>>,
    announced: u64,
}

impl Line {
    fn new(call: FilesCall) -> Self {
        let sender = match call {
            FilesCall::Put(_) => Client,
            FilesCall::Get(_) | FilesCall::List(_) => Server,
        };
        Self {
            joined: Joined::running(call),
            sender,
            to_server: VecDeque::new(),
            to_client: VecDeque::new(),
            announced: 0,
        }
    }

    fn receiver(&self) -> Side {
        match self.sender {
            Client => Server,
            Server => Client,
        }
    }

    /// A word that may or may not be in place.
    fn word(&self, (action, first, second): Step) -> (Side, Word) {
        let near = self.announced.saturating_sub(u64::from(first % 6));
        let groups = u64::from(second % 4);
        let piece = PIECES[usize::from(second) % PIECES.len()];
        let by_sender = |word| (self.sender, word);
        let by_receiver = |word| (self.receiver(), word);
        match action % 16 {
            0..=2 => by_sender(announced(first)),
            3 => by_receiver(want(near)),
            4 => by_receiver(have(near, Answer::Skip)),
            5 => by_receiver(have(near, Answer::Refuse(failure()))),
            6 => by_receiver(resume(near, groups)),
            7 => by_sender(begin(near, groups)),
            8 | 9 => by_sender(Sends(piece)),
            10 => by_sender(hole(piece as u64)),
            11 => by_sender(ended(near)),
            12 => by_sender(failed(near)),
            13 => by_receiver(ended(near)),
            14 => by_receiver(failed(near)),
            _ if first % 8 == 0 => (self.sender, Ends),
            _ if first % 8 == 1 => (self.receiver(), Ends),
            _ => by_receiver(announced(first)),
        }
    }

    /// Says it if it may be said, which is told.
    fn say(&mut self, from: Side, word: &Word) -> bool {
        let is_receiver = from != self.sender;
        if from == Client && is_receiver && matches!(word, Ends) {
            return false; // There is no such stream.
        }
        let Ok(wire) = self.joined.make(from, word) else {
            return false;
        };
        if let Says(TransferFrame::Entry(_)) = word {
            self.announced += 1;
        }
        match from {
            Client => self.to_server.push_back(wire),
            Server => self.to_client.push_back(wire),
        }
        true
    }

    /// Says what is right of the entries, if something is.
    fn say_of_any(&mut self, from: Side, word: impl Fn(u64) -> Word) -> bool {
        (0..self.announced).any(|entry| self.say(from, &word(entry)))
    }

    fn deliver(&mut self, to: Side, frames: usize) {
        for _ in 0..frames {
            let (queue, from) = match to {
                Client => (&mut self.to_client, Server),
                Server => (&mut self.to_server, Client),
            };
            let Some(wire) = queue.pop_front() else {
                return;
            };
            let heard = self.joined.hear(from, &wire);
            assert_eq!(heard, Ok(()), "what may be said is taken");
        }
    }

    fn grant(&mut self) {
        let bytes = GROUP_BYTES;
        if self.sender == Client && self.joined.client.may_send() < bytes {
            let wire = self.joined.server.grant(bytes).expect("there is room");
            self.to_client.push_back(wire);
        }
        if self.sender == Server && self.joined.server.may_send(Stream::Out) < bytes {
            let wire = self.joined.client.grant(Stream::Out, bytes);
            self.to_server.push_back(wire.expect("there is room"));
        }
    }

    /// Goes on fairly until DONE has come, and fails when it does not.
    fn finish(&mut self) {
        let (sender, receiver) = (self.sender, self.receiver());
        for _ in 0..5_000 {
            self.deliver(Server, usize::MAX);
            self.deliver(Client, usize::MAX);
            if self.joined.client.is_idle() {
                return self.deliver(Server, usize::MAX);
            }
            self.grant();
            self.deliver(sender, usize::MAX);
            let _ = self.say_of_any(receiver, want)
                || self.say_of_any(sender, ended)
                || PIECES.iter().any(|piece| self.say(sender, &Sends(*piece)))
                || self.say(sender, &Ends)
                || receiver == Server && self.say_of_any(receiver, ended)
                || receiver == Server && self.say(receiver, &Ends)
                || self.say_done();
        }
        panic!("the call does not end");
    }

    /// The client wants no more: from there on the server may end the call.
    fn cancel(&mut self) {
        if let Ok(wire) = self.joined.client.cancel() {
            self.to_server.push_back(wire);
        }
        self.say(Server, &Ends);
        self.say_done();
    }

    fn say_done(&mut self) -> bool {
        let wire = self.joined.server.send_done(None, false);
        wire.map(|wire| self.to_client.push_back(wire)).is_ok()
    }
}

fn call() -> impl Strategy<Value = FilesCall> {
    prop_oneof![3 => Just(get()), 3 => Just(put()), 1 => Just(list())]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    vec((0_u8..19, any::<u8>(), any::<u8>()), 0..200)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_may_be_said_is_taken_however_it_crosses(call in call(), steps in steps()) {
        let mut line = Line::new(call);
        for step in steps {
            match step {
                (16, frames, _) => line.deliver(Client, usize::from(frames % 8)),
                (17, frames, _) => line.deliver(Server, usize::from(frames % 8)),
                (18, 0..8, _) => line.cancel(),
                step => {
                    let (from, word) = line.word(step);
                    line.say(from, &word);
                }
            }
        }
        line.finish();
    }

    #[test]
    fn both_sides_agree_on_what_may_be_said(call in call(), steps in steps()) {
        let mut line = Line::new(call);
        for step in steps {
            let (from, word) = line.word(step);
            if line.say(from, &word) {
                line.deliver(Client, 1);
                line.deliver(Server, 1);
            } else {
                let mut other = Joined {
                    client: line.joined.client.clone(),
                    server: line.joined.server.clone(),
                };
                prop_assert!(other.hear(from, &word.wire(from)).is_err(), "{from:?} {word:?}");
            }
        }
        line.finish();
    }
}
