//! The incoming half of a secure line. A close that TLS vouches for is an end; any other is an error.
//! It does not know what the outgoing half does, but that both share the keys.

use std::io::{self, BufRead, ErrorKind};
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use rustls::Connection;
use tokio::io::{AsyncRead, ReadBuf};

use super::line::Shared;
use super::spacer::Spacer;
use crate::stream::ReadHalf;

/// The most that is taken from the socket before it was handed out, in bytes, whatever the caller
/// does: one read of the socket, and what rustls holds of it.
pub const RECEIVE_BYTES_MAX: usize = READ_BYTES + 4 * RECORD_BYTES_MAX;

/// One read of the socket, in bytes: four records.
const READ_BYTES: usize = 64 * 1024;

/// A record and its header at most (RFC 8446 5.2: 2^14 + 256 + 5), rounded up.
const RECORD_BYTES_MAX: usize = 17 * 1024;

/// What comes in on a secure line. It ends (reads nothing) when the peer closed the line; a line
/// that ends otherwise, and may be cut short, is the error `UnexpectedEof`, or the socket's own.
#[derive(Debug)]
pub struct SecureReader {
    half: ReadHalf,
    shared: Arc<Shared>,
    /// Bytes of the socket that nobody asked for yet.
    waiting: Vec<u8>,
    waiting_from: usize,
    spacer: Spacer,
}

impl SecureReader {
    pub(super) fn new(half: ReadHalf, shared: Arc<Shared>) -> Self {
        Self {
            half,
            shared,
            waiting: Vec::new(),
            waiting_from: 0,
            spacer: Spacer::default(),
        }
    }

    /// Hands what comes next to `take`, piece by piece, where TLS has it: nothing is copied on the
    /// way. `false`: the line has ended. It reads the socket once at most before it is ready, so
    /// [`RECEIVE_BYTES_MAX`] are handed out at most.
    pub fn poll_each(
        &mut self,
        cx: &mut Context<'_>,
        mut take: impl FnMut(&[u8]),
    ) -> Poll<io::Result<bool>> {
        let mut came = false;
        ready!(self.poll_some(cx, &mut |plain| {
            came = true;
            take(plain);
            plain.len()
        }))?;
        Poll::Ready(Ok(came))
    }

    /// Ready once `take` was given something, or the line has ended. `take` tells how many of the
    /// bytes it took; none: it wants no more.
    fn poll_some(&mut self, cx: &mut Context<'_>, take: &mut Take<'_>) -> Poll<io::Result<()>> {
        if self.hand_out_waiting(take)? {
            return Poll::Ready(Ok(()));
        }
        while !ready!(self.poll_socket(cx, take))? {}
        Poll::Ready(Ok(()))
    }

    /// Hands out what is here already. `true`: there was something, or the line has ended.
    fn hand_out_waiting(&mut self, take: &mut Take<'_>) -> io::Result<bool> {
        let mut bytes = &self.waiting[self.waiting_from..];
        let before = bytes.len();
        let handed = hand_out(&mut self.shared.lock(), &mut self.spacer, &mut bytes, take);
        self.waiting_from += before - bytes.len();
        if self.waiting_from == self.waiting.len() {
            self.waiting = Vec::new();
            self.waiting_from = 0;
        }
        handed
    }

    /// Reads the socket once, hands out what that gives, and keeps what is not taken.
    fn poll_socket(&mut self, cx: &mut Context<'_>, take: &mut Take<'_>) -> Poll<io::Result<bool>> {
        let mut space = [MaybeUninit::uninit(); READ_BYTES];
        let mut read = ReadBuf::uninit(&mut space);
        ready!(Pin::new(&mut self.half).poll_read(cx, &mut read))?;
        let mut bytes = read.filled();
        let mut connection = self.shared.lock();
        if bytes.is_empty() {
            // So rustls learns of the end, and tells a clean one from another.
            connection.read_tls(&mut bytes)?;
        }
        let handed = hand_out(&mut connection, &mut self.spacer, &mut bytes, take);
        self.waiting.extend_from_slice(bytes);
        Poll::Ready(handed)
    }
}

/// Takes some of the bytes that it is given, and tells how many.
type Take<'a> = dyn FnMut(&[u8]) -> usize + 'a;

impl AsyncRead for SecureReader {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if buffer.remaining() == 0 {
            return Poll::Ready(Ok(()));
        }
        self.get_mut().poll_some(cx, &mut |plain| {
            let count = plain.len().min(buffer.remaining());
            buffer.put_slice(&plain[..count]);
            count
        })
    }
}

/// Decrypts `bytes` until there are no more, or `take` wants no more. `true`: something came of it,
/// or the peer has closed the line. An error waits until what came before it was handed out: rustls
/// gives the same one again.
fn hand_out(
    connection: &mut Connection,
    spacer: &mut Spacer,
    bytes: &mut &[u8],
    take: &mut Take<'_>,
) -> io::Result<bool> {
    let mut came = false;
    let outcome = decrypt(connection, spacer, bytes, &mut |plain| {
        let count = take(plain);
        came |= count > 0;
        count
    });
    if came { Ok(true) } else { outcome }
}

fn decrypt(
    connection: &mut Connection,
    spacer: &mut Spacer,
    bytes: &mut &[u8],
    take: &mut Take<'_>,
) -> io::Result<bool> {
    loop {
        let processed = spacer.around(|| connection.process_new_packets());
        let is_over = drain(connection, &mut |plain| {
            spacer.notice_text(plain);
            take(plain)
        })?;
        if is_over {
            return Ok(true);
        }
        processed.map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
        if bytes.is_empty() {
            return Ok(false);
        }
        connection.read_tls(&mut spacer.watch(bytes))?;
    }
}

/// Gives `take` what is decrypted. `true`: it wants no more, or the peer has closed the line and
/// nothing is left. `UnexpectedEof`: it ended otherwise.
fn drain(connection: &mut Connection, take: &mut Take<'_>) -> io::Result<bool> {
    let mut reader = connection.reader();
    loop {
        let plain = match reader.fill_buf() {
            Ok(plain) => plain,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
            Err(error) => return Err(error),
        };
        if plain.is_empty() {
            return Ok(true);
        }
        let count = take(plain);
        if count == 0 {
            return Ok(true);
        }
        reader.consume(count);
    }
}
