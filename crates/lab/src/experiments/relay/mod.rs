//! `relay`: how an open UDP relay is turned on somebody who never spoke to it, and what stands in the
//! way. All of it happens in namespaces of the lab's own, or on loopback, with tens of datagrams.

mod group;
mod street;

use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use crate::capture::as_pcapng;
use crate::datagrams;
use crate::experiment::{Bench, Experiment, LabError};
use crate::report::{Cell, Picture, Report, Table};
use group::{Group, Rules};
use street::Street;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "relay",
    question: "lab-relay-question",
    predict: "lab-relay-predict",
    explain: "lab-relay-explain",
    next: "lab-relay-next",
    elsewhere: &["lab-relay-internet"],
    run,
};

/// What the attacker sends: so many datagrams of so many bytes, in the name of so many of the victim's
/// ports at most. From the eighth on each is passed on eight times.
const DATAGRAMS: usize = 20;
const BYTES: usize = 64;
const PORTS: usize = 8;

/// Between two looks at what has come to the victim.
const PAUSE: Duration = Duration::from_millis(1);

/// One attack: what is in its way, and in the name of how many ports it speaks.
struct Attack {
    /// The key of the sentence about the relay or the network.
    way: &'static str,
    /// The same in a few signs.
    label: &'static str,
    ports: usize,
    rules: Rules,
    /// The relay listens on its loopback only.
    is_private: bool,
    /// The network does not let forged addresses out.
    checks_sources: bool,
    /// The name of the fact that tells what came of it.
    fact: &'static str,
}

/// What came of one attack.
struct Outcome {
    /// How many datagrams reached the relay.
    reached: usize,
    /// How many the victim was sent, and by whom.
    got: usize,
    sender: Option<SocketAddr>,
}

fn attacks(street: &Street) -> Vec<Attack> {
    let attack = |fact, way, label, ports, rules| Attack {
        way,
        label,
        ports,
        rules,
        is_private: false,
        checks_sources: false,
        fact,
    };
    let open = Rules::default();
    let few = Rules {
        members_max: Some(2),
        ..open
    };
    let friends = Rules {
        allow: Some(street.friends),
        ..open
    };
    let neighbours = Rules {
        allow: Some(street.victims),
        ..open
    };
    let slow = Rules {
        rate: Some(1),
        ..neighbours
    };
    let mut all = vec![
        attack("one", "lab-relay-open", "open, 1", 1, open),
        attack("many", "lab-relay-open", "open, 8", PORTS, open),
        attack("few", "lab-relay-members", "--members 2", PORTS, few),
        attack(
            "friends",
            "lab-relay-allow",
            "--allow friends",
            PORTS,
            friends,
        ),
        attack(
            "inside",
            "lab-relay-inside",
            "--allow victim",
            PORTS,
            neighbours,
        ),
        attack(
            "slow",
            "lab-relay-rate",
            "--allow victim --rate 1",
            PORTS,
            slow,
        ),
    ];
    if street.has_router() {
        all.push(Attack {
            is_private: true,
            ..attack("private", "lab-relay-private", "127.0.0.1", PORTS, open)
        });
        all.push(Attack {
            checks_sources: true,
            ..attack("checked", "lab-relay-checked", "BCP 38", PORTS, open)
        });
    }
    all
}

