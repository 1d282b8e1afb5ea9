//! The tap bench: what a proxy costs that stands between two programs and does nothing, in bulk
//! (`load_file.c` before `files_sendfile.c`) and in the time of one round trip (`load_echo.c` before
//! `echo_epoll.c`).

use anyhow::{Context, Result};

use super::peers;
use super::plan::{Cell, Check, Measured, Plan};
use super::served::{ONE, folder};
use super::shop::{Recipe, Server, Shop};

const TCP: &str = "tcp://127.0.0.1:0";
const NOTHING: &str = "nothing between";
const QUIET: &str = "landline tap -q";
const SHOWN: &str = "landline tap";
const SOCAT: &str = "socat";
const BULK: &str = "tap, bulk";
const ROUND_TRIP: &str = "tap, round trip";

/// The cells and the bar of issue 6.
pub(super) fn plan() -> Plan {
    let mut plan = Plan {
        cells: vec![each(BULK, "GB/s", bulk), each(ROUND_TRIP, "us", round_trip)],
        bars: Vec::new(),
    };
    plan.bar(BULK, Check::AtLeast(1.5, QUIET, vec![SOCAT]));
    plan.bar(ROUND_TRIP, Check::AtMost(1.2, QUIET, vec![SOCAT]));
    plan
}

/// What stands between, before a target.
type Between = fn(&Shop, &Server) -> Result<Option<Server>>;

fn each(name: &str, unit: &'static str, measure: fn(&Shop, Between) -> Result<Measured>) -> Cell {
    Cell::new(name, unit)
        .with(NOTHING, move |shop| measure(shop, |_, _| Ok(None)))
        .with(QUIET, move |shop| {
            measure(shop, |shop, target| tap(shop, target, &["-q"]))
        })
        .with(SHOWN, move |shop| {
            measure(shop, |shop, target| tap(shop, target, &[]))
        })
        .with(SOCAT, move |shop| measure(shop, socat))
}

/// What it shows goes where the bench's servers write to, which is nowhere.
fn tap(shop: &Shop, target: &Server, options: &[&str]) -> Result<Option<Server>> {
    let mut recipe = peers::landline(shop, TCP, &[])?;
    let words = ["tap", TCP, &target.address].into_iter();
    recipe.argv.truncate(1);
    recipe
        .argv
        .extend(words.chain(options.iter().copied()).map(Into::into));
    shop.serve(&recipe).map(Some)
}

fn socat(shop: &Shop, target: &Server) -> Result<Option<Server>> {
    let place = target
        .address
        .strip_prefix("tcp://")
        .context("a tcp target")?;
    shop.serve(&peers::socat(shop, &format!("TCP4:{place}"))?)
        .map(Some)
}

fn bulk(shop: &Shop, between: Between) -> Result<Measured> {
    let file = folder(shop)?.join(ONE).display().to_string();
    let target = shop.serve(&peers::own(shop, "files_sendfile", TCP, &[&file]))?;
    let proxy = between(shop, &target)?;
    let asked = proxy.as_ref().unwrap_or(&target);
    let ask = || shop.load("load_file", &[&asked.address, "tutorial", ONE, "1"]);
    ask()?;
    Measured::from(ask()?, "gigabytes_per_second", 1.0)
}

fn round_trip(shop: &Shop, between: Between) -> Result<Measured> {
    let recipe: Recipe = peers::own(shop, "echo_epoll", TCP, &[]);
    let target = shop.serve(&recipe)?;
    let proxy = between(shop, &target)?;
    let asked = proxy.as_ref().unwrap_or(&target);
    let seconds = if shop.quick { "0.4" } else { "2" };
    // One line, one message of 64 bytes in flight, no polling.
    let words = [&asked.address, "1", "1", seconds, "64", "0", &asked.process];
    let said = Measured::from(shop.load("load_echo", &words)?, "per_second", 1.0)?;
    Ok(Measured {
        value: 1e6 / said.value,
        detail: said.detail,
    })
}
