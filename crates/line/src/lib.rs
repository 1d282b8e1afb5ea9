//! What joins two programs and carries bytes or messages: dial and listen, one file a transport.
//!
//! ```text
//!   Address --parse--+--> Listener::tcp, Listener::unix --accept--> Stream { reader, writer }
//!                    +--> dial -----------------------------------> Stream
//!             Stream --Acceptor::accept, Dialer::dial--> SecureStream { reader, writer, peer's key }
//!                    +--> Datagrams::udp, Datagrams::unixgram, dial_datagrams
//!                                              --drain--> Batch, --send_run--> one Peer
//! ```
//!
//! ```
//! use landline_line::{Listener, dial};
//! use tokio::io::{AsyncReadExt, AsyncWriteExt};
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
//! let listener = Listener::tcp("127.0.0.1:0".parse().expect("an address"), 5)?;
//! let address = listener.address()?;
//! let (near, far) = tokio::join!(dial(&address), listener.accept());
//! let (mut near, mut far) = (near?, far?);
//! near.writer.write_all(b"hello").await?;
//! let mut read = [0; 1024];
//! assert_eq!(far.reader.read(&mut read).await?, 5);
//! # Ok(()) }
//! ```
//!
//! It knows nothing of what is said on a line: that is a service's matter.

mod address;
mod busy_poll;
mod datagram;
mod listener;
mod memory;
#[cfg(target_os = "linux")]
mod owner;
pub mod pcapng;
mod send_file;
mod socket_file;
mod stream;
pub mod tap;
mod tcp;
mod tls;
mod udp;
mod unix;
mod unixgram;

use std::io;

pub use address::{Address, AddressError, HostPort, SOCKET_PATH_BYTES_MAX};
pub use busy_poll::{BusyPoll, PolledReadHalf};
pub use datagram::{
    BATCH_BYTES_MAX, BATCH_DATAGRAMS_MAX, Batch, Datagrams, Peer, RUN_BYTES_MAX, RUN_DATAGRAMS_MAX,
    Unsent,
};
pub use listener::{Listener, is_fleeting};
pub use memory::{MEMORY_LINE_BYTES, pair};
#[cfg(target_os = "linux")]
pub use owner::Owners;
pub use stream::{ReadHalf, Stream, WriteHalf};
pub use tcp::{KEEPALIVE, UNANSWERED_MAX};
pub use tls::{
    ALPN, Acceptor, CERTIFICATE_BYTES_MAX, Credentials, Dialer, HANDSHAKE_BYTES_MAX, HANDSHAKE_MAX,
    RECEIVE_BYTES_MAX, REFUSAL_MAX, SEND_BYTES_MAX, SecureReader, SecureStream, SecureWriter,
    TlsError, keep_warm,
};
pub use udp::UDP_RECEIVE_BUFFER_BYTES;
pub use unixgram::UNIXGRAM_SEND_BUFFER_BYTES;

/// Calls the program that listens at a stream `address`. A name with several addresses is tried in
/// its resolver's order. `InvalidInput`: the address carries datagrams.
pub async fn dial(address: &Address) -> io::Result<Stream> {
    match address {
        Address::Tcp(place) => tcp::dial(&place.resolve().await?).await,
        Address::Unix(path) => unix::dial(path).await,
        Address::Udp(_) | Address::Unixgram(_) => Err(io::ErrorKind::InvalidInput.into()),
    }
}

/// A socket that leads to the program that takes datagrams at `address`. Nobody need be there yet
/// on udp. A name with several addresses is tried in its resolver's order. `InvalidInput`: the
/// address carries a stream.
pub async fn dial_datagrams(address: &Address) -> io::Result<Datagrams> {
    match address {
        Address::Udp(place) => Datagrams::dial_udp(&place.resolve().await?),
        Address::Unixgram(path) => Datagrams::dial_unixgram(path),
        Address::Tcp(_) | Address::Unix(_) => Err(io::ErrorKind::InvalidInput.into()),
    }
}
