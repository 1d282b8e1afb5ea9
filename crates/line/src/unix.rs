//! Streams through a socket file (unix(7)).

use std::io;
use std::path::Path;

use socket2::{Domain, Socket, Type};
use tokio::net::{UnixListener, UnixStream};

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

/// Calls the program that listens at `path`.
pub(crate) async fn dial(path: &Path) -> io::Result<Stream> {
    Ok(Stream::of_unix(UnixStream::connect(path).await?))
}
