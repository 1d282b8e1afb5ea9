//! Who stands where a server should be: a fake that keeps every byte it is told, and a relay between a
//! client and the real server that may change bytes on the way. It does not know what they say.

use std::sync::{Arc, Mutex, PoisonError};

use landline::line::{Acceptor, Credentials, Listener, SecureStream, Stream};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::task::JoinHandle;

/// Bytes that somebody was told.
#[derive(Clone, Default)]
pub(crate) struct Heard(Arc<Mutex<Vec<u8>>>);

impl Heard {
    /// All of them, in order.
    pub(crate) fn all(&self) -> Vec<u8> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn add(&self, bytes: &[u8]) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend_from_slice(bytes);
    }
}

/// Whether `bytes` stand somewhere in `all`.
pub(crate) fn holds(all: &[u8], bytes: &[u8]) -> bool {
    all.windows(bytes.len()).any(|part| part == bytes)
}

/// A fake server, until it is dropped.
pub(crate) struct Recorder {
    /// Where it listens, as HOST:PORT.
    pub(crate) address: String,
    serving: JoinHandle<()>,
}

impl Recorder {
    /// A fake that plays `play` with whoever comes, one after the other.
    pub(crate) fn new<Playing: Future<Output = ()> + Send>(
        play: impl Fn(Stream) -> Playing + Send + 'static,
    ) -> Self {
        let any = "127.0.0.1:0".parse().expect("an address");
        let listener = Listener::tcp(any, 64).expect("a port is free");
        let address = listener.address().expect("it listens").to_string();
        let serving = tokio::spawn(async move {
            while let Ok(stream) = listener.accept().await {
                play(stream).await;
            }
        });
        Self {
            address: address["tcp://".len()..].to_owned(),
            serving,
        }
    }

    /// A fake with a key, that plays `play` on a line whose handshake is done.
    pub(crate) fn secure<Playing: Future<Output = ()> + Send>(
        credentials: &Credentials,
        play: impl Fn(SecureStream) -> Playing + Send + Sync + Clone + 'static,
    ) -> Self {
        let acceptor = Acceptor::new(credentials).expect("an Ed25519 key");
        Self::new(move |stream| {
            let (acceptor, play) = (acceptor.clone(), play.clone());
            async move {
                if let Ok(line) = acceptor.accept(stream).await {
                    play(line).await;
                }
            }
        })
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Which end a byte came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Client,
    Server,
}

/// A relay of bytes to the real server, until it is dropped. What it hears is kept.
pub(crate) struct Relay {
    pub(crate) recorder: Recorder,
    pub(crate) heard: Heard,
}

impl Relay {
    /// A relay to `server` that hands each piece on as `change` leaves it; the number says how many
    /// bytes of that side went before.
    pub(crate) fn to(
        server: &str,
        change: impl Fn(Side, usize, &mut Vec<u8>) + Clone + Send + Sync + 'static,
    ) -> Self {
        let server = format!("tcp://{server}").parse().expect("an address");
        let server: Arc<landline::line::Address> = Arc::new(server);
        let heard = Heard::default();
        let kept = heard.clone();
        let recorder = Recorder::new(move |near| {
            let (server, kept, change) = (server.clone(), kept.clone(), change.clone());
            async move {
                let far = landline::line::dial(&server).await.expect("it listens");
                let there = pass(near.reader, far.writer, |at, piece| {
                    kept.add(piece);
                    change(Side::Client, at, piece);
                });
                let back = pass(far.reader, near.writer, |at, piece| {
                    kept.add(piece);
                    change(Side::Server, at, piece);
                });
                tokio::join!(there, back);
            }
        });
        Self { recorder, heard }
    }
}

/// Passes bytes on until either end is gone.
async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    change: impl Fn(usize, &mut Vec<u8>),
) {
    let mut before = 0;
    let mut piece = Vec::with_capacity(64 * 1024);
    while matches!(from.read_buf(&mut piece).await, Ok(1..)) {
        let count = piece.len();
        change(before, &mut piece);
        before += count;
        if to.write_all(&piece).await.is_err() || to.flush().await.is_err() {
            return;
        }
        piece.clear();
    }
    // The other side may be gone too.
    let _ = to.shutdown().await;
}
