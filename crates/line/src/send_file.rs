//! Sends a range of a file through a socket with sendfile(2), from a thread that may wait for the
//! disk and for the peer. It does not know which file it is, nor why it is sent.

use std::fs::File;
use std::future::Future;
use std::io;
use std::ops::Range;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::io::Errno;
use tokio::io::{AsyncWrite, AsyncWriteExt, Interest};
use tokio::net::{TcpStream, UnixStream};

/// How long a thread waits for a peer that does not read before it is given back and the reactor
/// waits instead. A peer that takes 130 MB/s or more (a third of tcp_wmem's usual 4 MiB in this
/// time) keeps its thread. At worst 512 peers that never read hold the runtime's 512 blocking
/// threads for so long, once each.
const PATIENCE_MS: u32 = 10;

/// How long a thread sends to one peer, however fast, before the next in the queue has its turn.
const TURN_MS_MAX: u64 = 250;

/// The most that one sendfile(2) is asked for: a send that was given up ends within one such call.
/// At 1 GB/s that is 4 ms, and the call itself costs 0.1 µs.
const CHUNK_BYTES: u64 = 4 * 1024 * 1024;

/// The buffer of one send where there is no sendfile(2), for as long as it lasts.
const COPY_BYTES: usize = 256 * 1024;

/// How much of a file a unix socket holds (SO_SNDBUF, socket(7)), at most `net.core.wmem_max`. The
/// default of 208 KiB halves the speed: the two ends then wake each other for each few pages. A
/// peer that does not read holds so much of the page cache, not memory of its own. TCP is left to
/// tune itself.
const UNIX_SEND_BYTES: usize = 1024 * 1024;

/// A socket that the reactor watches.
pub(crate) trait Socket: AsFd + Sync {
    /// Resolves when the socket may be writable.
    fn writable(&self) -> impl Future<Output = io::Result<()>> + Send;

    /// Makes room for more than a message.
    fn widen(&self) -> io::Result<()> {
        Ok(())
    }

    /// Does `operation`, and forgets that the socket was writable when it would block.
    fn try_io(&self, operation: impl FnOnce() -> io::Result<()>) -> io::Result<()>;
}

impl Socket for TcpStream {
    fn writable(&self) -> impl Future<Output = io::Result<()>> + Send {
        self.writable()
    }

    fn try_io(&self, operation: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        self.try_io(Interest::WRITABLE, operation)
    }
}

impl Socket for UnixStream {
    fn widen(&self) -> io::Result<()> {
        let sockopt = rustix::net::sockopt::set_socket_send_buffer_size;
        Ok(sockopt(self, UNIX_SEND_BYTES)?)
    }

    fn writable(&self) -> impl Future<Output = io::Result<()>> + Send {
        self.writable()
    }

    fn try_io(&self, operation: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        self.try_io(Interest::WRITABLE, operation)
    }
}

/// Sends the bytes of `range` in `file` and returns how many the kernel took: fewer than asked only
/// when the file ends early. Dropped midway, it stops within [`PATIENCE_MS`] or one chunk.
pub(crate) async fn send_file(
    socket: &impl Socket,
    file: &Arc<File>,
    range: Range<u64>,
) -> io::Result<u64> {
    if range.end.saturating_sub(range.start) > UNIX_SEND_BYTES as u64 / 8 {
        socket.widen()?;
    }
    let guard = GivenUp::default();
    // Its own descriptor: the thread may outlive this future, and must not write to whatever a
    // closed number would be given to next.
    let descriptor = Arc::new(socket.as_fd().try_clone_to_owned()?);
    let mut turn = Turn {
        socket: descriptor,
        file: file.clone(),
        range: range.clone(),
        given_up: guard.0.clone(),
    };
    while turn.range.start < turn.range.end {
        let (after, pause) = tokio::task::spawn_blocking(move || turn.take()).await??;
        turn = after;
        match pause {
            Pause::Full => wait_until_writable(socket).await?,
            Pause::NextTurn => {}
            Pause::FileEnded => break,
        }
    }
    Ok(turn.range.start - range.start)
}

