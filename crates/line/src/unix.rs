//! Streams through a socket file (unix(7)).

use std::io;
use std::path::Path;
use std::time::Duration;

use socket2::{Domain, Socket, Type};
use tokio::net::{UnixListener, UnixStream};
use tokio::time::{Instant, sleep};

use crate::socket_file::SocketFile;
use crate::stream::Stream;

/// Makes the socket file at `path` and listens there.
pub(crate) fn listen(path: &Path, backlog: u32) -> io::Result<(UnixListener, SocketFile)> {
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    socket.set_nonblocking(true)?;
    let file = SocketFile::bind(&socket, path, Type::STREAM)?;
    socket.listen(i32::try_from(backlog).unwrap_or(i32::MAX))?;
    Ok((UnixListener::from_std(socket.into())?, file))
}

/// How long to wait before knocking again where the queue of those who wait is full.
const KNOCK_PAUSE: Duration = Duration::from_millis(10);

/// How long to knock in all: as long as Linux tries to reach a TCP listener whose queue is full
/// (tcp(7): six retries, 127 s).
const KNOCK_WAIT_MAX: Duration = Duration::from_secs(127);

/// Calls the program that listens at `path`. Where its queue is full, this waits for a place in it,
/// 127 s at most, as a blocking connect(2) would: a non-blocking one is turned away with EAGAIN,
/// and nothing tells when there is room.
pub(crate) async fn dial(path: &Path) -> io::Result<Stream> {
    let give_up_at = Instant::now() + KNOCK_WAIT_MAX;
    loop {
        match UnixStream::connect(path).await {
            Ok(stream) => return Ok(Stream::of_unix(stream)),
            Err(full) if is_full(&full) && Instant::now() < give_up_at => sleep(KNOCK_PAUSE).await,
            Err(error) => return Err(error),
        }
    }
}

fn is_full(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock
}
