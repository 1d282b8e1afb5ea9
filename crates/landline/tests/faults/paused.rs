//! A reader of standard output that pauses: what is on its way to it is taken meanwhile. Else the server's
//! kernel would find no room for 30 s, and take the line for dead (tcp(7), TCP_USER_TIMEOUT).

use rustix::pipe::fcntl_getpipe_size;

use crate::stand::{
    Network, Process, SERVER, Sharing, held_pipe, much, network_is_possible, until, write,
};

/// More than the pipe and the whole window take.
const SIZE: usize = 16 << 20;

/// What is on its way at least when the reader pauses: three quarters of the first window, since credit
/// is given in quarters.
const ON_ITS_WAY_MIN: u64 = 768 << 10;

#[test]
fn what_is_on_its_way_is_taken_while_nobody_reads() {
    if !network_is_possible() {
        return;
    }
    let network = Network::new();
    // The kernel alone can hold a small part of the window only.
    let small = "echo 4096 16384 65536 > /proc/sys/net/ipv4/tcp_rmem";
    network.client.run(small);
    let server = network.server.clone();
    let around = Box::new(move |command| server.within(&command));
    let stand = Sharing::around(&["ro:shared"], &format!("{SERVER}:0"), around);
    write(stand.there("large"), much(SIZE));
    let words = ["get", "office", "large", "--to", "-", "-q"];
    let mut get = network.client.within(&stand.landline(&words));
    let reader = held_pipe(&mut get);
    let get = Process::start_as_it_is(get);
    until("what is on its way is taken", || {
        let pipe = fcntl_getpipe_size(&reader).expect("it is a pipe") as u64;
        let taken = received(&network);
        (taken >= pipe + ON_ITS_WAY_MIN).then_some(())
    });
    drop(reader);
    assert_eq!(get.finish().code, 141, "its reader has left");
}

/// How many bytes have come to the client's machine that its program has taken.
fn received(network: &Network) -> u64 {
    let said = network.client.output("ss -tinH state established");
    let number = |name: &str| {
        let words = said.split_whitespace();
        let value = words.filter_map(|word| word.strip_prefix(name)).next();
        value.and_then(|value| value.parse::<u64>().ok())
    };
    let waits = said
        .split_whitespace()
        .next()
        .and_then(|it| it.parse().ok());
    number("bytes_received:").map_or(0, |all| all.saturating_sub(waits.unwrap_or(0)))
}