/// The same for a line that is no socket: reads of 256 KiB, written in turn.
pub(crate) async fn copy_file(
    writer: &mut (impl AsyncWrite + Unpin),
    file: &File,
    range: Range<u64>,
) -> io::Result<u64> {
    let mut buffer = vec![0; COPY_BYTES];
    let mut at = range.start;
    while at < range.end {
        let wanted =
            usize::try_from(range.end - at).map_or(COPY_BYTES, |left| left.min(COPY_BYTES));
        let count = rustix::io::pread(file, &mut buffer[..wanted], at)?;
        if count == 0 {
            break;
        }
        writer.write_all(&buffer[..count]).await?;
        at += count as u64;
    }
    Ok(at - range.start)
}

/// Asks poll(2) and not the readiness that the reactor remembers: the thread filled the socket
/// without the reactor's knowledge.
async fn wait_until_writable(socket: &impl Socket) -> io::Result<()> {
    loop {
        socket.writable().await?;
        let asked = socket.try_io(|| match is_writable(socket, 0)? {
            true => Ok(()),
            false => Err(io::ErrorKind::WouldBlock.into()),
        });
        match asked {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            asked => return asked,
        }
    }
}

/// Whether a write would not block (a broken line counts: the write says how it broke), after at
/// most `wait_ms`.
fn is_writable(socket: &impl AsFd, wait_ms: u32) -> io::Result<bool> {
    let wait = Timespec {
        tv_sec: 0,
        tv_nsec: i64::from(wait_ms) * 1_000_000,
    };
    let mut polled = [PollFd::new(socket, PollFlags::OUT)];
    match rustix::event::poll(&mut polled, Some(&wait)) {
        Err(Errno::INTR) => Ok(false),
        ready => Ok(ready? > 0),
    }
}

/// Tells the thread that nobody waits for it any more.
#[derive(Default)]
struct GivenUp(Arc<AtomicBool>);

