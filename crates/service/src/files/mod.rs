//! `files`: each read is a file's name, and the file comes back behind a header with its MD5.
//! It does not know how the bytes reach the peer; a line that can, takes them from the file itself.

mod digests;
mod known;
mod refusal;
mod source;
mod stamp;

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use landline_frame::tutorial::{Download, Endian, file_name};

use crate::call::{BoxFuture, Call, Settings, StreamService};
use crate::files::digests::{Digest, Digests};
use crate::files::refusal::Refusal;
use crate::journal::Notice;

/// How long a file is hashed for a peer that has closed its side: one that has merely said all it
/// had to say still waits for its file. A peer that left costs at most this, about 300 MB of
/// hashing; afterwards its hash is stopped.
const HASH_AFTER_FIN_MAX: Duration = Duration::from_millis(500);

/// Gives out the files beneath one folder.
///
/// Whatever is asked, nothing outside the folder is opened: names are resolved beneath its handle
/// (openat2(2) with RESOLVE_BENEATH), so that a symlink that leads out is refused and none can be
/// swapped in between. What is not a regular file is not given out. All that this wire can say of a
/// failure is to hang up; the notice says why.
pub struct Files {
    root: Arc<Dir>,
    digests: Digests,
    settings: Settings,
}

impl Files {
    /// A service for what is beneath `root`.
    pub fn new(root: Dir, settings: Settings) -> Self {
        Self {
            root: Arc::new(root),
            digests: Digests::default(),
            settings,
        }
    }

    /// A service for what is beneath the folder at `root`, which is opened once, here: if it is
    /// moved later, the service follows it.
    pub fn open(root: &Path, settings: Settings) -> io::Result<Self> {
        let root = Dir::open_ambient_dir(root, ambient_authority())?;
        Ok(Self::new(root, settings))
    }

    async fn answer(&self, call: &mut Call, read: &[u8]) -> Result<(), End> {
        let name = file_name(read, self.settings.recv).map_err(Refusal::Request)?;
        source::check(name).map_err(Refusal::Name)?;
        let file = self.find(name).await?;
        let digest = self.digest(&file, call.reader.peer_gone()).await?;
        let header = Download {
            name: name.into(),
            md5: digest.md5,
            file_data_len: digest.bytes,
        };
        call.send(&header.encode(Endian::NATIVE)).await?;
        let sent = call.writer.send_file(&file, 0..digest.bytes).await?;
        if sent < digest.bytes {
            let announced = digest.bytes;
            return Err(Refusal::Shrank { sent, announced }.into());
        }
        Ok(())
    }

    /// Opens a file on a thread that may wait for the disk.
    async fn find(&self, name: &str) -> Result<Arc<File>, End> {
        let (root, name) = (self.root.clone(), name.to_owned());
        let opened = tokio::task::spawn_blocking(move || source::open(&root, &name)).await;
        Ok(Arc::new(opened.map_err(io::Error::from)??))
    }

    async fn digest(&self, file: &Arc<File>, peer_gone: BoxFuture<'_, ()>) -> Result<Digest, End> {
        let left = async {
            peer_gone.await;
            tokio::time::sleep(HASH_AFTER_FIN_MAX).await;
        };
        tokio::select! {
            biased;
            digest = self.digests.of(file) => Ok(digest?),
            () = left => Err(End::PeerLeft),
        }
    }

    fn note(&self, call: &Call, read: &[u8], refusal: &Refusal) {
        let mut notice = Notice::new(&call.peer, refusal.key())
            .with("name", String::from_utf8_lossy(read))
            .with("bytes", read.len());
        for (name, value) in refusal.values() {
            notice = notice.with(name, value);
        }
        self.settings.journal.note(notice);
    }
}

impl StreamService for Files {
    fn serve<'a>(&'a self, mut call: Call) -> BoxFuture<'a, io::Result<()>> {
        Box::pin(async move {
            let mut buffer = vec![0; self.settings.recv];
            while let Some(count) = call.receive(&mut buffer).await? {
                let read = &buffer[..count];
                match self.answer(&mut call, read).await {
                    Ok(()) => {}
                    Err(End::Line(error)) => return Err(error),
                    Err(End::PeerLeft) => return Ok(()),
                    Err(End::Refused(refusal)) => {
                        self.note(&call, read, &refusal);
                        return call.hang_up().await;
                    }
                }
            }
            Ok(())
        })
    }
}

/// Why a call ends before its peer ends it.
enum End {
    Refused(Refusal),
    PeerLeft,
    Line(io::Error),
}

impl From<Refusal> for End {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<io::Error> for End {
    fn from(error: io::Error) -> Self {
        Self::Line(error)
    }
}

#[cfg(test)]
mod tests;
