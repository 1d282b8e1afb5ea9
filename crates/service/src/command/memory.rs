//! A command's peer in memory, for tests: sends stdin and controls, and takes output as its credit
//! allows. It does not know what is run.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Buf, Bytes};
use tokio::sync::{Notify, Semaphore, mpsc};

use super::wire::{
    CommandCall, CommandInput, CommandOutput, CommandRequest, Control, OutputStream,
};
use crate::call::BoxFuture;

/// How many controls wait to be heeded.
const CONTROLS_MAX: usize = 16;

/// The peer's end of a command in memory.
pub struct CommandPeer {
    /// Where its stdin goes in.
    pub stdin: MemoryStdin,
    /// What comes out of its stdout.
    pub out: MemoryStream,
    /// What comes out of its stderr.
    pub err: MemoryStream,
    /// Where signals and the like go in.
    pub controls: mpsc::Sender<Control>,
}

impl CommandCall {
    /// A call and its peer's end, joined in memory, for tests. stdin holds one piece; an output
    /// stream is taken as far as [`MemoryStream::allow`] was asked to, at first not at all.
    pub fn pair(request: CommandRequest) -> (Self, CommandPeer) {
        let (stdin, pieces) = mpsc::channel(1);
        let (controls, heeded) = mpsc::channel(CONTROLS_MAX);
        let (out, err) = (MemoryStream::new(), MemoryStream::new());
        let call = Self {
            request,
            input: Box::new(Pieces(pieces)),
            out: Box::new(out.clone()),
            err: Box::new(err.clone()),
            controls: heeded,
        };
        let stdin = MemoryStdin(stdin);
        (
            call,
            CommandPeer {
                stdin,
                out,
                err,
                controls,
            },
        )
    }
}

/// stdin of a command in memory. Dropped, it has ended.
pub struct MemoryStdin(mpsc::Sender<Bytes>);

impl MemoryStdin {
    /// Sends a piece as soon as the one before was taken. Returns whether it may ever be: false once
    /// the command takes no more.
    pub async fn send(&self, bytes: impl Into<Bytes>) -> bool {
        self.0.send(bytes.into()).await.is_ok()
    }
}

struct Pieces(mpsc::Receiver<Bytes>);

impl CommandInput for Pieces {
    fn next(&mut self) -> BoxFuture<'_, io::Result<Bytes>> {
        Box::pin(async { Ok(self.0.recv().await.unwrap_or_default()) })
    }
}

/// One output stream of a command in memory.
#[derive(Clone)]
pub struct MemoryStream(Arc<Stream>);

struct Stream {
    credit: Semaphore,
    taken: Mutex<Vec<u8>>,
    ended: AtomicBool,
    changed: Notify,
}

impl MemoryStream {
    fn new() -> Self {
        Self(Arc::new(Stream {
            credit: Semaphore::new(0),
            taken: Mutex::default(),
            ended: AtomicBool::new(false),
            changed: Notify::new(),
        }))
    }

    /// Lets so many bytes more come.
    pub fn allow(&self, bytes: usize) {
        self.0.credit.add_permits(bytes);
    }

    /// Lets all come.
    pub fn allow_all(&self) {
        self.allow(Semaphore::MAX_PERMITS / 2);
    }

    /// Breaks the line: what is sent from now on fails.
    pub fn break_off(&self) {
        self.0.credit.close();
    }

    /// What has come, since this was asked before.
    pub fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.taken.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What has come, once that is so many bytes or the stream has ended.
    pub async fn take_at_least(&self, count: usize) -> Vec<u8> {
        let mut taken = Vec::new();
        loop {
            let changed = self.0.changed.notified();
            let ended = self.has_ended();
            taken.extend(self.take());
            if taken.len() >= count || ended {
                return taken;
            }
            changed.await;
        }
    }

    /// Whether its end has come.
    pub fn has_ended(&self) -> bool {
        self.0.ended.load(Ordering::Acquire)
    }

    async fn put(&self, mut bytes: Bytes) -> io::Result<()> {
        while !bytes.is_empty() {
            let one = self.0.credit.acquire().await;
            one.map_err(|_| io::ErrorKind::BrokenPipe)?.forget();
            let more = self.0.credit.forget_permits(bytes.len() - 1);
            let mut taken = self.0.taken.lock().unwrap_or_else(PoisonError::into_inner);
            taken.extend_from_slice(&bytes[..=more]);
            bytes.advance(more + 1);
            self.0.changed.notify_waiters();
        }
        Ok(())
    }
}

impl CommandOutput for MemoryStream {
    fn send(&mut self, _: OutputStream, bytes: Bytes) -> BoxFuture<'_, io::Result<()>> {
        Box::pin(async move {
            if bytes.is_empty() {
                self.0.ended.store(true, Ordering::Release);
                self.0.changed.notify_waiters();
            }
            self.put(bytes).await
        })
    }
}
