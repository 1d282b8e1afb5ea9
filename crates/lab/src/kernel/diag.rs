//! One question of sock_diag(7), and its answer. It does not know why it is asked.

use std::io;
use std::net::SocketAddrV4;

use rustix::io::Errno;
use rustix::net::netlink::{SOCK_DIAG, SocketAddrNetlink};
use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recv, sendto, socket_with,
};

use super::{Line, State};
use crate::sockets::WAIT;

/// The size of a message's header, of the request, and of the fixed part of the answer.
const MESSAGE: usize = 16;
const REQUEST: u32 = 72;
const ANSWER: usize = 72;

/// Kinds of messages.
const FAILED: u16 = 2;
const BY_FAMILY: u16 = 20;

/// This is a request (`NLM_F_REQUEST`), about one socket.
const IS_REQUEST: u16 = 1;

/// The attribute with `tcp_info` (`INET_DIAG_INFO`).
const INFO: u16 = 2;

/// Where `tcp_info` has `tcpi_data_segs_out`, and `tcpi_total_retrans`, which are among them.
const DATA_SEGMENTS: usize = 156;
const REPEATED: usize = 100;

/// Asks about the IPv4 socket at `own` that is connected to `peer`, or, if there is none, the listener
/// at `own`.
pub(super) fn ask(own: SocketAddrV4, peer: SocketAddrV4) -> io::Result<Option<Line>> {
    let flags = SocketFlags::CLOEXEC;
    let diag = socket_with(
        AddressFamily::NETLINK,
        SocketType::DGRAM,
        flags,
        Some(SOCK_DIAG),
    )?;
    set_socket_timeout(&diag, Timeout::Recv, Some(WAIT))?;
    let kernel = SocketAddrNetlink::new(0, 0);
    sendto(&diag, &request(own, peer), SendFlags::empty(), &kernel)?;
    let mut buffer = vec![0; 8 * 1024];
    let (count, _) = recv(&diag, &mut buffer[..], RecvFlags::empty())?;
    let answer = &buffer[..count];
    let kind = u16_at(answer, 4).ok_or(io::ErrorKind::InvalidData)?;
    match kind {
        BY_FAMILY => Ok(answer.get(MESSAGE..).and_then(line)),
        FAILED => {
            let number = u32_at(answer, MESSAGE).unwrap_or_default().cast_signed();
            let error = Errno::from_raw_os_error(-number);
            if error == Errno::NOENT {
                Ok(None)
            } else {
                Err(error.into())
            }
        }
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// A header, and `inet_diag_req_v2`.
fn request(own: SocketAddrV4, peer: SocketAddrV4) -> Vec<u8> {
    let mut request = Vec::new();
    request.extend(REQUEST.to_ne_bytes());
    request.extend(BY_FAMILY.to_ne_bytes());
    request.extend(IS_REQUEST.to_ne_bytes());
    request.extend([0; 8]);
    // IPv4, TCP, and with `tcp_info`; in any state.
    request.extend([2, 6, 1 << (INFO - 1), 0]);
    request.extend(u32::MAX.to_ne_bytes());
    request.extend(own.port().to_be_bytes());
    request.extend(peer.port().to_be_bytes());
    for address in [own.ip(), peer.ip()] {
        request.extend(address.octets());
        request.extend([0; 12]);
    }
    // By any interface, and without the kernel's own number of the socket.
    request.extend([0; 4]);
    request.extend([0xff; 8]);
    request
}

/// `inet_diag_msg` and the attributes behind it.
fn line(answer: &[u8]) -> Option<Line> {
    let state = State::of(*answer.get(1)?);
    let info = attribute(answer.get(ANSWER..)?, INFO);
    Some(Line {
        port: u16::from_be_bytes([answer[4], answer[5]]),
        peer_port: u16::from_be_bytes([answer[6], answer[7]]),
        state,
        receive_queue: u32_at(answer, 56)?.into(),
        timer_ms: u32_at(answer, 52)?.into(),
        // Of other sockets it is the send queue.
        limit: u32_at(answer, 60).filter(|_| state == State::Listen),
        data_segments: info
            .and_then(|info| u32_at(info, DATA_SEGMENTS)?.checked_sub(u32_at(info, REPEATED)?)),
    })
}

/// The value of the attribute of this kind (rtnetlink(7)).
fn attribute(mut bytes: &[u8], wanted: u16) -> Option<&[u8]> {
    loop {
        let length = usize::from(u16_at(bytes, 0)?);
        let value = bytes.get(4..length)?;
        if u16_at(bytes, 2)? == wanted {
            return Some(value);
        }
        bytes = bytes.get(length.next_multiple_of(4)..)?;
    }
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + 4)?;
    Some(u32::from_ne_bytes(bytes.try_into().ok()?))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at + 2)?;
    Some(u16::from_ne_bytes(bytes.try_into().ok()?))
}
