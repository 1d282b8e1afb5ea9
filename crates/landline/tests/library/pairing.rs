//! First contact: a ticket works once, for one key, and only with the machine that made it.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use landline::trust::{Capability, HostAddress, PeerId, Ticket, invite};
use landline::{DialError, Offer, PairError};

use crate::stand::{Stand, soon};

fn ticket(stand: &Stand, server: PeerId, at: &HostAddress, lifetime: Duration) -> Ticket {
    let capabilities = BTreeSet::from([Capability::Echo]);
    let (addresses, now) = (vec![at.clone()], SystemTime::now());
    let made = invite(
        &stand.server_home,
        server,
        addresses,
        capabilities,
        lifetime,
        now,
    );
    made.expect("the home is good")
}

async fn unpaired() -> Stand {
    let stand = Stand::offering(Offer::new(), &[]).await;
    stand.revoke();
    let emptied = stand.caller_home.book().change(|book| {
        book.remove("office")?;
        Ok::<_, landline::trust::TrustError>(())
    });
    emptied.expect("the book can be changed");
    stand
}

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn a_ticket_makes_both_know_each_other_and_serves_once() {
    let stand = unpaired().await;
    let server = stand.server.peer_id();
    let ticket = ticket(&stand, server, &stand.address, HOUR);
    let name = "lab".parse().expect("a name");
    let paired = soon(landline::pair(&stand.caller_home, &ticket, Some(&name))).await;
    let paired = paired.expect("the ticket is good");
    assert_eq!(
        (paired.key, paired.granted),
        (server, vec!["echo".to_owned()])
    );
    let mut line = soon(landline::dial(&stand.caller_home, "lab"))
        .await
        .expect("known");
    line.call("echo", None).await.expect("it is granted");
    let again = soon(landline::pair(&stand.caller_home, &ticket, None)).await;
    match again {
        Err(PairError::Refused(failure)) => assert_eq!(failure.code, "ticket-refused"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_known_key_may_use_another_ticket_for_more() {
    let stand = Stand::offering(Offer::new(), &[]).await;
    let ticket = ticket(&stand, stand.server.peer_id(), &stand.address, HOUR);
    let paired = soon(landline::pair(&stand.caller_home, &ticket, None)).await;
    assert_eq!(paired.expect("it is good").name.as_str(), "office");
    assert!(stand.dial().await.call("echo", None).await.is_ok());
}

#[tokio::test]
async fn expired_and_forged_tickets_are_refused_alike() {
    let stand = unpaired().await;
    let server = stand.server.peer_id();
    let expired = ticket(&stand, server, &stand.address, Duration::from_nanos(1));
    let mut forged = ticket(&stand, server, &stand.address, HOUR);
    forged.secret = expired.secret.clone();
    let mut unknown = ticket(&stand, server, &stand.address, HOUR);
    unknown.id = "0123456789abcdef".parse().expect("an id");
    for refused in [expired, forged, unknown] {
        match soon(landline::pair(&stand.caller_home, &refused, None)).await {
            Err(PairError::Refused(failure)) => {
                assert_eq!(
                    failure.message,
                    "The ticket is unknown, used, expired, or not proven."
                );
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(
        stand
            .caller_home
            .book()
            .read()
            .expect("it")
            .machines()
            .count(),
        0
    );
    let dialed = soon(landline::dial(&stand.caller_home, "office")).await;
    assert!(matches!(dialed.err(), Some(DialError::NotInBook { .. })));
}

#[tokio::test]
async fn a_ticket_of_another_machine_meets_the_wrong_key() {
    let stand = unpaired().await;
    let other = stand.caller();
    let ticket = ticket(&stand, other, &stand.address, HOUR);
    let paired = soon(landline::pair(&stand.caller_home, &ticket, None)).await;
    assert!(matches!(
        paired,
        Err(PairError::Dial(DialError::WrongKey { .. }))
    ));
}