impl Drop for GivenUp {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What one thread does before it is given back.
struct Turn {
    socket: Arc<OwnedFd>,
    file: Arc<File>,
    /// What is still to be sent.
    range: Range<u64>,
    given_up: Arc<AtomicBool>,
}

/// Why a turn ended.
enum Pause {
    /// The peer does not read.
    Full,
    /// Its time is over, or all is sent.
    NextTurn,
    FileEnded,
}

impl Turn {
    fn take(mut self) -> io::Result<(Self, Pause)> {
        let end_of_turn = Instant::now() + Duration::from_millis(TURN_MS_MAX);
        while self.range.start < self.range.end && Instant::now() < end_of_turn {
            if self.given_up.load(Ordering::Relaxed) {
                break;
            }
            match self.send_chunk() {
                Ok(0) => return Ok((self, Pause::FileEnded)),
                Ok(_) | Err(Errno::INTR) => {}
                Err(Errno::AGAIN) if !is_writable(&self.socket, PATIENCE_MS)? => {
                    return Ok((self, Pause::Full));
                }
                Err(Errno::AGAIN) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok((self, Pause::NextTurn))
    }

    #[cfg(target_os = "linux")]
    fn send_chunk(&mut self) -> Result<usize, Errno> {
        let wanted = CHUNK_BYTES.min(self.range.end - self.range.start);
        let wanted = usize::try_from(wanted).expect("a chunk fits any usize");
        let offset = Some(&mut self.range.start);
        rustix::fs::sendfile(&self.socket, &self.file, offset, wanted)
    }

    #[cfg(not(target_os = "linux"))]
    fn send_chunk(&mut self) -> Result<usize, Errno> {
        let wanted = (COPY_BYTES as u64).min(self.range.end - self.range.start);
        let mut buffer = vec![0; usize::try_from(wanted).expect("a chunk fits any usize")];
        let count = rustix::io::pread(&self.file, &mut buffer, self.range.start)?;
        let sent = match count {
            0 => 0,
            count => rustix::io::write(&self.socket, &buffer[..count])?,
        };
        self.range.start += sent as u64;
        Ok(sent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use tokio::io::AsyncReadExt;
    use tokio::net::TcpListener;

    const LARGE_BYTES: usize = 48 * 1024 * 1024;

    fn file_of(bytes: &[u8]) -> Arc<File> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        Arc::new(file)
    }

    fn pattern(length: usize) -> Vec<u8> {
        let block: Vec<u8> = (0..65_521).map(|index| (index / 7) as u8).collect();
        let mut bytes = block.repeat(length / block.len() + 1);
        bytes.truncate(length);
        bytes
    }

    async fn tcp_pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (near, far) = tokio::join!(TcpStream::connect(address), listener.accept());
        (near.unwrap(), far.unwrap().0)
    }

    /// Sends `range` and gives what came out at the far end.
    async fn check<S, R>(near: S, mut far: R, file: Arc<File>, range: Range<u64>) -> (u64, Vec<u8>)
    where
        S: Socket + AsyncWriteExt + Unpin,
        R: AsyncReadExt + Unpin,
    {
        let sending = async move { send_file(&near, &file, range).await.unwrap() };
        let mut received = Vec::new();
        let (sent, read) = tokio::join!(sending, far.read_to_end(&mut received));
        read.unwrap();
        (sent, received)
    }

    #[tokio::test]
    async fn a_range_arrives_whole_on_both_families() {
        let bytes = pattern(LARGE_BYTES);
        let file = file_of(&bytes);
        let range = 3..LARGE_BYTES as u64 - 5;
        let expected = &bytes[3..LARGE_BYTES - 5];
        let (near, far) = tcp_pair().await;
        let (sent, received) = check(near, far, file.clone(), range.clone()).await;
        assert!(sent == expected.len() as u64 && received == expected, "tcp");
        let (near, far) = UnixStream::pair().unwrap();
        let (sent, received) = check(near, far, file, range).await;
        assert!(
            sent == expected.len() as u64 && received == expected,
            "unix"
        );
    }

    #[tokio::test]
    async fn a_file_that_ends_early_is_told_by_the_count() {
        let (near, far) = tcp_pair().await;
        let (sent, received) = check(near, far, file_of(b"hello"), 1..9).await;
        assert_eq!((sent, received.as_slice()), (4, b"ello".as_slice()));
        let (near, far) = tcp_pair().await;
        assert_eq!(check(near, far, file_of(b""), 0..0).await, (0, vec![]));
    }

    /// With a single blocking thread, a receiver that does not read must not keep another waiting.
    #[test]
    fn a_receiver_that_does_not_read_starves_nobody() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(1)
            .build()
            .unwrap();
        runtime.block_on(async {
            let bytes = pattern(LARGE_BYTES);
            let file = file_of(&bytes);
            let (stuck, mut waiting) = tcp_pair().await;
            let for_stuck = file.clone();
            let first =
                tokio::spawn(
                    async move { send_file(&stuck, &for_stuck, 0..LARGE_BYTES as u64).await },
                );
            // Its send has begun once a byte is there.
            waiting.readable().await.unwrap();
            let (near, far) = tcp_pair().await;
            let second = check(near, far, file, 0..LARGE_BYTES as u64).await;
            assert!(second.1 == bytes);
            assert!(!first.is_finished());
            // And the first goes on as soon as its receiver reads.
            let mut received = Vec::new();
            waiting.read_to_end(&mut received).await.unwrap();
            assert_eq!(first.await.unwrap().unwrap(), LARGE_BYTES as u64);
            assert!(received == bytes);
        });
    }

    #[tokio::test]
    async fn a_peer_that_resets_is_an_error() {
        let file = file_of(&pattern(LARGE_BYTES));
        let (near, far) = tcp_pair().await;
        let sending = tokio::spawn(async move { send_file(&near, &file, 0..u64::MAX).await });
        far.readable().await.unwrap();
        drop(far); // over unread bytes: a reset
        let error = sending.await.unwrap().unwrap_err();
        let expected = [io::ErrorKind::BrokenPipe, io::ErrorKind::ConnectionReset];
        assert!(expected.contains(&error.kind()), "{error}");
    }

    #[tokio::test]
    async fn a_send_that_is_given_up_lets_the_line_close() {
        let file = file_of(&pattern(LARGE_BYTES));
        let (near, mut far) = tcp_pair().await;
        let sending =
            tokio::spawn(async move { send_file(&near, &file, 0..LARGE_BYTES as u64).await });
        far.readable().await.unwrap();
        sending.abort();
        let mut received = Vec::new();
        far.read_to_end(&mut received).await.unwrap();
        assert!(received.len() < LARGE_BYTES);
    }
}
