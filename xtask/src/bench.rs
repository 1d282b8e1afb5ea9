//! `cargo xtask bench`: landline beside named peers in one run, interleaved round by round, held
//! against bars. It uses landline from outside only, through its command line.

#![allow(clippy::print_stdout, clippy::print_stderr)] // it talks to who runs it

mod build;
mod echo;
mod exec;
mod exec_secure;
mod files;
mod files_memory;
mod files_resume;
mod files_secure;
mod host;
mod md5;
mod memory;
mod netns;
mod options;
mod outcome;
mod peers;
mod pipe;
mod plan;
mod procs;
mod quiet;
mod record;
mod relay;
mod report;
mod resident;
mod rounds;
mod secure;
mod served;
mod shop;
mod ssh;
mod stats;
mod strangers;
mod tap;
mod whole;

use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::AtomicU32;

use anyhow::Result;
use serde_json::json;

use netns::Network;
use options::{Options, Subject};
use outcome::{Table, Verdict};
use plan::Plan;
use rounds::Rounds;
use shop::Shop;

/// Runs one bench of the workspace at `root`; `rest` is what follows the word `bench`.
///
/// # Errors
/// Wrong usage, or nothing can be measured at all. A peer that is missing or fails is said in the
/// report instead.
pub(crate) fn run(root: &Path, rest: &[&str]) -> Result<ExitCode> {
    if let Some(ended) = play_peer(rest) {
        return ended.map(|()| ExitCode::SUCCESS);
    }
    let options = Options::parse(rest)?;
    let plan = chosen(&options);
    anyhow::ensure!(!plan.cells.is_empty(), "no cell has such a name");
    eprintln!("bench: building");
    build::peers(root)?;
    let landline = build::release(root, "landline");
    match options.subject {
        Subject::Files => build::release(root, "xtask").map(drop),
        Subject::Exec => build::example(root, "landline", "kept_line"),
        _ => Ok(()),
    }
    .map_err(anyhow::Error::msg)?;
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
    let (tables, missing) = Rounds::new(&shop).measure(&plan, options.rounds);
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

/// Runs one of the peers that this program is itself, where `rest` asks for one.
fn play_peer(rest: &[&str]) -> Option<Result<()>> {
    match rest {
        ["md5", path] => Some(md5::print(path)),
        ["pipe-serve", file, certificate] => Some(pipe::serve(file, certificate)),
        ["pipe-get", address, certificate] => Some(pipe::get(address, certificate)),
        _ => None,
    }
}

fn chosen(options: &Options) -> Plan {
    let mut plan = match options.subject {
        Subject::Echo => echo::plan(),
        Subject::Relay => relay::plan(),
        Subject::Exec => exec::plan(),
        Subject::Files => files::plan(),
        Subject::Memory => memory::plan(),
        Subject::Tap => tap::plan(),
    };
    if let Some(part) = &options.only {
        plan.cells.retain(|cell| cell.name.contains(part));
    }
    plan
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
    if matches!(options.subject, Subject::Exec | Subject::Files) {
        let warm = "what flows on a secure line counts the second time, of every program";
        facts.push(warm.to_owned());
    }
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
