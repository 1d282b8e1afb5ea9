//! `trust invite`: a ticket alone on stdout, what to do with it on stderr, and where it leads.

use std::fs::OpenOptions;
use std::process::Stdio;

use landline::trust::{Announced, RunningServer, Ticket, TrustError};

use crate::stand::{Stand, ran};

/// A server that says it is reached at `addresses` and serves /srv, for as long as the test has it.
fn serving(stand: &Stand, addresses: &[&str]) -> Announced {
    let addresses = addresses.iter().map(|text| text.parse());
    let server = RunningServer {
        addresses: addresses
            .collect::<Result<_, _>>()
            .expect("the test's addresses are good"),
        folder: Some("/srv".to_owned()),
        process: std::process::id(),
    };
    let announced = stand.home().announce(&server);
    announced.expect("the home takes a record")
}

#[track_caller]
fn ticket(out: &str) -> Ticket {
    let line = out.strip_suffix('\n').expect("a line ends");
    line.parse().expect("the line is a ticket")
}

fn addresses(ticket: &Ticket) -> Vec<String> {
    ticket.addresses().iter().map(ToString::to_string).collect()
}

/// What the one invite that waits would grant.
fn granted(stand: &Stand) -> Vec<String> {
    let invites = stand.invites();
    let (_, invite) = invites.tickets().next().expect("one waits");
    invite
        .capabilities
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn a_ticket_leads_to_the_running_server_and_reads_what_it_serves() {
    let stand = Stand::new();
    let _serving = serving(&stand, &["127.0.0.1:7", "office.example:7"]);
    let ran = stand.run("trust invite");
    let ticket = ticket(&ran.out);
    assert_eq!(addresses(&ticket), ["office.example:7"]);
    assert_eq!(ticket.server, stand.home().identity().unwrap().peer_id());
    assert_eq!(granted(&stand), ["echo", "files:ro:/srv"]);
    let sentence = ran.sentence();
    for part in [
        "landline pair",
        "1h",
        "office.example:7",
        "echo  files:ro:/srv",
    ] {
        assert!(sentence.contains(part), "{part} in {sentence}");
    }
    assert!(
        !sentence.contains(ran.out.trim_end()),
        "the secret is on stdout alone"
    );
}

#[test]
fn what_is_typed_is_what_the_ticket_says() {
    let stand = Stand::new();
    let line =
        "trust invite --grant exec files:wo:in --address a.example --address [::1]:9 --for 5m";
    let ran = stand.run(line);
    assert_eq!(addresses(&ticket(&ran.out)), ["a.example:5263", "[::1]:9"]);
    let here = stand.path().canonicalize().unwrap();
    assert_eq!(
        granted(&stand),
        ["exec".to_owned(), format!("files:wo:{}/in", here.display())]
    );
    let lines: Vec<&str> = ran.err.lines().collect();
    assert!(lines[0].contains("5m"), "{lines:?}");
    assert!(
        lines[1].contains("landline serve"),
        "nobody serves: {lines:?}"
    );
}

#[test]
fn without_a_server_and_an_address_nobody_knows_where() {
    let stand = Stand::new();
    let sentence = stand.fails("trust invite", 2);
    assert!(
        sentence.contains("--address") && sentence.contains("landline serve"),
        "{sentence}"
    );
    let gone = serving(&stand, &["office:7"]);
    drop(gone);
    stand.fails("trust invite", 2);
    assert!(!stand.home().invites().path().exists());
}

#[test]
fn loopback_is_said_to_lead_here_alone() {
    let stand = Stand::new();
    let _serving = serving(&stand, &["127.0.0.1:7"]);
    let ran = stand.run("trust invite -q");
    assert_eq!(addresses(&ticket(&ran.out)), ["127.0.0.1:7"]);
    assert_eq!(ran.err, "");
    let ran = stand.run("trust invite");
    assert!(
        ran.err.contains("this machine alone") && ran.err.contains("--address"),
        "{}",
        ran.err
    );
}

#[test]
fn no_ticket_says_every_address() {
    let stand = Stand::new();
    let _serving = serving(&stand, &["[::]:7"]);
    for address in addresses(&ticket(&stand.well("trust invite"))) {
        assert!(address.ends_with(":7") && address != "[::]:7", "{address}");
    }
}

#[test]
fn an_invite_that_nobody_can_print_is_taken_back() {
    let stand = Stand::new();
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = stand.landline(&["trust", "invite", "--address", "office"]);
    let child = command.stdout(full).stderr(Stdio::piped()).spawn().unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(255), "{said}");
    assert!(said.contains("standard output"), "{said}");
    assert_eq!(stand.invites().tickets().count(), 0);
}

#[test]
fn what_makes_no_ticket_says_why() {
    let stand = Stand::new();
    for (line, part) in [
        ("trust invite --address office --for 31d", "30 days"),
        ("trust invite --address office --for 0s", "30 days"),
        ("trust invite --address tcp://office:1", "tcp://office:1"),
        ("trust invite --address ::1", "[::1]:5263"),
        (
            "trust invite --address office --grant everything",
            "everything",
        ),
        ("trust invite --address a,b,c,d,e,f,g,h,i", "8"),
    ] {
        let sentence = stand.fails(line, 2);
        assert!(sentence.contains(part), "{line}: {sentence}");
    }
    assert_eq!(stand.invites().tickets().count(), 0);
}

#[test]
fn variables_say_how_long_and_where() {
    let stand = Stand::new();
    let mut command = stand.landline(&["trust", "invite"]);
    command
        .env("LANDLINE_ADDRESS", "a:1,b:2")
        .env("LANDLINE_FOR", "7m");
    let said = ran(&mut command);
    assert_eq!(addresses(&ticket(&said.out)), ["a:1", "b:2"]);
    assert!(said.err.contains("7m"), "{}", said.err);
}

#[test]
fn two_servers_of_one_home_are_both_reached() {
    let stand = Stand::new();
    let _first = serving(&stand, &["a:1"]);
    let _second = serving(&stand, &["b:2"]);
    let mut found = addresses(&ticket(&stand.well("trust invite")));
    found.sort();
    assert_eq!(found, ["a:1", "b:2"]);
}

#[test]
fn the_ticket_pairs() -> Result<(), TrustError> {
    use landline::trust::{Pairing, proof_of_client, redeem};
    let stand = Stand::new();
    let ticket = ticket(&stand.well("trust invite --address office --grant service:weather"));
    let client = crate::stand::key(7);
    let proof = proof_of_client(&ticket.secret, &client, &ticket.server);
    let pairing = Pairing {
        ticket: ticket.id,
        proof: &proof,
        client,
        server: ticket.server,
        name: "laptop",
    };
    redeem(&stand.home(), &pairing, std::time::SystemTime::now())?;
    assert!(stand.well("trust").contains("service:weather"));
    let grants = stand.grants();
    assert!(
        grants
            .of(&client)
            .is_some_and(|it| it.allows_service("weather"))
    );
    Ok(())
}
