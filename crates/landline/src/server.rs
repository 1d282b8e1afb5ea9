//! The accept loop of stream services: who is let in, how many at once, and a clean stop.
//! It does not know what the service says.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use landline_line::{BusyPoll, Listener, Stream, is_fleeting};
use landline_service::{Journal, Notice, Silent, Stop, StreamService};
use tokio::task::JoinSet;

use crate::admission::Admission;
use crate::join;

/// How long an accept loop rests when files or memory ran out: calls that end meanwhile free some.
pub const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How long busy calls may go on after a stop, where nobody said otherwise.
pub const GRACE: Duration = Duration::from_secs(2);

/// At most one notice of a failing accept in this time.
const ACCEPT_NOTICE_EVERY: Duration = Duration::from_secs(5);

/// Answers each line of a listener with one service.
pub struct Server {
    /// What answers.
    pub service: Arc<dyn StreamService>,
    /// Where notices go.
    pub journal: Arc<dyn Journal>,
    /// Who may call.
    pub admission: Admission,
    /// The next line is accepted only when the one before has ended.
    pub one_at_a_time: bool,
    /// One line is answered, then [`Server::run`] returns.
    pub once: bool,
    /// How long calls that are busy may go on after a stop. Default 2 s.
    pub grace: Duration,
    /// How long to poll before sleeping after each read; `None` sleeps at once.
    pub busy_poll: Option<Duration>,
}

impl Server {
    /// A server for `service` with the defaults: silent, open to whoever reaches the line, any
    /// number at once, a grace of 2 s.
    pub fn new(service: Arc<dyn StreamService>) -> Self {
        Self {
            service,
            journal: Arc::new(Silent),
            admission: Admission::anyone(),
            one_at_a_time: false,
            once: false,
            grace: GRACE,
            busy_poll: None,
        }
    }

    /// Answers lines until `stop`: then idle calls end at once, busy ones within the grace, or at
    /// once when `end_now` follows. The listener is gone before the first wait for them.
    pub async fn run(self, listener: Listener, stop: Stop, end_now: Stop) {
        let busy_poll = self.busy_poll.map(BusyPoll::start);
        let mut listener = Some(listener);
        let mut noted_at = None;
        let mut calls = JoinSet::new();
        loop {
            let full = self.one_at_a_time && !calls.is_empty();
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                Some(_) = calls.join_next() => if listener.is_none() { break },
                accepted = accept(listener.as_ref()), if !full => match accepted {
                    Ok(stream) if self.admission.admits(&stream, &*self.journal) => {
                        calls.spawn(self.answer(stream, busy_poll.clone(), stop.clone()));
                        if self.once {
                            listener = None;
                        }
                    }
                    Ok(_refused) => {}
                    Err(error) if is_fleeting(&error) => {}
                    Err(error) => {
                        self.note_accept(&error, &mut noted_at);
                        tokio::select! {
                            () = stop.cancelled() => {}
                            () = tokio::time::sleep(ACCEPT_PAUSE) => {}
                        }
                    }
                },
            }
        }
        drop(listener);
        finish(calls, self.grace, end_now).await;
    }

    fn answer(
        &self,
        stream: Stream,
        busy_poll: Option<BusyPoll>,
        stop: Stop,
    ) -> impl Future<Output = ()> + Send + 'static {
        let service = self.service.clone();
        let journal = self.journal.clone();
        async move {
            let peer = stream.peer.clone();
            if let Err(error) = service.serve(join::call(stream, busy_poll, stop)).await {
                journal.note(
                    Notice::new(peer, "line-failed")
                        .with("error", error)
                        .detail(),
                );
            }
        }
    }

    fn note_accept(&self, error: &io::Error, noted_at: &mut Option<Instant>) {
        if noted_at.is_none_or(|at| at.elapsed() >= ACCEPT_NOTICE_EVERY) {
            *noted_at = Some(Instant::now());
            self.journal
                .note(Notice::new("", "accept-failed").with("error", error));
        }
    }
}

async fn accept(listener: Option<&Listener>) -> io::Result<Stream> {
    match listener {
        Some(listener) => listener.accept().await,
        None => std::future::pending().await,
    }
}

/// Lets the calls end by themselves for `grace`, then ends them.
pub(crate) async fn finish(mut calls: JoinSet<()>, grace: Duration, end_now: Stop) {
    let ended = async { while calls.join_next().await.is_some() {} };
    tokio::select! {
        () = ended => {}
        () = end_now.cancelled() => {}
        () = tokio::time::sleep(grace) => {}
    }
    calls.shutdown().await;
}
