//! The file of a unix socket: made for its owner alone (0600), a stale one replaced, a live one
//! refused, unlinked at the end. It does not know what the socket carries.

use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use rustix::fs::Mode;
use socket2::{SockAddr, Socket, Type};

/// A socket file of ours: unlinked on drop, if it is still the one that was made.
#[derive(Debug)]
pub(crate) struct SocketFile {
    path: PathBuf,
    device_and_inode: (u64, u64),
}

impl SocketFile {
    /// Binds `socket` to `path`. `AddrInUse`: another program answers there. `AlreadyExists`: what
    /// stands there is no socket, and is left alone.
    pub(crate) fn bind(socket: &Socket, path: &Path, kind: Type) -> io::Result<Self> {
        remove_stale(path, kind)?;
        let address = SockAddr::unix(path)?;
        // The mask is the process's own. Lines are bound before any other thread is started, and a
        // file that is open to others even for a moment would let them in.
        let before = rustix::process::umask(Mode::from_raw_mode(0o177));
        let bound = socket.bind(&address);
        rustix::process::umask(before);
        bound?;
        let made = std::fs::symlink_metadata(path)?;
        Ok(Self {
            path: path.into(),
            device_and_inode: (made.dev(), made.ino()),
        })
    }
}

impl SocketFile {
    /// Where it stands.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        let ours = std::fs::symlink_metadata(&self.path)
            .is_ok_and(|now| (now.dev(), now.ino()) == self.device_and_inode);
        if ours {
            // Nothing can be done about a failure here, and nothing is lost: the next server finds
            // the file stale.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Clears `path` of a socket file that nobody answers on any more.
fn remove_stale(path: &Path, kind: Type) -> io::Result<()> {
    let found = match std::fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        found => found?,
    };
    if !found.file_type().is_socket() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let probe = Socket::new(socket2::Domain::UNIX, kind, None)?;
    probe.set_nonblocking(true)?;
    match probe.connect(&SockAddr::unix(path)?) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            std::fs::remove_file(path)
        }
        // Answered, a full backlog (EAGAIN), or another kind of socket (EPROTOTYPE): it lives.
        Ok(()) => Err(io::ErrorKind::AddrInUse.into()),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Err(error),
        Err(_) => Err(io::ErrorKind::AddrInUse.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn stream() -> Socket {
        Socket::new(socket2::Domain::UNIX, Type::STREAM, None).unwrap()
    }

    #[test]
    fn a_file_is_private_and_goes_with_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let socket = stream();
        let file = SocketFile::bind(&socket, &path, Type::STREAM).unwrap();
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        drop(file);
        assert!(!path.exists());
    }

    #[test]
    fn a_live_file_is_refused_and_a_stale_one_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let first = stream();
        let file = SocketFile::bind(&first, &path, Type::STREAM).unwrap();
        first.listen(1).unwrap();
        let refused = SocketFile::bind(&stream(), &path, Type::STREAM).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AddrInUse);
        std::mem::forget(file);
        drop(first);
        assert!(path.exists(), "a crash leaves the file");
        let _second = SocketFile::bind(&stream(), &path, Type::STREAM).unwrap();
    }

    #[test]
    fn what_is_no_socket_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("letter");
        std::fs::write(&path, "dear").unwrap();
        let refused = SocketFile::bind(&stream(), &path, Type::STREAM).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&path).unwrap(), b"dear");
    }

    #[test]
    fn the_file_of_a_successor_is_not_unlinked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let first = stream();
        let file = SocketFile::bind(&first, &path, Type::STREAM).unwrap();
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, "another's").unwrap();
        drop(file);
        assert!(path.exists());
    }
}
