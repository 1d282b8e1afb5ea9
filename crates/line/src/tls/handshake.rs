//! The handshake on a stream, for either end, and how one that failed is ended.
//! It does not know what was agreed on but the protocol.

use std::future::poll_fn;
use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::ready;
use std::time::Duration;

use rustls::Connection;
use tokio::io::{AsyncRead, AsyncWriteExt, ReadBuf};

use super::config::ALPN;
use super::error::TlsError;
use super::writer::push;
use crate::stream::{ReadHalf, Stream, WriteHalf};

/// How long a peer may take to shake hands. At worst one holds a place and 27 KiB for so long.
pub const HANDSHAKE_MAX: Duration = Duration::from_secs(10);

/// How long a server waits for a client that it refused to take the alert and leave. It ends with
/// [`HANDSHAKE_MAX`] at the latest.
pub const REFUSAL_MAX: Duration = Duration::from_secs(1);

/// The most that a peer may send before the handshake is done, in bytes. The two longest hellos and
/// the longest certificate that are of use take about 9 KiB.
pub const HANDSHAKE_BYTES_MAX: usize = 16 * 1024;

/// The most that one read takes, in bytes: more than any honest message of a handshake has.
const RECEIVE_BYTES: usize = 4096;

/// Shakes hands. On an error the alert that tells the peer has been sent.
pub(super) async fn shake(connection: &mut Connection, line: &mut Stream) -> Result<(), TlsError> {
    let mut received = 0;
    loop {
        send(connection, &mut line.writer).await?;
        if !connection.is_handshaking() {
            return check_protocol(connection);
        }
        let bytes = receive(&mut line.reader).await?;
        received += bytes.len();
        if received > HANDSHAKE_BYTES_MAX {
            let why = format!("it has more than {HANDSHAKE_BYTES_MAX} bytes");
            return Err(TlsError::Failed(why));
        }
        feed(connection, &mut line.writer, &bytes).await?;
    }
}

/// Gives `bytes` of the peer to the connection, and tells the peer when they are not right.
pub(super) async fn feed(
    connection: &mut Connection,
    writer: &mut WriteHalf,
    bytes: &[u8],
) -> Result<(), TlsError> {
    let taken = take(connection, bytes);
    if taken.is_err() {
        // The error itself is what matters; the alert is a courtesy.
        let _ = send(connection, writer).await;
    }
    taken
}

/// The next bytes of the peer, held by nobody while they are awaited. `UnexpectedEof`: it left.
pub(super) async fn receive(reader: &mut ReadHalf) -> io::Result<Vec<u8>> {
    let bytes = poll_fn(|cx| {
        let mut space = [MaybeUninit::uninit(); RECEIVE_BYTES];
        let mut read = ReadBuf::uninit(&mut space);
        ready!(Pin::new(&mut *reader).poll_read(cx, &mut read))?;
        io::Result::Ok(read.filled().to_vec()).into()
    });
    let bytes = bytes.await?;
    if bytes.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(bytes)
}

/// Ends a line that was refused, so that the peer gets the alert: what it still sends is taken,
/// because closing over unread bytes resets the line (RFC 1122 4.2.2.13).
pub(super) async fn refuse(mut line: Stream) {
    if line.writer.shutdown().await.is_ok() {
        while receive(&mut line.reader).await.is_ok() {}
    }
}

fn take(connection: &mut Connection, mut bytes: &[u8]) -> Result<(), TlsError> {
    while !bytes.is_empty() {
        let taken = connection.read_tls(&mut bytes);
        let taken = taken.map_err(|error| TlsError::Failed(error.to_string()))?;
        let processed = connection.process_new_packets();
        processed.map_err(|error| TlsError::from_tls(&error))?;
        if taken == 0 {
            // The peer has closed the line: what follows that does not count.
            break;
        }
    }
    Ok(())
}

async fn send(connection: &mut Connection, writer: &mut WriteHalf) -> io::Result<()> {
    poll_fn(|cx| push(connection, writer, cx)).await?;
    writer.flush().await
}

/// rustls refuses a protocol of another name itself, but takes a peer that names none.
fn check_protocol(connection: &Connection) -> Result<(), TlsError> {
    match connection.alpn_protocol() {
        Some(ALPN) => Ok(()),
        _ => Err(TlsError::OtherProtocol),
    }
}
