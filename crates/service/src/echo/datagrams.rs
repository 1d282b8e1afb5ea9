//! Echo on datagrams: each is answered to its sender, and to nobody else.

use std::fmt::Display;
use std::hash::Hash;
use std::io;
use std::pin::pin;

use tokio::time::Instant;

use super::Echo;
use super::sources::Sources;
use crate::journal::Notice;
use crate::outbox::{Outbox, until};
use crate::post::{Batch, DatagramService, Message, Post, note_cut};
use crate::run::RunBuffer;
use crate::stop::Stop;
use crate::tally::Tally;

/// How many datagrams are answered in one go.
const BATCH_DATAGRAMS: usize = 64;

impl DatagramService for Echo {
    async fn serve<P: Post>(&self, mut post: P, stop: Stop, once: bool) -> io::Result<()> {
        let datagrams = if once { 1 } else { BATCH_DATAGRAMS };
        let mut batch = post.batch(datagrams, self.settings.recv);
        let mut desk = Desk::new(self);
        let mut stopped = pin!(stop.cancelled());
        loop {
            tokio::select! {
                biased;
                () = &mut stopped => return Ok(()),
                drained = post.drain(&mut batch) => {
                    drained?;
                    desk.answer(&mut post, &batch).await;
                    if once {
                        return Ok(());
                    }
                }
                () = until(desk.due()) => desk.retry(&mut post).await,
            }
        }
    }
}

struct Desk<'a, Member> {
    echo: &'a Echo,
    /// The answers to one sender's datagrams that came one after the other.
    answers: RunBuffer,
    outbox: Outbox<Member>,
    sources: Sources<Member>,
    hasty: Tally,
}

impl<'a, Member: Clone + Eq + Hash + Display> Desk<'a, Member> {
    fn new(echo: &'a Echo) -> Self {
        Self {
            echo,
            answers: RunBuffer::default(),
            outbox: Outbox::new(echo.settings.journal.clone()),
            sources: Sources::new(),
            hasty: Tally::default(),
        }
    }

    async fn answer<P: Post<Member = Member>>(&mut self, post: &mut P, batch: &P::Batch) {
        let now = Instant::now();
        if self.due().is_some_and(|due| due <= now) {
            self.retry(post).await;
        }
        let mut last = None;
        for index in 0..batch.len() {
            let message = batch.message(index);
            if let Some(size) = message.cut_from {
                note_cut(&self.echo.settings, message.sender, size);
            }
            // Without an address there is nobody to answer.
            let Some(sender) = message.sender else {
                continue;
            };
            if !self.has_token(sender, now) {
                continue;
            }
            if last.is_some_and(|last| last != sender) {
                self.send(post, last).await;
            }
            last = Some(sender);
            self.add(message);
        }
        self.send(post, last).await;
    }

    fn add(&mut self, message: Message<'_, Member>) {
        self.answers.push_with(|answers| {
            let start = answers.len();
            answers.extend_from_slice(message.bytes);
            if self.echo.upper {
                answers[start..].make_ascii_uppercase();
            }
            answers.extend_from_slice(&self.echo.suffix);
        });
    }

    async fn send<P: Post<Member = Member>>(&mut self, post: &mut P, to: Option<&Member>) {
        if let Some(member) = to {
            // Who is gone needs no answer any more.
            let _ = self.outbox.send(post, member, self.answers.run()).await;
            self.answers.clear();
        }
    }

    fn has_token(&mut self, sender: &Member, now: Instant) -> bool {
        let Some(rate) = self.echo.rate else {
            return true;
        };
        let has_token = self.sources.take(sender, rate, now);
        if !has_token {
            let notice = || Notice::new(sender, "echo-too-fast").with("rate", rate);
            self.hasty.note(now, &*self.echo.settings.journal, notice);
        }
        has_token
    }

    fn due(&self) -> Option<Instant> {
        self.outbox.due().into_iter().chain(self.hasty.due()).min()
    }

    async fn retry<P: Post<Member = Member>>(&mut self, post: &mut P) {
        self.outbox.retry(post).await;
        self.hasty
            .flush(Instant::now(), &*self.echo.settings.journal);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::call::Settings;
    use crate::journal::Kept;
    use crate::post_memory::{Incoming, MemoryBatch, MemoryPost};

    fn echo() -> (Echo, Arc<Kept>) {
        let journal = Arc::new(Kept::default());
        let settings = Settings {
            journal: journal.clone(),
            ..Settings::default()
        };
        let echo = Echo {
            upper: true,
            settings,
            ..Echo::default()
        };
        (echo, journal)
    }

    fn said(text: &str) -> impl Fn(u8) -> Incoming {
        move |sender| (Some(sender), text.into(), None)
    }

    async fn answer(desk: &mut Desk<'_, u8>, post: &mut MemoryPost, messages: Vec<Incoming>) {
        let mut batch = MemoryBatch::default();
        batch.messages = messages;
        desk.answer(post, &batch).await;
    }

    #[tokio::test]
    async fn each_sender_gets_its_own_answers_and_nobody_else() {
        let (mut echo, journal) = echo();
        echo.suffix = b"!".to_vec();
        let (mut desk, mut post) = (Desk::new(&echo), MemoryPost::default());
        let (hello, empty) = (said("hello"), said(""));
        let nameless = (None, b"who am I".to_vec(), None);
        let cut = (Some(2), b"cut".to_vec(), Some(4));
        let messages = vec![hello(1), empty(1), nameless, hello(2), hello(1), cut];
        answer(&mut desk, &mut post, messages).await;
        assert_eq!(post.delivered(1), [&b"HELLO!"[..], b"!", b"HELLO!"]);
        assert_eq!(post.delivered(2), [b"HELLO!".to_vec(), b"CUT!".to_vec()]);
        assert_eq!(post.sends(), 4);
        assert_eq!(journal.keys(), ["datagram-cut"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_source_that_is_too_fast_is_answered_at_its_rate() {
        let (mut echo, journal) = echo();
        echo.rate = Some(3);
        let (mut desk, mut post) = (Desk::new(&echo), MemoryPost::default());
        let x = said("x");
        answer(
            &mut desk,
            &mut post,
            vec![x(1), x(1), x(1), x(1), x(1), x(2)],
        )
        .await;
        assert_eq!(post.delivered(1).len(), 3);
        assert_eq!(post.delivered(2).len(), 1);
        assert_eq!(journal.keys(), ["echo-too-fast"]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_cannot_take_its_answer_yet_gets_it_later_and_who_is_gone_never() {
        let (echo, _) = echo();
        let (mut desk, mut post) = (Desk::new(&echo), MemoryPost::default());
        post.leave_room(1, 0);
        post.die(2);
        let x = said("x");
        answer(&mut desk, &mut post, vec![x(1), x(2), x(3)]).await;
        assert_eq!(post.delivered(3).len(), 1);
        assert!(desk.due().is_some());
        post.leave_room(1, 1);
        desk.retry(&mut post).await;
        assert_eq!(post.delivered(1).len(), 1);
        assert_eq!(desk.due(), None);
    }

    #[tokio::test]
    async fn once_is_one_datagram() {
        let (echo, _) = echo();
        let post = MemoryPost::default();
        post.arrive(said("a")(1));
        post.arrive(said("b")(1));
        let served = DatagramService::serve(&echo, post.clone(), Stop::new(), true).await;
        served.expect("a post in memory does not fail");
        assert_eq!(post.delivered(1), [b"A"]);
    }
}
