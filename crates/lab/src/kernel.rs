//! What the kernel says of TCP sockets: its table, /proc/net/tcp, and what ss(8) asks it (sock_diag(7)).
//! It does not know whose sockets they are.

use std::io;
use std::os::fd::{AsFd, OwnedFd};

use rustix::net::netlink::{SOCK_DIAG, SocketAddrNetlink};
use rustix::net::sockopt::Timeout;
use rustix::net::sockopt::set_socket_timeout;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recv, sendto, socket_with,
};

use crate::experiment::LabError;
use crate::sockets::WAIT;

/// A line of the table (proc_net_tcp in the kernel's documentation).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// The port of the end that the line is about.
    pub(crate) port: u16,
    /// The port of the other end, 0 for a listener.
    pub(crate) peer_port: u16,
    pub(crate) state: State,
    /// Bytes that were sent and not acknowledged yet.
    pub(crate) send_queue: u64,
    /// Bytes that wait to be read; for a listener connections that wait to be accepted.
    pub(crate) receive_queue: u64,
    /// When its timer runs out, in hundredths of a second from now.
    pub(crate) timer: u64,
}

/// The states of TCP (RFC 9293), by the kernel's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Established,
    SynSent,
    SynReceived,
    TimeWait,
    Listen,
    Other(u8),
}

impl State {
    fn of(number: u8) -> Self {
        match number {
            1 => Self::Established,
            2 => Self::SynSent,
            // 12 is what newer kernels call a handshake that is kept apart from its listener.
            3 | 12 => Self::SynReceived,
            6 => Self::TimeWait,
            10 => Self::Listen,
            other => Self::Other(other),
        }
    }
}

/// The lines of IPv4 whose end has this port, or whose other end has.
pub(crate) fn lines_of(port: u16) -> Result<Vec<Line>, LabError> {
    let text = std::fs::read_to_string("/proc/thread-self/net/tcp")
        .map_err(LabError::of("read /proc/net/tcp"))?;
    let lines = text.lines().skip(1).filter_map(line);
    Ok(lines
        .filter(|line| line.port == port || line.peer_port == port)
        .collect())
}

/// The line of the end with this port towards that other one, if there is one.
pub(crate) fn line_of(port: u16, peer_port: u16) -> Result<Option<Line>, LabError> {
    let lines = lines_of(port)?;
    let wanted = |line: &Line| line.port == port && line.peer_port == peer_port;
    Ok(lines.into_iter().find(wanted))
}

/// `0: 0100007F:94FD 00000000:0000 0A 00000000:00000000 ...`
fn line(text: &str) -> Option<Line> {
    let mut words = text.split_whitespace().skip(1);
    let port = |word: &str| u16::from_str_radix(word.rsplit_once(':')?.1, 16).ok();
    let port_own = port(words.next()?)?;
    let peer_port = port(words.next()?)?;
    let state = u8::from_str_radix(words.next()?, 16).ok()?;
    let (send, receive) = words.next()?.split_once(':')?;
    let (_, timer) = words.next()?.split_once(':')?;
    Some(Line {
        port: port_own,
        peer_port,
        state: State::of(state),
        send_queue: u64::from_str_radix(send, 16).ok()?,
        receive_queue: u64::from_str_radix(receive, 16).ok()?,
        timer: u64::from_str_radix(timer, 16).ok()?,
    })
}

/// What sock_diag says of one socket beyond the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Inner {
    /// For a listener the most connections that wait to be accepted, otherwise the send queue.
    pub(crate) limit: u32,
    /// Segments with data that it has sent, repeated ones left out; none where the kernel does not
    /// count them.
    pub(crate) data_segments: Option<u32>,
}

const MESSAGE_HEADER: usize = 16;
const DIAG_HEADER: usize = 72;
const SOCK_DIAG_BY_FAMILY: u16 = 20;
const REQUEST_DUMP: u16 = 0x301;
const INFO: u16 = 2;
/// Where `tcp_info` has `tcpi_data_segs_out`, and `tcpi_total_retrans`, which are among them.
const DATA_SEGMENTS: usize = 156;
const REPEATED: usize = 100;

/// Asks about the IPv4 socket with this port towards that other one (0 for a listener).
pub(crate) fn inner(port: u16, peer_port: u16) -> Result<Inner, LabError> {
    let answer = ask(port, peer_port).map_err(LabError::of("ask sock_diag"))?;
    parse(&answer, port, peer_port)
        .ok_or_else(|| LabError::of("ask sock_diag")(io::ErrorKind::NotFound.into()))
}

