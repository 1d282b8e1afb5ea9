//! What joins two programs and carries bytes or messages: dial and listen, one file a transport.
//!
//! ```text
//!   Address --parse--+--> Listener::tcp, Listener::unix --accept--> Stream { reader, writer }
//!                    +--> dial -----------------------------------> Stream
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
mod listener;
mod memory;
#[cfg(target_os = "linux")]
mod owner;
mod send_file;
mod socket_file;
mod stream;
mod tcp;
mod unix;

use std::io;

pub use address::{Address, AddressError, HostPort, SOCKET_PATH_BYTES_MAX};
pub use busy_poll::BusyPoll;
pub use listener::{Listener, is_fleeting};
pub use memory::{MEMORY_LINE_BYTES, pair};
#[cfg(target_os = "linux")]
pub use owner::owner_of;
pub use stream::{ReadHalf, Stream, WriteHalf};

/// Calls the program that listens at a stream `address`. A name with several addresses is tried in
/// its resolver's order. `InvalidInput`: the address carries datagrams.
pub async fn dial(address: &Address) -> io::Result<Stream> {
    match address {
        Address::Tcp(place) => tcp::dial(&place.resolve().await?).await,
        Address::Unix(path) => unix::dial(path).await,
        Address::Udp(_) | Address::Unixgram(_) => Err(io::ErrorKind::InvalidInput.into()),
    }
}
