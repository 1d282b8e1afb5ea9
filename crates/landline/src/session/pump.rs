//! Moves bytes between a secure line and its link, both ways at once, until the line is closed. Where the
//! thread of a files call does so itself, the pump looks on. It does not know what the bytes say.

use std::future::poll_fn;
use std::io;
use std::task::{Context, Poll};
use std::time::Duration;

use landline_line::{SecureReader, SecureWriter};

use super::halves::Sent;
use super::link::{Link, Side, State};

/// How long a line that is being closed may still take: for what waits to go out, and for the far
/// end to close its side.
pub(crate) const CLOSE_MAX: Duration = Duration::from_secs(1);

/// How many bytes are read before those that take them get their turn: they find them in the cache
/// then, and what waits stays far below the window.
const TURN_BYTES: usize = 256 * 1024;

/// A thread that reads the line itself, and does not look at it for so long, waits for whoever takes what
/// it has: the pump reads on meanwhile, as far as the window goes. Else the far end's kernel would find no
/// room, and break the line after 30 s (`landline_line`'s `UNANSWERED_MAX`).
const THREAD_AWAY_MAX: Duration = Duration::from_millis(100);

/// Moves bytes until the line is closed, by either side.
pub(crate) async fn pump<S: Side>(link: &Link<S>, reader: SecureReader, writer: SecureWriter) {
    let _standing = link.halves.begin(reader, writer);
    let late = async {
        link.closing().await;
        tokio::time::sleep(CLOSE_MAX).await;
    };
    tokio::select! {
        biased;
        _ = async { tokio::join!(read(link), write(link)) } => {}
        () = late => {}
    }
}

/// Reads whatever comes until nothing does.
async fn read<S: Side>(link: &Link<S>) {
    let mut turn = Turn::default();
    loop {
        while_thread_reads(link).await;
        match poll_fn(|cx| poll_receive(link, &mut turn, cx)).await {
            Ok(true) => {}
            Ok(false) => return link.change(|state| state.end_of_line()),
            Err(error) => return link.change(|state| state.end(error.into())),
        }
        if turn.is_over() {
            tokio::task::yield_now().await;
        }
    }
}

/// What was read, and who knows of it.
#[derive(Default)]
struct Turn {
    bytes: usize,
    /// Something came since everybody on the link was told last: who waits for much does not know of it.
    is_untold: bool,
}

impl Turn {
    fn note(&mut self, bytes: usize) {
        self.bytes += bytes;
        self.is_untold = true;
    }

    /// Whether others are to have theirs. A new one begins then.
    fn is_over(&mut self) -> bool {
        let is_over = self.bytes >= TURN_BYTES;
        if is_over {
            self.bytes = 0;
        }
        is_over
    }

    /// Whether everybody is to be told, now that nothing more comes at the moment. The last bytes may
    /// have ended a turn.
    fn is_to_be_told(&mut self) -> bool {
        self.bytes = 0;
        std::mem::take(&mut self.is_untold)
    }
}

/// Waits while a thread reads the line itself.
async fn while_thread_reads<S: Side>(link: &Link<S>) {
    while let Some(turn) = link.look(State::thread_turn) {
        let is_over = |state: &mut State<S>| state.thread_turn().is_none().then_some(());
        tokio::select! {
            biased;
            () = link.until(is_over) => return,
            () = tokio::time::sleep(THREAD_AWAY_MAX) => link.read_if_away(turn),
        }
    }
}

/// Reads once, when that may be. `false`: the far end has closed the line. The writing half, which is
/// of this task, is woken once the task is about to wait only.
fn poll_receive<S: Side>(
    link: &Link<S>,
    turn: &mut Turn,
    cx: &mut Context<'_>,
) -> Poll<io::Result<bool>> {
    link.halves.note_pump(cx);
    let reads_on = |state: &State<S>| state.side.reads_on(state.traffic.outgoing.bytes());
    let is_due = || link.look(|state| state.thread_turn().is_none());
    let own = cx.waker().clone();
    let receive = |bytes: &[u8]| {
        turn.note(bytes.len());
        link.change_for_others(&own, |state| state.receive(bytes));
    };
    let received = match link.look(reads_on) {
        true => link.halves.poll_read(cx, is_due, receive),
        false => link.poll_until(cx, |state| reads_on(state).then_some(Ok(true))),
    };
    if received.is_pending() && turn.is_to_be_told() {
        link.change(|_| ());
    }
    received
}

/// Writes what waits until the line is to be closed and nothing waits any more.
async fn write<S: Side>(link: &Link<S>) {
    if let Err(error) = write_all(link).await {
        link.change(|state| state.end(error.into()));
    }
}

async fn write_all<S: Side>(link: &Link<S>) -> io::Result<()> {
    let send = |cx: &mut Context<'_>| {
        link.halves.note_pump(cx);
        link.halves.poll_send(cx, true, || link.take_outgoing())
    };
    while poll_fn(send).await? == Sent::All {
        link.until(|state| state.has_outgoing().then_some(())).await;
    }
    poll_fn(|cx| link.halves.poll_close(cx)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_turn_is_told_when_nothing_follows_it() {
        let mut turn = Turn::default();
        turn.note(TURN_BYTES - 1);
        assert!(!turn.is_over());
        turn.note(1);
        assert!(turn.is_over() && !turn.is_over());
        assert!(turn.is_to_be_told());
        assert!(!turn.is_to_be_told(), "once is enough");
    }
}
