//! What a family does with edges, with the order, and with what nobody reads.

use rustix::io::{Errno, retry_on_intr};
use rustix::net::{RecvFlags, SendFlags, recv, send};
use socket2::Socket;

use super::pair::Family;
use crate::datagrams;
use crate::experiment::LabError;

/// Three messages that are written before the first read.
const WRITES: usize = 3;
const WRITE: &[u8] = b"abc";

/// How many messages tell the order, a few at a time: a unix socket may take no more than
/// ten that are not read
/// (`net.unix.max_dgram_qlen`).
const NUMBERED: u8 = 96;
const AT_A_TIME: u8 = 8;

/// What is sent to a reader that does not read: so many at most, of so many bytes, into buffers that
/// are asked to have so many. The kernel doubles them.
const UNREAD_MAX: usize = 2_000;
const UNREAD_BYTES: usize = 1024;
const BUFFER_BYTES: usize = 64 << 10;

/// What was seen of a family.
pub(super) struct Manners {
    pub(super) family: Family,
    /// The sizes of the reads.
    reads: Vec<usize>,
    pub(super) keeps_order: bool,
    /// How many messages the kernel took while nobody read.
    pub(super) taken: usize,
    /// The error that said to wait, if one did.
    pub(super) refused: Option<&'static str>,
    /// How many of those taken were not there afterwards.
    pub(super) lost: usize,
}

impl Manners {
    pub(super) fn measure(family: Family) -> Result<Self, LabError> {
        let (taken, refused, lost) = unread(&family)?;
        Ok(Self {
            family,
            reads: edges(&family)?,
            keeps_order: order(&family)?,
            taken,
            refused,
            lost,
        })
    }

    pub(super) fn keeps_edges(&self) -> bool {
        self.reads == [WRITE.len(); WRITES]
    }

    pub(super) fn sizes_read(&self) -> String {
        let sizes: Vec<String> = self.reads.iter().map(usize::to_string).collect();
        sizes.join(" + ")
    }
}

fn edges(family: &Family) -> Result<Vec<usize>, LabError> {
    let [client, server] = family.pair()?;
    for _ in 0..WRITES {
        put(&client, WRITE, SendFlags::empty())?;
    }
    let all = WRITES * WRITE.len();
    if family.is_stream {
        // Nothing is taken: it only waits until all has come.
        let flags = RecvFlags::PEEK | RecvFlags::WAITALL;
        get(&server, &mut vec![0; all], flags)?;
    }
    let mut reads = Vec::new();
    let mut buffer = [0; 1024];
    while reads.iter().sum::<usize>() < all {
        match get(&server, &mut buffer, RecvFlags::empty())? {
            0 => break,
            count => reads.push(count),
        }
    }
    Ok(reads)
}

fn order(family: &Family) -> Result<bool, LabError> {
    let [client, server] = family.pair()?;
    let mut came = Vec::new();
    for first in (0..NUMBERED).step_by(AT_A_TIME.into()) {
        for number in first..first + AT_A_TIME {
            put(&client, &[number], SendFlags::empty())?;
        }
        for _ in 0..AT_A_TIME {
            let mut byte = [0];
            get(&server, &mut byte, RecvFlags::empty())?;
            came.extend(byte);
        }
    }
    Ok(came.into_iter().eq(0..NUMBERED))
}

/// Sends until the kernel says to wait, and reads afterwards: how many it took, the error, how many
/// of them were lost.
fn unread(family: &Family) -> Result<(usize, Option<&'static str>, usize), LabError> {
    let [client, server] = family.pair()?;
    let sized = client.set_send_buffer_size(BUFFER_BYTES);
    let sized = sized.and_then(|()| server.set_recv_buffer_size(BUFFER_BYTES));
    sized.map_err(LabError::of("set the size of a buffer"))?;
    let message = [b'x'; UNREAD_BYTES];
    let (mut taken, mut refused) = (0, None);
    // What a stream takes in part counts by its bytes.
    while taken < UNREAD_MAX * UNREAD_BYTES {
        match retry_on_intr(|| send(&client, &message, SendFlags::DONTWAIT)) {
            Ok(count) => taken += count,
            Err(Errno::AGAIN) => {
                refused = Some("EAGAIN");
                break;
            }
            Err(error) => return Err(LabError::of("send")(error.into())),
        }
    }
    let arrived = match family.is_stream {
        true => {
            let mut buffer = vec![0; taken];
            get(&server, &mut buffer, RecvFlags::WAITALL)?
        }
        false => datagrams::drain(&server)?.iter().sum(),
    };
    let lost = taken.saturating_sub(arrived);
    Ok((taken / UNREAD_BYTES, refused, lost / UNREAD_BYTES))
}

fn put(socket: &Socket, bytes: &[u8], flags: SendFlags) -> Result<(), LabError> {
    let sent = retry_on_intr(|| send(socket, bytes, flags));
    sent.map(drop)
        .map_err(|error| LabError::of("send")(error.into()))
}

fn get(socket: &Socket, buffer: &mut [u8], flags: RecvFlags) -> Result<usize, LabError> {
    let got = retry_on_intr(|| recv(socket, &mut *buffer, flags));
    got.map(|(count, _)| count)
        .map_err(|error| LabError::of("recv")(error.into()))
}
