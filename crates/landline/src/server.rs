//! The accept loop of stream services: who is let in, how many at once, and a clean stop.
//! It does not know what the service says.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use landline_line::{BusyPoll, Listener, Stream, is_fleeting};
use landline_service::{Journal, Notice, Silent, Stop, StreamService};
use tokio::task::JoinSet;

use crate::join;

/// How long an accept loop rests when files or memory ran out: calls that end meanwhile free some.
pub const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How long busy calls may go on after a stop, where nobody said otherwise.
const GRACE: Duration = Duration::from_secs(2);

/// At most one notice of a failing accept in this time.
const ACCEPT_NOTICE_EVERY: Duration = Duration::from_secs(5);

/// Who may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Whoever reaches the line.
    Anyone,
    /// On TCP, only sockets of this machine that the server's own user or root owns (Linux; sockets
    /// of other machines are refused). Elsewhere, and on unix lines, whoever reaches the line.
    OwnUser,
}

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
            admission: Admission::Anyone,
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
                    Ok(stream) if self.admits(&stream) => {
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

    fn admits(&self, stream: &Stream) -> bool {
        match (self.admission, stream.ends) {
            (Admission::OwnUser, Some((ours, theirs))) => {
                let refusal = refusal(ours, theirs);
                if let Some(reason) = &refusal {
                    let notice = Notice::new(&stream.peer, "client-refused").with("reason", reason);
                    self.journal.note(notice);
                }
                refusal.is_none()
            }
            _ => true,
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

/// Why a caller on TCP is not the server's own user. Whatever cannot be found out is refused.
#[cfg(target_os = "linux")]
fn refusal(ours: std::net::SocketAddr, theirs: std::net::SocketAddr) -> Option<String> {
    let own = rustix::process::geteuid().as_raw();
    match landline_line::owner_of(theirs, ours) {
        Ok(Some(owner)) if owner == own || owner == 0 => None,
        Ok(Some(owner)) => Some(format!("uid {owner}")),
        Ok(None) => Some("uid ?".into()),
        Err(error) => Some(error.to_string()),
    }
}

#[cfg(not(target_os = "linux"))]
fn refusal(_: std::net::SocketAddr, _: std::net::SocketAddr) -> Option<String> {
    None
}

async fn accept(listener: Option<&Listener>) -> io::Result<Stream> {
    match listener {
        Some(listener) => listener.accept().await,
        None => std::future::pending().await,
    }
}

/// Lets the calls end by themselves for `grace`, then ends them.
async fn finish(mut calls: JoinSet<()>, grace: Duration, end_now: Stop) {
    let ended = async { while calls.join_next().await.is_some() {} };
    tokio::select! {
        () = ended => {}
        () = end_now.cancelled() => {}
        () = tokio::time::sleep(grace) => {}
    }
    calls.shutdown().await;
}
