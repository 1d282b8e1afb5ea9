//! The relay bench: one sender, many members, every message to every member. Counted is what the
//! members got; nothing may be lost. The loads are `load_relay.c` and `load_pubsub.c`.

use anyhow::Result;

use super::peers::{self, Cook};
use super::plan::{Cell, Check, Measured, Plan};
use super::shop::Shop;

/// The load of one cell.
#[derive(Clone, Copy)]
struct Load {
    members: usize,
    /// Bytes of a message.
    size: usize,
    /// Messages in flight.
    window: usize,
}

impl Load {
    fn name(self) -> String {
        let Self {
            members,
            size,
            window,
        } = self;
        format!("{members} members, {size} B, {window} in flight")
    }
}

const UDP: &str = "udp://127.0.0.1:0";
const LANDLINE: &str = "landline";
const LANDLINE_GRO: &str = "landline, GRO members";
const SENDTO: &str = "C sendto";

/// The cells and the bars of limits.md.
pub(super) fn plan() -> Plan {
    let mut plan = Plan::default();
    let load = |members, size, window| Load {
        members,
        size,
        window,
    };
    let (main, many, one) = (load(100, 64, 64), load(1000, 64, 64), load(100, 64, 1));
    for each in [main, load(100, 1200, 64), many, load(100, 64, 8), one] {
        plan.cells.push(cell(each));
        let nothing = Check::Nothing(vec![LANDLINE, LANDLINE_GRO], vec!["lost", "bad"]);
        plan.bar(each.name(), nothing);
    }
    plan.bar(main.name(), Check::AtLeast(3.5, LANDLINE, vec![SENDTO]));
    plan.bar(
        main.name(),
        Check::AtLeast(40.0, LANDLINE_GRO, vec![SENDTO]),
    );
    plan.bar(
        many.name(),
        Check::AtLeast(2.0, LANDLINE_GRO, vec!["redis"]),
    );
    plan.bar(
        many.name(),
        Check::AtLeast(4.0, LANDLINE_GRO, vec!["nats-server"]),
    );
    plan.bar(one.name(), Check::AtLeast(0.9, LANDLINE, vec![SENDTO]));
    plan
}

fn cell(load: Load) -> Cell {
    let sendto: Cook = |shop| Ok(peers::own(shop, "relay_sendto", UDP, &[]));
    let runs: Cook = |shop| Ok(peers::own(shop, "relay_runs", UDP, &[]));
    let tutorial: Cook = |shop| peers::tutorial(shop, "tutorial_relay.py", &[]);
    let landline: Cook =
        |shop| peers::landline(shop, UDP, &["relay", "--recv", "2048", "--members", "1100"]);
    Cell::new(load.name(), "delivered/s")
        .with(SENDTO, udp(sendto, load, false))
        .with(LANDLINE, udp(landline, load, false))
        .with(LANDLINE_GRO, udp(landline, load, true))
        .with("C runs", udp(runs, load, false))
        .with("C runs, GRO members", udp(runs, load, true))
        .with("tutorial (Python)", udp(tutorial, load, false))
        .with("redis", broker("redis", peers::redis, load))
        .with("nats-server", broker("nats", peers::nats, load))
}

fn udp(cook: Cook, load: Load, gro: bool) -> impl Fn(&Shop) -> Result<Measured> {
    move |shop| {
        let server = shop.serve(&cook(shop)?)?;
        let [members, size, window] = numbers(load);
        let gro = if gro { "1" } else { "0" };
        let words = [
            &server.address,
            &*members,
            &size,
            &window,
            seconds(shop),
            gro,
            &server.process,
        ];
        Measured::from(shop.load("load_relay", &words)?, "per_second", 1.0)
    }
}

fn broker(kind: &'static str, cook: Cook, load: Load) -> impl Fn(&Shop) -> Result<Measured> {
    move |shop| {
        let server = shop.serve(&cook(shop)?)?;
        let [members, size, window] = numbers(load);
        let words = [
            kind,
            &server.address,
            &members,
            &size,
            &window,
            seconds(shop),
            &server.process,
        ];
        Measured::from(shop.load("load_pubsub", &words)?, "per_second", 1.0)
    }
}

fn numbers(load: Load) -> [String; 3] {
    [load.members, load.size, load.window].map(|number| number.to_string())
}

fn seconds(shop: &Shop) -> &'static str {
    if shop.quick { "0.3" } else { "1.5" }
}
