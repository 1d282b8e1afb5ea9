//! The accept loop of secure lines, and a clean stop. It does not know who comes.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use landline_line::{Acceptor, Credentials, Listener, Stream, TlsError, is_fleeting};
use landline_service::{Claims, Command, Stop};
use landline_trust::{FileError, Home, IdentityError, PeerId};
use tokio::task::JoinSet;

use super::guest;
use super::half_open::HalfOpen;
use super::offer::Offer;
use super::tally::Tally;
use super::trusted::Trusted;
use crate::server::{ACCEPT_PAUSE, GRACE, finish};
use crate::session::CLOSE_MAX;

/// At most one word about a failing accept in this time.
const ACCEPT_WORD_EVERY: Duration = Duration::from_secs(5);

/// Answers secure lines for those whom the grants of a home let in.
///
/// It may run on several listeners at once: a clone is the same server.
#[derive(Clone)]
pub struct SecureServer {
    host: Arc<Host>,
}

/// What all lines of a server share.
pub(super) struct Host {
    pub(super) home: Home,
    pub(super) peer_id: PeerId,
    pub(super) acceptor: Acceptor,
    offer: Mutex<Arc<Offer>>,
    pub(super) trusted: Trusted,
    pub(super) tally: Tally,
    pub(super) half_open: Arc<HalfOpen>,
    pub(super) claims: Claims,
    /// How long calls may go on after a stop.
    pub(super) grace: Duration,
}

impl Host {
    /// What is offered now.
    pub(super) fn offer(&self) -> Arc<Offer> {
        let offer = self.offer.lock().unwrap_or_else(PoisonError::into_inner);
        offer.clone()
    }
}

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// This machine's key cannot be used or made.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The grants file is bad.
    #[error(transparent)]
    File(#[from] FileError),
    /// TLS does not take this machine's certificate.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

/// Serves `offer` on `listener` to those whom the grants of `home` let in, until `stop`: then idle
/// lines end at once, calls within [`GRACE`], 2 s, and a line whose client is slow to take what was said on
/// it a second later at most. [`SecureServer`] does the same with more to choose.
///
/// # Errors
/// When the home's key or grants cannot be used. A line that fails is that line's matter.
pub async fn serve(
    home: &Home,
    listener: Listener,
    offer: Offer,
    stop: Stop,
) -> Result<(), ServeError> {
    let server = SecureServer::new(home, offer, GRACE)?;
    server.run(listener, stop, Stop::new()).await;
    Ok(())
}

impl SecureServer {
    /// A server with the identity and the grants of `home`, where calls have `grace` after a stop. The
    /// key is made if there is none yet.
    ///
    /// # Errors
    /// When the home's key or grants cannot be used.
    pub fn new(home: &Home, offer: Offer, grace: Duration) -> Result<Self, ServeError> {
        let identity = home.identity()?;
        let acceptor = Acceptor::new(&Credentials {
            certificate_der: identity.certificate_der().to_vec(),
            key_der: identity.key_der().to_vec(),
        })?;
        let host = Host {
            home: home.clone(),
            peer_id: identity.peer_id(),
            acceptor,
            offer: Mutex::new(Arc::new(offer)),
            trusted: Trusted::open(home)?,
            tally: Tally::new(),
            half_open: Arc::default(),
            claims: Claims::default(),
            grace,
        };
        Ok(Self {
            host: Arc::new(host),
        })
    }

    /// Who this server is to others.
    pub fn peer_id(&self) -> PeerId {
        self.host.peer_id
    }

    /// The names of what it offers.
    pub fn offered(&self) -> Vec<String> {
        let offer = self.host.offer();
        offer.names().into_iter().map(str::to_owned).collect()
    }

    /// Offers something else from now on. Calls that run go on.
    pub fn offer(&self, offer: Offer) {
        *self
            .host
            .offer
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Arc::new(offer);
    }

    /// Looks at the grants file now: by itself the server does so a few times a second.
    pub fn look_at_grants(&self) {
        self.host.trusted.look();
    }

    /// Answers lines until `stop`: then idle lines end at once, calls within the grace, or at once
    /// when `end_now` follows. When it returns, everything that commands started has ended.
    pub async fn run(&self, listener: Listener, stop: Stop, end_now: Stop) {
        let mut lines = JoinSet::new();
        tokio::select! {
            biased;
            () = stop.cancelled() => {}
            () = self.host.trusted.keep_looking() => {}
            () = self.accept(&listener, &mut lines, &stop) => {}
        }
        drop(listener);
        // A line that has to be ended says so to its peer first.
        let last = self.host.grace.saturating_add(CLOSE_MAX);
        finish(lines, last, end_now).await;
        // Whichever offer started them.
        Command::all_ended().await;
    }

    async fn accept(&self, listener: &Listener, lines: &mut JoinSet<()>, stop: &Stop) {
        let mut said_at: Option<Instant> = None;
        loop {
            tokio::select! {
                Some(_) = lines.join_next() => {}
                accepted = listener.accept() => match accepted {
                    Ok(stream) => self.answer(stream, lines, stop),
                    Err(error) if is_fleeting(&error) => {}
                    Err(error) => {
                        if said_at.is_none_or(|at| at.elapsed() >= ACCEPT_WORD_EVERY) {
                            said_at = Some(Instant::now());
                            tracing::warn!(%error, "cannot accept");
                        }
                        // Whoever holds a place without having said who he is goes first.
                        self.host.half_open.evict_oldest();
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                },
            }
        }
    }

    fn answer(&self, stream: Stream, lines: &mut JoinSet<()>, stop: &Stop) {
        let place = self.host.half_open.enter();
        lines.spawn(guest::answer(
            self.host.clone(),
            stream,
            place,
            stop.clone(),
        ));
    }
}
