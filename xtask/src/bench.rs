//! `cargo xtask bench`: landline beside named peers in one run, interleaved round by round, held
//! against bars. It uses landline from outside only, through its command line.

#![allow(clippy::print_stdout, clippy::print_stderr)] // it talks to who runs it

mod build;
mod echo;
mod exec;
mod files;
mod host;
mod md5;
mod memory;
mod netns;
mod options;
mod outcome;
mod peers;
mod plan;
mod procs;
mod quiet;
mod record;
mod relay;
mod report;
mod shop;
mod stats;

use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::AtomicU32;

use anyhow::{Context, Result};
use serde_json::json;

use netns::Network;
use options::{Options, Subject};
use outcome::{Row, Sample, Table, Verdict};
use plan::{Cell, Entrant, Measured, Plan};
use quiet::Watch;
use shop::{Missing, Shop};

/// Runs one bench of the workspace at `root`; `rest` is what follows the word `bench`.
///
/// # Errors
/// Wrong usage, or nothing can be measured at all. A peer that is missing or fails is said in the
/// report instead.
pub(crate) fn run(root: &Path, rest: &[&str]) -> Result<ExitCode> {
    if let ["md5", path] = rest {
        md5::print(path)?;
        return Ok(ExitCode::SUCCESS);
    }
    let options = Options::parse(rest)?;
    let plan = chosen(&options);
    anyhow::ensure!(!plan.cells.is_empty(), "no cell has such a name");
    eprintln!("bench: building");
    build::peers(root)?;
    let landline = build::release(root, "landline");
    if options.subject == Subject::Files {
        build::release(root, "xtask").map_err(anyhow::Error::msg)?;
    }
    let network = netns::enter()?; // before any thread: each has a network of its own
    procs::watch_signals()?;
    let shop = Shop {
        target: build::target(root),
        root: root.to_path_buf(),
        scratch: procs::Scratch::new()?,
        quick: options.quick,
        python: build::python(),
        landline,
        serial: AtomicU32::new(0),
    };
    let busy = host::busy();
    let (tables, missing) = measure(&shop, &plan, options.rounds);
    let verdicts: Vec<Verdict> = plan
        .bars
        .iter()
        .filter_map(|bar| outcome::judge(bar, &tables))
        .collect();
    let facts = facts(&shop, &options, &network, &busy);
    tell(
        &shop,
        &options,
        &Found {
            tables,
            verdicts,
            missing,
            facts,
        },
    )?;
    Ok(ExitCode::SUCCESS)
}

fn chosen(options: &Options) -> Plan {
    let mut plan = match options.subject {
        Subject::Echo => echo::plan(),
        Subject::Relay => relay::plan(),
        Subject::Exec => exec::plan(),
        Subject::Files => files::plan(),
        Subject::Memory => memory::plan(),
    };
    if let Some(part) = &options.only {
        plan.cells.retain(|cell| cell.name.contains(part));
    }
    plan
}

/// All rounds: in each every cell, in each cell every entrant, by turns the first.
fn measure(shop: &Shop, plan: &Plan, rounds: usize) -> (Vec<Table>, Vec<String>) {
    let mut tables: Vec<Table> = plan.cells.iter().map(blank).collect();
    let mut missing = Vec::new();
    for round in 0..rounds {
        for (cell, table) in plan.cells.iter().zip(&mut tables) {
            let count = cell.entrants.len();
            for turn in 0..count {
                let index = (turn + round) % count;
                take_turn(
                    shop,
                    cell,
                    index,
                    round,
                    &mut table.rows[index],
                    &mut missing,
                );
                eprintln!(
                    "{}",
                    report::progress(round, &table.name, &table.rows[index])
                );
            }
        }
    }
    (tables, missing)
}

fn blank(cell: &Cell) -> Table {
    let row = |name| Row {
        name,
        samples: Vec::new(),
        troubles: Vec::new(),
    };
    let rows = cell
        .entrants
        .iter()
        .map(|entrant| row(entrant.name))
        .collect();
    Table {
        name: cell.name.clone(),
        unit: cell.unit,
        rows,
    }
}

fn take_turn(
    shop: &Shop,
    cell: &Cell,
    index: usize,
    round: usize,
    row: &mut Row,
    missing: &mut Vec<String>,
) {
    match undisturbed(shop, &cell.entrants[index]) {
        Ok(it) => row.samples.push(Sample {
            round,
            value: it.value,
            detail: it.detail,
        }),
        Err(error) => match error.downcast_ref::<Missing>() {
            Some(Missing(what)) if missing.contains(what) => {}
            Some(Missing(what)) => missing.push(what.clone()),
            None => {
                let trouble = format!("round {}: {error:#}", round + 1);
                eprintln!("bench: {} | {} | {trouble}", cell.name, row.name);
                row.troubles.push(trouble);
            }
        },
    }
}

/// Measures once, and again if others used the machine meanwhile. What counts is the try that was
/// disturbed least, whatever its figure; a quick run takes what it gets.
fn undisturbed(shop: &Shop, entrant: &Entrant) -> Result<Measured> {
    let mut best: Option<(f64, Measured)> = None;
    for _ in 0..if shop.quick { 1 } else { quiet::TRIES } {
        if !shop.quick {
            quiet::wait();
        }
        let watch = Watch::start();
        let mut measured = (entrant.run)(shop)?;
        let others = watch.others();
        measured.detail["others"] = json!((others * 1e3).round() / 1e3);
        if best.as_ref().is_none_or(|(least, _)| others < *least) {
            best = Some((others, measured));
        }
        if others < quiet::OTHERS_MOST {
            break;
        }
    }
    best.map(|(_, measured)| measured).context("not one try")
}

/// All that a run found out.
struct Found {
    tables: Vec<Table>,
    verdicts: Vec<Verdict>,
    missing: Vec<String>,
    facts: Vec<String>,
}

fn facts(shop: &Shop, options: &Options, network: &Network, busy: &str) -> Vec<String> {
    let place = if network.own {
        "a network namespace of its own"
    } else {
        "the machine's network"
    };
    let mut facts = vec![
        format!(
            "{}, {}, load before the run {busy}",
            host::kind(),
            host::processor()
        ),
        format!("in {place}, congestion control {}", network.congestion),
        format!(
            "{} rounds, interleaved{}",
            options.rounds,
            if options.quick { ", --quick" } else { "" }
        ),
    ];
    facts.extend(host::versions(shop));
    facts
}

/// Prints the report and keeps it. A quick run is no evidence: it goes where cargo builds.
fn tell(shop: &Shop, options: &Options, found: &Found) -> Result<()> {
    let (today, name) = (host::today(), options.subject.name());
    let heading = report::Heading {
        title: format!("{name}, {today}"),
        facts: &found.facts,
        missing: &found.missing,
    };
    let text = report::render(&heading, &found.tables, &found.verdicts);
    println!("{text}");
    let about = json!({
        "bench": name, "date": today, "rounds": options.rounds, "quick": options.quick,
        "facts": found.facts, "missing": found.missing,
    });
    let raw = record::raw(&about, &found.tables, &found.verdicts);
    let folder = if options.quick {
        shop.target.join("bench/quick")
    } else {
        shop.root
            .join("bench/runs")
            .join(format!("{today}-{}", host::kind()))
    };
    let part = options
        .only
        .as_ref()
        .map(|part| part.replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    let stem = part.map_or_else(|| name.to_owned(), |part| format!("{name}-only-{part}"));
    let file = record::keep(&folder, &stem, &raw, &text)?;
    eprintln!("bench: kept in {} and .json beside it", file.display());
    Ok(())
}
