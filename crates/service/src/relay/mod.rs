//! `relay`: each datagram goes, unchanged, to every address that ever sent one (group chat).
//!
//! One loop drains what waits and gives each member its whole run. What a member gets, and in which
//! order, is what it would get if the datagrams were handled one by one.

mod members;
mod room;
#[cfg(test)]
mod tests;

use std::io;
use std::pin::pin;
use std::time::Duration;

use ipnet::IpNet;

use crate::call::Settings;
use crate::outbox::until;
use crate::post::{DatagramService, Post};
use crate::stop::Stop;
use room::Room;

/// How long a member may be silent before it leaves: 10 minutes.
pub const EXPIRE_DEFAULT: Duration = Duration::from_secs(600);

/// How many members there may be: 1,024. Each takes about 200 bytes.
pub const MEMBERS_MAX_DEFAULT: usize = 1024;

/// How many datagrams are handled in one go. With the default read size that is 64 KiB of memory,
/// and as much again for the run.
const BATCH_DATAGRAMS: usize = 64;

/// A group of all who ever sent a datagram.
#[derive(Clone)]
pub struct Relay {
    /// Whether a member gets what others sent and not what it sent itself.
    pub no_self: bool,
    /// How long a member may be silent before it leaves. Default [`EXPIRE_DEFAULT`].
    pub expire: Duration,
    /// How many members there may be. Default [`MEMBERS_MAX_DEFAULT`]; a new sender beyond it is
    /// refused.
    pub members_max: usize,
    /// How many datagrams a second each source may send (a second's worth at once); more are
    /// dropped. Default: any number. All sources without an address count as one.
    pub rate: Option<u32>,
    /// The networks whose sources may send. Default: all. A source without an IP address
    /// (unixgram) is in none and may: the socket file's mode says who reaches it.
    pub allow: Option<Vec<IpNet>>,
    /// The read size and the journal.
    pub settings: Settings,
}

impl Relay {
    /// A relay with the defaults.
    pub fn new(settings: Settings) -> Self {
        Self {
            no_self: false,
            expire: EXPIRE_DEFAULT,
            members_max: MEMBERS_MAX_DEFAULT,
            rate: None,
            allow: None,
            settings,
        }
    }
}

impl DatagramService for Relay {
    async fn serve<P: Post>(&self, mut post: P, stop: Stop, once: bool) -> io::Result<()> {
        let datagrams = if once { 1 } else { BATCH_DATAGRAMS };
        let mut batch = post.batch(datagrams, self.settings.recv);
        let mut room = Room::new(self);
        let mut stopped = pin!(stop.cancelled());
        loop {
            tokio::select! {
                biased;
                () = &mut stopped => return Ok(()),
                drained = post.drain(&mut batch) => {
                    drained?;
                    room.pass_on(&mut post, &batch).await;
                    if once {
                        return Ok(());
                    }
                }
                () = until(room.due()) => room.retry(&mut post).await,
            }
        }
    }
}
