//! Tickets that are expired, used, forged, or another's.

use landline::frame::landline1::Kind;
use landline::trust::{PeerId, Ticket, proof_of_client};
use serde_json::json;

use crate::stand::{Opponent, Stand, call, soon, until};

/// The CALL with which `client` would use `ticket`.
fn pair_call(ticket: &Ticket, client: &PeerId, server: &PeerId, name: &str) -> Vec<u8> {
    let proof = proof_of_client(&ticket.secret, client, server);
    call(&json!({
        "service": "pair", "ticket": ticket.id.to_string(), "proof": proof.to_string(), "name": name,
    }))
}

/// What the server answers a stranger's CALL: a code, or `paired`.
async fn answer(stand: &Stand, name: &str, address: &str, call: &[u8]) -> String {
    let (mut line, greeting) = Opponent::of(&stand.identity(name)).greet(address).await;
    assert_eq!(greeting["known"], false);
    line.send(call).await;
    let (kind, payload) = soon(line.frame()).await.expect("it answers");
    soon(line.close()).await;
    let said: serde_json::Value = serde_json::from_slice(&payload).expect("an object");
    match kind == Kind::Reply.number() {
        true => "paired".to_owned(),
        false => said["code"].as_str().expect("a code").to_owned(),
    }
}

fn peers(stand: &Stand) -> usize {
    let grants = stand.home("server").grants().read();
    grants.expect("they are good").peers().count()
}

#[tokio::test]
async fn expired_used_forged_and_unknown_tickets_are_refused_in_one_sentence() {
    let stand = Stand::new();
    let serving = stand.serve(&["--allow-exec"]);
    let expired = stand.ticket(&["--grant", "exec", "--for", "1ms"]).await;
    let used = stand.ticket(&["--grant", "echo"]).await;
    stand.well("first", &["pair"], &used).await;
    let good: Ticket = stand
        .ticket(&["--grant", "exec"])
        .await
        .trim()
        .parse()
        .expect("it is");
    let mut forged = good.clone();
    forged.secret = expired.trim().parse::<Ticket>().expect("it is").secret;
    let mut unknown = good.clone();
    unknown.id = "0123456789abcdef".parse().expect("an id");
    let mut said = Vec::new();
    for text in [expired, used, forged.to_string(), unknown.to_string()] {
        said.push(stand.fails("second", &["pair"], &text).await);
    }
    said.dedup();
    assert_eq!(said.len(), 1, "a refusal tells nobody why: {said:#?}");
    assert_eq!(peers(&stand), 1);
    assert!(
        stand
            .home("second")
            .book()
            .read()
            .expect("it")
            .find("office")
            .is_none()
    );
    // The log tells its owner.
    for why in ["expired", "guesses", "was never given"] {
        serving.logs(why).await;
    }
    // Who was refused, and whose ticket others guessed at, may still use the good one.
    stand.well("second", &["pair"], &good.to_string()).await;
}

#[tokio::test]
async fn a_proof_is_of_no_use_to_another_key_or_at_another_server() {
    let stand = Stand::new();
    let serving = stand.serve(&[]);
    let ticket: Ticket = stand.ticket(&[]).await.trim().parse().expect("it is");
    let [caller, thief, server] = ["caller", "thief", "server"].map(|name| stand.key(name));
    let heard = pair_call(&ticket, &caller, &server, "caller");
    let stolen = answer(&stand, "thief", &serving.address, &heard).await;
    assert_eq!(stolen, "ticket-refused");
    // Made for a line between the caller and the thief, who stands in the middle.
    for (client, at) in [(&thief, &caller), (&caller, &thief), (&server, &caller)] {
        let misplaced = pair_call(&ticket, client, at, "caller");
        let code = answer(&stand, "caller", &serving.address, &misplaced).await;
        assert_eq!(code, "ticket-refused");
    }
    assert_eq!(peers(&stand), 0);
    assert_eq!(
        answer(&stand, "caller", &serving.address, &heard).await,
        "paired"
    );
    // A replay by the very same key, which is known now.
    let (mut line, greeting) = Opponent::of(&stand.identity("caller"))
        .greet(&serving.address)
        .await;
    assert_eq!(greeting["known"], true);
    line.send(&heard).await;
    assert_eq!(soon(line.error()).await.as_deref(), Some("ticket-refused"));
}

#[tokio::test]
async fn of_many_who_use_one_ticket_at_once_one_gets_in() {
    let stand = Stand::new();
    let serving = stand.serve(&[]);
    let ticket: Ticket = stand.ticket(&[]).await.trim().parse().expect("it is");
    let server = stand.key("server");
    let mut racing = Vec::new();
    for number in 0..12 {
        let opponent = stand.identity(&format!("racer-{number}"));
        let call = pair_call(&ticket, &opponent.peer_id(), &server, "racer");
        let (line, _) = Opponent::of(&opponent).greet(&serving.address).await;
        racing.push((line, call));
    }
    let racing = racing.into_iter().map(|(mut line, call)| {
        tokio::spawn(async move {
            line.send(&call).await;
            line.frame().await.map(|(kind, _)| kind)
        })
    });
    let racing: Vec<_> = racing.collect();
    let mut paired = 0;
    for racer in racing {
        let kind = soon(racer).await.expect("it does not panic");
        paired += usize::from(kind == Some(Kind::Reply.number()));
    }
    assert_eq!((paired, peers(&stand)), (1, 1));
}

#[tokio::test]
async fn whoever_pairs_takes_nobodys_name_and_none_that_tricks_a_reader() {
    let stand = Stand::new();
    let serving = stand.serve(&[]);
    stand.join(&serving, &["exec"]);
    let server = stand.key("server");
    let names = [
        "caller",
        "--all",
        "a/b",
        "\u{1b}[2Jcaller",
        "caller\u{202e}",
        "",
        "../x",
    ];
    for (number, name) in names.into_iter().enumerate() {
        let ticket: Ticket = stand.ticket(&[]).await.trim().parse().expect("it is");
        let home = format!("guest-{number}");
        let call = pair_call(&ticket, &stand.key(&home), &server, name);
        assert_eq!(
            answer(&stand, &home, &serving.address, &call).await,
            "paired"
        );
    }
    let listed = stand.well("server", &["trust", "list"], "").await;
    crate::stand::check_shown(&listed);
    let grants = stand.home("server").grants().read().expect("they are good");
    let names: Vec<String> = grants
        .peers()
        .filter_map(|(_, grant)| Some(grant.name.as_ref()?.to_string()))
        .collect();
    assert_eq!(names.len(), 8, "{names:?}");
    assert!(names.contains(&"caller-2".to_owned()), "{names:?}");
    let caller = grants.of(&stand.key("caller")).expect("it is still there");
    assert!(caller.allows_any_exec() && !caller.allows_echo());
    until(|| (serving.logged("paired").len() == 7).then_some(())).await;
    crate::stand::check_shown(&serving.process.said());
}
