//! A listener of streams, whatever its family, and what an accept that fails means.
//! It does not know what is done with the lines.

use std::io;
use std::net::SocketAddr;

use rustix::io::Errno;
use tokio::net::{TcpListener, UnixListener};

use crate::address::{Address, HostPort};
use crate::socket_file::SocketFile;
use crate::stream::Stream;
use crate::{tcp, unix};

/// Accepts lines until it is dropped; then its port is free and its socket file is gone.
#[derive(Debug)]
pub struct Listener {
    family: Family,
}

#[derive(Debug)]
enum Family {
    Tcp(TcpListener),
    Unix(UnixListener, SocketFile),
}

impl Listener {
    /// Listens on TCP at `address`, with a queue of `backlog` finished handshakes.
    ///
    /// # Panics
    /// Outside of a tokio runtime, as its sockets do.
    pub fn tcp(address: SocketAddr, backlog: u32) -> io::Result<Self> {
        Ok(Self {
            family: Family::Tcp(tcp::listen(address, backlog)?),
        })
    }

    /// Listens at the socket file `path` (mode 0600), with a queue of `backlog` callers.
    /// `AddrInUse`: a live server is there. `AlreadyExists`: a file that is no socket is there.
    ///
    /// # Panics
    /// Outside of a tokio runtime, as its sockets do.
    pub fn unix(path: &std::path::Path, backlog: u32) -> io::Result<Self> {
        let (listener, file) = unix::listen(path, backlog)?;
        Ok(Self {
            family: Family::Unix(listener, file),
        })
    }

    /// Where it listens, with the port that the system chose.
    pub fn address(&self) -> io::Result<Address> {
        Ok(match &self.family {
            Family::Tcp(listener) => {
                let at = listener.local_addr()?;
                Address::Tcp(HostPort {
                    host: at.ip().to_string(),
                    port: at.port(),
                })
            }
            Family::Unix(_, file) => Address::Unix(file.path().into()),
        })
    }

    /// The next line. An error leaves the listener whole; [`is_fleeting`] says whether to go on
    /// at once or to wait a little first. Dropping the future loses no line.
    pub async fn accept(&self) -> io::Result<Stream> {
        match &self.family {
            Family::Tcp(listener) => Stream::of_tcp(listener.accept().await?.0),
            Family::Unix(listener, ..) => Ok(Stream::of_unix(listener.accept().await?.0)),
        }
    }
}

/// Whether an accept failed for one caller only, who left in the queue or whose network failed
/// (accept(2), "Error handling"). Everything else, files or memory that ran out above all, comes
/// back at once when tried again at once: then a server waits a little.
pub fn is_fleeting(error: &io::Error) -> bool {
    let Some(code) = error.raw_os_error() else {
        return false;
    };
    [
        Errno::CONNABORTED,
        Errno::CONNRESET,
        Errno::NOTCONN,
        Errno::INTR,
        Errno::PERM,
        Errno::PROTO,
        Errno::NETDOWN,
        Errno::NETUNREACH,
        Errno::HOSTDOWN,
        Errno::HOSTUNREACH,
        Errno::NOPROTOOPT,
        Errno::OPNOTSUPP,
    ]
    .iter()
    .any(|errno| errno.raw_os_error() == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    async fn loopback() -> (Stream, Stream) {
        let listener = Listener::tcp("127.0.0.1:0".parse().unwrap(), 1).unwrap();
        let Address::Tcp(at) = listener.address().unwrap() else {
            panic!("a tcp listener")
        };
        let addresses = at.resolve().await.unwrap();
        let (near, far) = tokio::join!(tcp::dial(&addresses), listener.accept());
        (near.unwrap(), far.unwrap())
    }

    #[tokio::test]
    async fn a_peer_that_left_is_told_without_taking_its_bytes() {
        let (near, mut far) = loopback().await;
        let Stream {
            reader, mut writer, ..
        } = near;
        writer.write_all(b"last words").await.unwrap();
        {
            let mut gone = std::pin::pin!(far.reader.peer_gone());
            tokio::select! {
                biased;
                () = &mut gone => panic!("bytes that wait are no hang-up"),
                () = tokio::task::yield_now() => {}
            }
            drop((reader, writer));
            gone.await;
        }
        let mut words = String::new();
        far.reader.read_to_string(&mut words).await.unwrap();
        assert_eq!(words, "last words");
    }

    #[tokio::test]
    async fn a_reset_peer_is_gone() {
        let (near, far) = loopback().await;
        let ReadHalf::Tcp(half) = &near.reader else {
            panic!("a tcp line")
        };
        half.as_ref().set_zero_linger().unwrap();
        drop(near);
        far.reader.peer_gone().await;
    }

    use crate::stream::ReadHalf;

    #[test]
    fn only_a_callers_own_failure_is_fleeting() {
        let check = |errno: Errno, expected| {
            assert_eq!(is_fleeting(&errno.into()), expected, "{errno}");
        };
        check(Errno::CONNABORTED, true);
        check(Errno::MFILE, false);
        check(Errno::NFILE, false);
        check(Errno::NOBUFS, false);
        check(Errno::NOMEM, false);
    }
}
