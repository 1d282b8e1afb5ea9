//! Fetches files over one line of the tutorial's wire: each name is one write, each reply a header
//! and the file's bytes. A file takes its name only when its MD5 is right. Nothing here prints.

mod body;
mod error;
mod placing;

use std::ops::Range;
use std::path::{Path, PathBuf};

use landline_frame::tutorial::{Download, DownloadDecoder, DownloadPart, Endian, last_part};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use body::{Body, Piece};
pub use error::{Fault, FetchError};
use placing::{Placing, Target};

/// One line to a program that gives out files, kept for file after file.
///
/// `L` is both ends of the line, such as `tokio::io::join(stream.reader, stream.writer)`.
pub struct Fetcher<L> {
    line: L,
    endian: Endian,
    usable: bool,
}

/// A file that arrived whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The name that was asked for.
    pub name: String,
    /// Where the file is now.
    pub path: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// Its MD5, as announced and as found.
    pub md5: [u8; 16],
    /// The name that the peer gave the file, where its last part is another one than that asked
    /// for: worth a warning. It is hostile text, and decided nothing.
    pub announced_name: Option<String>,
}

/// How far a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many of its bytes have arrived.
    pub received: u64,
    /// How many bytes it is said to have.
    pub total: u64,
}

impl<L: AsyncRead + AsyncWrite + Unpin> Fetcher<L> {
    /// Uses `line`, whose far end writes lengths in the byte order `endian`.
    pub fn new(line: L, endian: Endian) -> Self {
        Self {
            line,
            endian,
            usable: true,
        }
    }

    /// Whether another file can be asked for on this line: after an error it may stand anywhere in
    /// a reply, or be closed.
    pub fn is_usable(&self) -> bool {
        self.usable
    }

    /// Fetches the file `name` into `folder`, under the last part of its name (after `/` and `\`
    /// both). A file that stands there is replaced at once and whole.
    ///
    /// `progress` is told after the header and after each read, which may be thousands of times a
    /// second. On any error, and when the future is dropped, no file and no part of one is left.
    /// Memory: at most 8 buffers of 512 KiB.
    pub async fn fetch(
        &mut self,
        name: &str,
        folder: &Path,
        progress: impl FnMut(Progress),
    ) -> Result<Fetched, FetchError> {
        let last = last_part(name).filter(|last| !last.contains('\0'));
        let target = Target::new(folder, last.ok_or(FetchError::Name)?);
        let (target, placing) = on_disk(move || target.prepare()).await?;
        if !std::mem::replace(&mut self.usable, false) {
            return Err(FetchError::LineSpent);
        }
        let asked = self.line.write_all(name.as_bytes()).await;
        asked.map_err(FetchError::Line)?;
        self.line.flush().await.map_err(FetchError::Line)?;
        let mut reply = Reply::new(&mut self.line, self.endian, progress);
        let header = reply.header().await?;
        let found = reply.body(&header, &placing).await?;
        self.usable = !reply.unasked;
        if found != header.md5 {
            let announced = header.md5;
            return Err(FetchError::Mismatch { announced, found });
        }
        let folder = placing.place()?;
        on_disk(move || folder.sync()).await?;
        Ok(Fetched {
            announced_name: (last_part(&header.name) != last_part(name)).then_some(header.name),
            name: name.into(),
            path: target.path,
            bytes: header.file_data_len,
            md5: header.md5,
        })
    }
}

/// Does what may wait for a disk, or for a server that plays one, on a thread that may wait.
async fn on_disk<T: Send + 'static>(
    operation: impl FnOnce() -> Result<T, FetchError> + Send + 'static,
) -> Result<T, FetchError> {
    tokio::task::spawn_blocking(operation)
        .await
        .expect("the operation does not panic and is never aborted")
}

/// One reply while it arrives.
struct Reply<'a, L, P> {
    line: &'a mut L,
    decoder: DownloadDecoder,
    progress: P,
    received: u64,
    /// What is being filled: with the header at first, then with the body.
    piece: Piece,
    ended: bool,
    /// Bytes came behind the end of the body: where the next reply would begin cannot be told.
    unasked: bool,
}

impl<'a, L: AsyncRead + Unpin, P: FnMut(Progress)> Reply<'a, L, P> {
    fn new(line: &'a mut L, endian: Endian, progress: P) -> Self {
        Self {
            line,
            decoder: DownloadDecoder::new(endian),
            progress,
            received: 0,
            piece: Piece::new(),
            ended: false,
            unasked: false,
        }
    }

    /// Reads until the header is whole. What came behind it stays in the piece. A header is shorter
    /// than a piece, so that it never fills.
    async fn header(&mut self) -> Result<Download, FetchError> {
        loop {
            let fresh = self.read().await?;
            if fresh.is_empty() && fresh.start == 0 {
                return Err(FetchError::NoReply);
            }
            if fresh.is_empty() {
                return Err(FetchError::HeaderCut);
            }
            let end = fresh.end;
            let mut rest = &self.piece.buffer[fresh];
            self.piece.range = end..end;
            if let Some(DownloadPart::Header(header)) = self.decoder.next(&mut rest)? {
                let body = end - rest.len()..end;
                self.piece.range = body.start..body.start;
                self.take(body, header.file_data_len)?;
                return Ok(header);
            }
        }
    }

    /// Writes the body to the file behind `placing` and gives its MD5.
    async fn body(&mut self, header: &Download, placing: &Placing) -> Result<[u8; 16], FetchError> {
        let total = header.file_data_len;
        let file = placing.file().map_err(FetchError::Write)?;
        let mut body = Body::start(file, total, header.md5);
        while !self.ended {
            if self.piece.is_full() {
                let full = std::mem::replace(&mut self.piece, Piece::empty());
                let Some(next) = body.exchange(full).await else {
                    // The writer gave up; it says why.
                    return body.finish().await.map_err(FetchError::Write);
                };
                self.piece = next;
            }
            let fresh = self.read().await?;
            if fresh.is_empty() {
                let missing = total - self.received;
                return Err(FetchError::Short { missing });
            }
            self.take(fresh, total)?;
        }
        body.last(std::mem::replace(&mut self.piece, Piece::empty()))
            .await;
        body.finish().await.map_err(FetchError::Write)
    }

    /// Reads once into what is left of the piece, and says where. An empty range: the peer hung up.
    async fn read(&mut self) -> Result<Range<usize>, FetchError> {
        let at = self.piece.range.end;
        let read = self.line.read(&mut self.piece.buffer[at..]).await;
        Ok(at..at + read.map_err(FetchError::Line)?)
    }

    /// Takes the bytes that arrived at `fresh` for the body's next, up to its end.
    fn take(&mut self, fresh: Range<usize>, total: u64) -> Result<(), FetchError> {
        let mut rest = &self.piece.buffer[fresh];
        while let Some(part) = self.decoder.next(&mut rest)? {
            match part {
                DownloadPart::Bytes(bytes) => {
                    self.piece.range.end += bytes.len();
                    self.received += bytes.len() as u64;
                }
                DownloadPart::End => {
                    self.ended = true;
                    break;
                }
                DownloadPart::Header(_) => {}
            }
        }
        self.unasked = !rest.is_empty();
        let received = self.received;
        (self.progress)(Progress { received, total });
        Ok(())
    }
}

#[cfg(test)]
mod tests;
