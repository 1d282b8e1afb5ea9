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
use crate::stream::ReadHalf;

/// The most that is taken from the socket before it was handed out, in bytes, whatever the caller
/// does: one read of the socket, and what rustls holds of it.
pub const RECEIVE_BYTES_MAX: usize = READ_BYTES + 4 * RECORD_BYTES_MAX;

/// One read of the socket, in bytes: four records.
const READ_BYTES: usize = 64 * 1024;

/// A record and its header at most (RFC 8446 5.2: 2^14 + 256 + 5), rounded up.
const RECORD_BYTES_MAX: usize = 17 * 1024;

/// Held while rustls copies a record's text out of its buffer, so that the copy does not come to lie
/// right behind that buffer, 32 KiB and 11 bytes from where it is copied from: so placed, x86's
/// string copy takes five times as long (the low 12 bits of both addresses nearly meet), and a
/// receiver is half as fast. More than a record, so that it takes the place that the copy would.
const SPACER_BYTES: usize = 18 * 1024;

/// What comes in on a secure line. It ends (reads nothing) when the peer closed the line; a line
/// that ends otherwise, and may be cut short, is the error `UnexpectedEof`, or the socket's own.
#[derive(Debug)]
pub struct SecureReader {
    half: ReadHalf,
    shared: Arc<Shared>,
    /// Bytes of the socket that nobody asked for yet.
    waiting: Vec<u8>,
    waiting_from: usize,
}

impl SecureReader {
    pub(super) fn new(half: ReadHalf, shared: Arc<Shared>) -> Self {
        Self {
            half,
            shared,
            waiting: Vec::new(),
            waiting_from: 0,
        }
    }

    /// Hands out what is here already. `true`: there was something, or the line has ended.
    fn hand_out_waiting(&mut self, buffer: &mut ReadBuf<'_>) -> io::Result<bool> {
        let mut bytes = &self.waiting[self.waiting_from..];
        let before = bytes.len();
        let handed = hand_out(&mut self.shared.lock(), &mut bytes, buffer);
        self.waiting_from += before - bytes.len();
        if self.waiting_from == self.waiting.len() {
            self.waiting = Vec::new();
            self.waiting_from = 0;
        }
        handed
    }

    /// Reads the socket once, hands out what that gives, and keeps what does not fit.
    fn poll_socket(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<bool>> {
        let mut space = [MaybeUninit::uninit(); READ_BYTES];
        let mut read = ReadBuf::uninit(&mut space);
        ready!(Pin::new(&mut self.half).poll_read(cx, &mut read))?;
        let mut bytes = read.filled();
        let mut connection = self.shared.lock();
        if bytes.is_empty() {
            // So rustls learns of the end, and tells a clean one from another.
            connection.read_tls(&mut bytes)?;
        }
        let handed = hand_out(&mut connection, &mut bytes, buffer);
        self.waiting.extend_from_slice(bytes);
        Poll::Ready(handed)
    }
}

impl AsyncRead for SecureReader {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if buffer.remaining() == 0 || this.hand_out_waiting(buffer)? {
            return Poll::Ready(Ok(()));
        }
        while !ready!(this.poll_socket(cx, buffer))? {}
        Poll::Ready(Ok(()))
    }
}

/// Decrypts `bytes` into `buffer` until either has no more. `true`: something came of it, or the
/// peer has closed the line. An error waits until what came before it was handed out: rustls gives
/// the same one again.
fn hand_out(
    connection: &mut Connection,
    bytes: &mut &[u8],
    buffer: &mut ReadBuf<'_>,
) -> io::Result<bool> {
    let before = buffer.filled().len();
    let outcome = decrypt(connection, bytes, buffer);
    if buffer.filled().len() > before {
        return Ok(true);
    }
    outcome
}

fn decrypt(
    connection: &mut Connection,
    bytes: &mut &[u8],
    buffer: &mut ReadBuf<'_>,
) -> io::Result<bool> {
    loop {
        let spacer = std::hint::black_box(Vec::<u8>::with_capacity(SPACER_BYTES));
        let processed = connection.process_new_packets();
        drop(spacer);
        if drain(connection, buffer)? {
            return Ok(true);
        }
        processed.map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
        if bytes.is_empty() {
            return Ok(false);
        }
        connection.read_tls(bytes)?;
    }
}

/// Moves what is decrypted into `buffer`. `true`: that is full, or the peer has closed the line and
/// nothing is left. `UnexpectedEof`: it ended otherwise.
fn drain(connection: &mut Connection, buffer: &mut ReadBuf<'_>) -> io::Result<bool> {
    let mut reader = connection.reader();
    while buffer.remaining() > 0 {
        let plain = match reader.fill_buf() {
            Ok(plain) => plain,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
            Err(error) => return Err(error),
        };
        if plain.is_empty() {
            return Ok(true);
        }
        let count = plain.len().min(buffer.remaining());
        buffer.put_slice(&plain[..count]);
        reader.consume(count);
    }
    Ok(true)
}