fn run(bench: &mut Bench) -> Result<Report, LabError> {
    let mut report = Report::default();
    let street = match Street::apart() {
        Ok(street) => street,
        Err(missing) => {
            report.missing.push(missing);
            Street::on_loopback()
        }
    };
    let mut capture = match bench.keeps_packets {
        true => street.watch_victim().map(Some),
        false => Ok(None),
    };
    let mut rows = Vec::new();
    let mut bars = Vec::new();
    for attack in attacks(&street) {
        let outcome = carry_out(&street, &attack)?;
        report.facts.push((attack.fact, outcome.got.to_string()));
        if attack.fact == "many" {
            let factor = outcome.got as f64 / DATAGRAMS as f64;
            report.facts.push(("factor", format!("{factor:.1}")));
            let sender = outcome.sender.map(|it| it.ip().to_string());
            report.facts.push(("sender", sender.unwrap_or("-".into())));
        }
        bars.push((attack.label.to_string(), outcome.got as f64));
        rows.push(row(&attack, &outcome));
    }
    report.facts.push(("sent", DATAGRAMS.to_string()));
    report.facts.push(("ports", PORTS.to_string()));
    report
        .facts
        .push(("attacker", street.attacker_address.to_string()));
    report
        .facts
        .push(("victim", street.victim_address.to_string()));
    if !street.has_router() {
        let unknown = ["private", "checked"].map(|name| (name, "-".to_string()));
        report.facts.extend(unknown);
    }
    let apart = if street.has_router() { "yes" } else { "no" };
    report.facts.push(("apart", apart.to_string()));
    report.pictures.push(Picture::Bars {
        title: "lab-relay-picture",
        unit: "",
        bars,
    });
    report.tables.push(table(rows));
    match &mut capture {
        Ok(Some(capture)) => {
            let packets = capture.take(Duration::ZERO, |_| true)?;
            report.packets = as_pcapng(&packets);
        }
        Ok(None) => {}
        Err(missing) => report.missing.push(missing.clone()),
    }
    Ok(report)
}

/// The attacker speaks in the victim's name, the relay does what it does, the victim counts.
fn carry_out(street: &Street, attack: &Attack) -> Result<Outcome, LabError> {
    street.check_sources(attack.checks_sources)?;
    let mut group = Group::open(street, attack.is_private, attack.rules)?;
    let ports = street.forge(group.door(), attack.ports)?;
    let victims = street.victim_sockets(&ports)?;
    let mut outcome = Outcome {
        reached: 0,
        got: 0,
        sender: None,
    };
    while outcome.reached < DATAGRAMS && group.pass_on()? {
        outcome.reached += 1;
    }
    // What the relay sent may still be on its way.
    let ends = Instant::now() + datagrams::WAIT;
    while outcome.got < group.sent() && Instant::now() < ends {
        for socket in &victims {
            outcome.sender = outcome.sender.or(street::first_sender(socket)?);
            outcome.got += datagrams::drain(socket)?.len();
        }
        thread::sleep(PAUSE);
    }
    Ok(outcome)
}

fn row(attack: &Attack, outcome: &Outcome) -> Vec<Cell> {
    vec![
        Cell::Word(attack.way),
        Cell::Count(attack.ports as u64),
        Cell::Count(DATAGRAMS as u64),
        Cell::Count(outcome.reached as u64),
        Cell::Count(outcome.got as u64),
        Cell::Count((outcome.got * BYTES) as u64),
        Cell::Number(outcome.got as f64 / DATAGRAMS as f64, "x"),
    ]
}

fn table(rows: Vec<Vec<Cell>>) -> Table {
    Table {
        title: "lab-relay-table",
        columns: vec![
            "lab-relay-way",
            "lab-relay-ports",
            "lab-relay-sent",
            "lab-relay-reached",
            "lab-relay-got",
            "lab-relay-bytes",
            "lab-relay-factor",
        ],
        rows,
    }
}

#[cfg(test)]
mod tests {
    use super::super::alike::{alike, counts, fact, keeps_packets, needs};
    use super::*;
    use crate::rights::{captures, makes_namespaces};

    #[test]
    fn an_open_relay_hits_the_victim_and_each_rule_takes_something_away() {
        let report = alike(&EXPERIMENT, |report| format!("{:?}", report.tables));
        // Each datagram to all who were in so far: 1 + 2 + ... + 8, then 12 times 8.
        let (all, one_each) = (36 + 12 * 8, 36);
        // Of 20 datagrams in turn 6 are of the first two ports: 1, then 5 times 2.
        let few = 11;
        let mut expected = vec![20, all, few, 0, all, one_each];
        let mut reached = vec![20; 6];
        if makes_namespaces() {
            assert_eq!(needs(&report), [""; 0]);
            expected.extend([0, 0]);
            reached.extend([0, 0]);
            assert_eq!(fact(&report, "sender"), "10.99.2.2");
        } else {
            assert_eq!(needs(&report), ["lab-needs-namespaces"]);
        }
        assert_eq!(counts(&report, 0, 4), expected);
        assert_eq!(counts(&report, 0, 3), reached);
        assert_eq!(fact(&report, "factor"), "6.6");
        assert_eq!(keeps_packets(&EXPERIMENT), captures());
    }
}
