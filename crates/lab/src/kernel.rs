//! What the kernel says of TCP sockets: what ss(8) asks it (sock_diag(7)), and its table,
//! /proc/net/tcp. It does not know whose sockets they are.
//!
//! One socket is asked for by sock_diag, which is quick and tells more; where that does not answer, it
//! is looked up in the table.

mod diag;

use std::net::SocketAddrV4;

use crate::experiment::LabError;

/// What is known of one end of a connection, or of a listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) port: u16,
    /// The port of the other end, 0 for a listener.
    pub(crate) peer_port: u16,
    pub(crate) state: State,
    /// Bytes that wait to be read; for a listener connections that wait to be accepted.
    pub(crate) receive_queue: u64,
    /// When its timer runs out.
    pub(crate) timer_ms: u64,
    /// Of a listener: how many may wait to be accepted. Not in the table.
    pub(crate) limit: Option<u32>,
    /// Segments with data that it has sent, repeated ones left out. Not in the table.
    pub(crate) data_segments: Option<u32>,
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
            // 12 is a handshake that is kept apart from its listener.
            3 | 12 => Self::SynReceived,
            6 => Self::TimeWait,
            10 => Self::Listen,
            other => Self::Other(other),
        }
    }
}

/// The end at `own` of the connection to `peer`, if there is one.
pub(crate) fn line_of(own: SocketAddrV4, peer: SocketAddrV4) -> Result<Option<Line>, LabError> {
    let is_wanted = |line: &Line| line.port == own.port() && line.peer_port == peer.port();
    let found = match diag::ask(own, peer) {
        Ok(found) => found.filter(is_wanted),
        Err(_) => lines_of(own.port())?.into_iter().find(is_wanted),
    };
    Ok(found)
}

/// The listener at `own`, if there is one.
pub(crate) fn listener_at(own: SocketAddrV4) -> Result<Option<Line>, LabError> {
    line_of(own, SocketAddrV4::new([0, 0, 0, 0].into(), 0))
}

/// The lines of the table whose end has this port, or whose other end has.
pub(crate) fn lines_of(port: u16) -> Result<Vec<Line>, LabError> {
    let text = std::fs::read_to_string("/proc/thread-self/net/tcp")
        .map_err(LabError::of("read /proc/net/tcp"))?;
    let lines = text.lines().skip(1).filter_map(line);
    Ok(lines
        .filter(|line| line.port == port || line.peer_port == port)
        .collect())
}

/// `0: 0100007F:94FD 00000000:0000 0A 00000000:00000000 03:00001770 ...`, as proc_net_tcp in the
/// kernel's documentation has it; timers run in hundredths of a second.
fn line(text: &str) -> Option<Line> {
    let mut words = text.split_whitespace().skip(1);
    let port_of = |word: &str| u16::from_str_radix(word.rsplit_once(':')?.1, 16).ok();
    let number = |digits: &str| u64::from_str_radix(digits, 16).ok();
    let port = port_of(words.next()?)?;
    let peer_port = port_of(words.next()?)?;
    let state = u8::from_str_radix(words.next()?, 16).ok()?;
    let (_, receive) = words.next()?.split_once(':')?;
    let (_, timer) = words.next()?.split_once(':')?;
    Some(Line {
        port,
        peer_port,
        state: State::of(state),
        receive_queue: number(receive)?,
        timer_ms: number(timer)? * 10,
        limit: None,
        data_segments: None,
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::net::TcpStream;

    use super::*;
    use crate::sockets;

    fn addresses((client, server): &(TcpStream, TcpStream)) -> [SocketAddrV4; 2] {
        [client, server].map(|stream| sockets::own_address(stream).expect("it has one"))
    }

    #[test]
    fn both_ways_to_ask_tell_the_same() {
        let mut pair = sockets::pair().expect("loopback works");
        pair.0.write_all(b"seven b").expect("it fits");
        let [client, server] = addresses(&pair);
        let asked = line_of(server, client).expect("the kernel answers");
        let asked = asked.expect("the connection stands");
        let mut table = lines_of(server.port()).expect("the table can be read");
        table.retain(|line| line.port == server.port());
        assert_eq!((asked.state, asked.receive_queue), (State::Established, 7));
        let told = Line {
            limit: None,
            data_segments: None,
            timer_ms: table[0].timer_ms,
            ..asked
        };
        assert_eq!(told, table[0]);
    }

    #[test]
    fn segments_with_data_are_counted_where_the_kernel_answers() {
        let mut pair = sockets::pair().expect("loopback works");
        pair.0.set_nodelay(true).expect("it is TCP");
        for _ in 0..3 {
            pair.0.write_all(b"x").expect("it fits");
        }
        let [client, server] = addresses(&pair);
        let line = line_of(client, server).expect("the kernel answers");
        let count = line.expect("the connection stands").data_segments;
        assert!(matches!(count, None | Some(3)), "{count:?}");
    }

    #[test]
    fn a_connection_that_is_not_there_is_not_found() {
        let listener = sockets::listen_with(1).expect("loopback works");
        let own = sockets::address_of(&listener).expect("it is bound");
        let peer = SocketAddrV4::new([127, 0, 0, 1].into(), 1);
        assert_eq!(line_of(own, peer).expect("the kernel answers"), None);
        let listens = listener_at(own).expect("the kernel answers");
        assert_eq!(listens.map(|line| line.state), Some(State::Listen));
    }
}
