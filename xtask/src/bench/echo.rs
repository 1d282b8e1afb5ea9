//! The echo bench: messages of 64 bytes there and back, on one line and on many. The load is
//! `bench/peers/load_echo.c`, a closed loop in a process of its own.

use anyhow::Result;

use super::peers::{self, Cook};
use super::plan::{Cell, Check, Measured, Plan};
use super::shop::{Recipe, Shop};

/// The load of one cell.
#[derive(Clone, Copy)]
struct Load {
    connections: usize,
    /// Messages in flight on each.
    window: usize,
    /// How long the client polls before it sleeps; 0 is never.
    spin_us: usize,
}

const POLL: &str = "50us";
const POLL_US: usize = 50;

/// The cells and the bars of limits.md.
pub(super) fn plan() -> Plan {
    let mut plan = Plan::default();
    let load = |connections, window| Load {
        connections,
        window,
        spin_us: 0,
    };
    plan.cells = vec![
        tutorial(
            piped(tcp(Cell::new("1 connection", UNIT), load(1, 1)), load(1, 1)),
            load(1, 1),
        ),
        tutorial(
            piped(
                tcp(Cell::new("64 connections", UNIT), load(64, 1)),
                load(64, 1),
            ),
            load(64, 1),
        ),
        tutorial(
            tcp(Cell::new("1000 connections", UNIT), load(1000, 1)),
            load(1000, 1),
        ),
        piped(
            tcp(Cell::new("64 x 16 in flight", UNIT), load(64, 16)),
            load(64, 16),
        ),
        unix(load(64, 1)),
        polling(),
    ];
    for cell in ["64 connections", "1000 connections"] {
        plan.bar(cell, Check::AtLeast(0.95, "landline", vec!["C epoll"]));
    }
    plan.bar(
        "64 connections",
        Check::AtLeast(3.0, "landline", vec!["socat"]),
    );
    plan.bar(
        "64 connections",
        Check::AtLeast(4.0, "landline", vec!["ncat -e cat"]),
    );
    let default = || vec!["landline"];
    plan.bar(POLLING, Check::AtLeast(2.3, "landline, polls", default()));
    plan.bar(
        POLLING,
        Check::AtLeast(6.0, "landline, both ends poll", default()),
    );
    plan
}

const UNIT: &str = "messages/s";
const POLLING: &str = "1 connection, polling";

fn tcp(cell: Cell, load: Load) -> Cell {
    let epoll: Cook = |shop| Ok(peers::own(shop, "echo_epoll", "tcp://127.0.0.1:0", &[]));
    let landline: Cook = |shop| peers::landline(shop, "tcp://127.0.0.1:0", &["echo"]);
    cell.with("C epoll", plain(epoll, load))
        .with("landline", plain(landline, load))
}

/// The peers that start a process for each client.
fn piped(cell: Cell, load: Load) -> Cell {
    cell.with("socat", plain(|shop| peers::socat(shop, "PIPE"), load))
        .with(
            "ncat -e cat",
            plain(|shop| peers::ncat(shop, "/bin/cat"), load),
        )
}

/// The tutorial adds two bytes to every read, so it can only be asked one message at a time.
fn tutorial(cell: Cell, load: Load) -> Cell {
    cell.with("tutorial (Python)", move |shop| {
        measure(
            shop,
            &peers::tutorial(shop, "tutorial_echo.py", &[])?,
            load,
            66,
        )
    })
}

fn unix(load: Load) -> Cell {
    let epoll: Cook = |shop| {
        Ok(peers::own(
            shop,
            "echo_epoll",
            &peers::fresh_unix(shop),
            &[],
        ))
    };
    let landline: Cook = |shop| peers::landline(shop, &peers::fresh_unix(shop), &["echo"]);
    Cell::new("unix, 64 connections", UNIT)
        .with("C epoll", plain(epoll, load))
        .with("landline", plain(landline, load))
        .with("socat", plain(peers::socat_unix, load))
}

fn polling() -> Cell {
    let asleep = Load {
        connections: 1,
        window: 1,
        spin_us: 0,
    };
    let awake = Load {
        spin_us: POLL_US,
        ..asleep
    };
    let polls: Cook =
        |shop| peers::landline(shop, "tcp://127.0.0.1:0", &["echo", "--busy-poll", POLL]);
    Cell::new(POLLING, UNIT)
        .with(
            "landline",
            plain(
                |shop| peers::landline(shop, "tcp://127.0.0.1:0", &["echo"]),
                asleep,
            ),
        )
        .with("landline, polls", plain(polls, asleep))
        .with("landline, both ends poll", plain(polls, awake))
}

fn plain(cook: Cook, load: Load) -> impl Fn(&Shop) -> Result<Measured> {
    move |shop| measure(shop, &cook(shop)?, load, 64)
}

fn measure(shop: &Shop, recipe: &Recipe, load: Load, reply: usize) -> Result<Measured> {
    let server = shop.serve(recipe)?;
    let seconds = if shop.quick { "0.4" } else { "2" };
    let numbers = [load.connections, load.window, reply, load.spin_us].map(|n| n.to_string());
    let [connections, window, reply, spin] = &numbers;
    let words = [
        &server.address,
        connections,
        window,
        seconds,
        reply,
        spin,
        &server.process,
    ];
    Measured::from(shop.load("load_echo", &words)?, "per_second", 1.0)
}