fn ask(port: u16, peer_port: u16) -> io::Result<Vec<u8>> {
    let flags = SocketFlags::CLOEXEC;
    let diag = socket_with(
        AddressFamily::NETLINK,
        SocketType::DGRAM,
        flags,
        Some(SOCK_DIAG),
    )?;
    set_socket_timeout(&diag, Timeout::Recv, Some(WAIT))?;
    let mut request = Vec::with_capacity(72);
    request.extend(72_u32.to_ne_bytes());
    request.extend(SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    request.extend(REQUEST_DUMP.to_ne_bytes());
    request.extend([0; 8]);
    // IPv4, TCP, and with `tcp_info`; all states.
    request.extend([2, 6, 1 << (INFO - 1), 0]);
    request.extend(u32::MAX.to_ne_bytes());
    request.extend(port.to_be_bytes());
    request.extend(peer_port.to_be_bytes());
    request.resize(72, 0);
    sendto(
        &diag,
        &request,
        SendFlags::empty(),
        &SocketAddrNetlink::new(0, 0),
    )?;
    receive(&diag)
}

/// All parts of the answer, one after the other.
fn receive(diag: &OwnedFd) -> io::Result<Vec<u8>> {
    let mut answer = Vec::new();
    let mut buffer = vec![0; 32 * 1024];
    loop {
        let (count, _) = recv(diag.as_fd(), &mut buffer[..], RecvFlags::empty())?;
        answer.extend_from_slice(&buffer[..count]);
        let last = messages(&buffer[..count]).last();
        // 2 is an error, 3 the end.
        if count == 0 || last.is_none_or(|(kind, _)| matches!(kind, 2 | 3)) {
            return Ok(answer);
        }
    }
}

fn parse(answer: &[u8], port: u16, peer_port: u16) -> Option<Inner> {
    let socket = messages(answer)
        .filter(|(kind, body)| *kind == SOCK_DIAG_BY_FAMILY && body.len() >= DIAG_HEADER)
        .map(|(_, body)| body)
        .find(|body| body[4..6] == port.to_be_bytes() && body[6..8] == peer_port.to_be_bytes())?;
    let info = attributes(&socket[DIAG_HEADER..]).find(|(kind, _)| *kind == INFO);
    Some(Inner {
        limit: u32_at(socket, 60)?,
        data_segments: info.and_then(|(_, info)| {
            u32_at(info, DATA_SEGMENTS)?.checked_sub(u32_at(info, REPEATED)?)
        }),
    })
}

/// The messages of netlink(7) in `bytes`: kind and body.
fn messages(mut bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let length = u32_at(bytes, 0)? as usize;
        let body = bytes.get(MESSAGE_HEADER..length)?;
        let kind = u16_at(bytes, 4)?;
        bytes = bytes.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some((kind, body))
    })
}

/// The attributes of rtnetlink(7) in `bytes`: kind and value.
fn attributes(mut bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let length = usize::from(u16_at(bytes, 0)?);
        let value = bytes.get(4..length)?;
        let kind = u16_at(bytes, 2)?;
        bytes = bytes.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some((kind, value))
    })
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + 4)?;
    Some(u32::from_ne_bytes(bytes.try_into().ok()?))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at + 2)?;
    Some(u16::from_ne_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::sockets;

    #[test]
    fn the_table_tells_the_queues_of_both_ends() {
        let (mut client, server) = sockets::pair().expect("loopback works");
        client.write_all(b"seven b").expect("it fits");
        let ports = [&client, &server].map(|it| it.local_addr().expect("it has one").port());
        let line = line_of(ports[1], ports[0]).expect("the table can be read");
        let line = line.expect("the connection stands");
        assert_eq!((line.state, line.receive_queue), (State::Established, 7));
    }

    #[test]
    fn segments_with_data_are_counted_where_the_kernel_answers() {
        let (mut client, server) = sockets::pair().expect("loopback works");
        client.set_nodelay(true).expect("it is TCP");
        let ports = [&client, &server].map(|it| it.local_addr().expect("it has one").port());
        for _ in 0..3 {
            client.write_all(b"x").expect("it fits");
        }
        if let Ok(inner) = inner(ports[0], ports[1]) {
            assert_eq!(inner.data_segments, Some(3));
        }
    }
}
