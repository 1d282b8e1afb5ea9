//! Moves bytes between a secure line and its link, both ways at once, until the line is closed.
//! It does not know what they say.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Buf, Bytes};
use landline_line::{SecureReader, SecureWriter};
use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::link::{Link, Side, State};

/// How long a line that is being closed may still take: for what waits to go out, and for the far
/// end to close its side.
pub(crate) const CLOSE_MAX: Duration = Duration::from_secs(1);

/// How many bytes are read before those that take them get their turn: they find them in the cache
/// then, and what waits stays far below the window.
const TURN_BYTES: usize = 256 * 1024;

/// The most pieces that one write is given: 16 frames with their headers.
const SLICES_MAX: usize = 32;

/// Moves bytes until the line is closed, by either side.
pub(crate) async fn pump<S: Side>(link: &Link<S>, reader: SecureReader, writer: SecureWriter) {
    let late = async {
        link.closing().await;
        tokio::time::sleep(CLOSE_MAX).await;
    };
    tokio::select! {
        biased;
        _ = async { tokio::join!(read(link, reader), write(link, writer)) } => {}
        () = late => {}
    }
}

/// Reads whatever comes until nothing does.
async fn read<S: Side>(link: &Link<S>, mut reader: SecureReader) {
    let mut turn_bytes = 0;
    loop {
        match poll_fn(|cx| poll_receive(link, &mut reader, &mut turn_bytes, cx)).await {
            Ok(true) => {}
            Ok(false) => return link.change(|state| state.end_of_line()),
            Err(error) => return link.change(|state| state.end(error.into())),
        }
        if turn_bytes >= TURN_BYTES {
            turn_bytes = 0;
            tokio::task::yield_now().await;
        }
    }
}

/// Reads once, when that may be. `false`: the far end has closed the line. The writing half, which is
/// of this task, is woken once the task is about to wait only.
fn poll_receive<S: Side>(
    link: &Link<S>,
    reader: &mut SecureReader,
    turn_bytes: &mut usize,
    cx: &mut Context<'_>,
) -> Poll<io::Result<bool>> {
    let reads_on = |state: &State<S>| state.side.reads_on(state.traffic.outgoing.bytes());
    let own = cx.waker().clone();
    let received = match link.look(reads_on) {
        true => reader.poll_each(cx, |bytes| {
            *turn_bytes += bytes.len();
            link.change_for_others(&own, |state| state.receive(bytes));
        }),
        false => link.poll_until(cx, |state| reads_on(state).then_some(Ok(true))),
    };
    if received.is_pending() {
        let is_news = std::mem::take(turn_bytes) > 0;
        if is_news || !link.look(|state| state.traffic.is_quiet()) {
            link.quiet();
        }
    }
    received
}

/// Writes what waits until the line is to be closed and nothing waits any more.
async fn write<S: Side>(link: &Link<S>, mut writer: SecureWriter) {
    if let Err(error) = write_all(link, &mut writer).await {
        link.change(|state| state.end(error.into()));
    }
}

async fn write_all<S: Side>(link: &Link<S>, writer: &mut SecureWriter) -> io::Result<()> {
    loop {
        let mut frames = match link.take_outgoing() {
            Some(frames) => frames,
            None => {
                // Nothing more is at hand: what was encrypted is to leave.
                writer.flush().await?;
                link.until(|state| state.take_outgoing()).await
            }
        };
        if frames.is_empty() {
            return writer.shutdown().await;
        }
        while !frames.is_empty() {
            let written = poll_fn(|cx| poll_write(writer, &frames, cx)).await?;
            advance(&mut frames, written);
        }
    }
}

fn poll_write(
    writer: &mut SecureWriter,
    frames: &VecDeque<Bytes>,
    cx: &mut Context<'_>,
) -> Poll<io::Result<usize>> {
    let mut slices = [IoSlice::new(&[]); SLICES_MAX];
    let mut count = 0;
    for (slice, frame) in slices.iter_mut().zip(frames) {
        *slice = IoSlice::new(frame);
        count += 1;
    }
    Pin::new(writer).poll_write_vectored(cx, &slices[..count])
}

/// Forgets so many bytes at the front.
fn advance(frames: &mut VecDeque<Bytes>, mut count: usize) {
    while let Some(first) = frames.front_mut() {
        let taken = count.min(first.len());
        first.advance(taken);
        count -= taken;
        if !first.is_empty() {
            return;
        }
        frames.pop_front();
    }
}
