//! Certificates that hide another key's bytes: who somebody is, is the key that was proven, wherever
//! else a key seems to stand.

use landline::line::Credentials;
use landline::trust::Identity;
use serde_json::json;

use crate::stand::{
    Certificate, Heard, Line, OFFICE, Opponent, Recorder, Stand, call, credentials, soon, spki,
    until,
};

/// Certificates of `own` that hold the key of `victim` in every place that a search, or a walk that
/// slips, might take for the key's.
fn disguises(own: &Identity, victim: &Identity) -> Vec<(&'static str, Certificate)> {
    let hidden = spki(victim);
    let plain = || Certificate::of(own);
    vec![
        (
            "subject",
            Certificate {
                subject: Certificate::name(&hidden),
                ..plain()
            },
        ),
        (
            "issuer",
            Certificate {
                issuer: Certificate::name(&hidden.repeat(8)),
                ..plain()
            },
        ),
        (
            "as the subject itself",
            Certificate {
                subject: hidden.clone(),
                ..plain()
            },
        ),
        (
            "as the issuer itself",
            Certificate {
                issuer: hidden.clone(),
                ..plain()
            },
        ),
        (
            "extension",
            Certificate {
                after_key: Certificate::extension(&hidden),
                ..plain()
            },
        ),
        (
            "a whole certificate in an extension",
            Certificate {
                after_key: Certificate::extension(victim.certificate_der()),
                ..plain()
            },
        ),
    ]
}

/// Certificates that have a key too many: nobody may take them at all.
fn ambiguous(own: &Identity, victim: &Identity) -> Vec<(&'static str, Certificate)> {
    let hidden = spki(victim);
    let plain = || Certificate::of(own);
    vec![
        (
            "a key before the key",
            Certificate {
                before_key: hidden.clone(),
                ..plain()
            },
        ),
        (
            "a key behind the key",
            Certificate {
                after_key: hidden.clone(),
                ..plain()
            },
        ),
        (
            "a certificate behind the certificate",
            Certificate {
                behind: victim.certificate_der().to_vec(),
                ..plain()
            },
        ),
        (
            "bytes behind the certificate",
            Certificate {
                behind: hidden,
                ..plain()
            },
        ),
    ]
}

#[tokio::test]
async fn a_key_hidden_in_a_clients_certificate_opens_nothing() {
    let stand = Stand::new();
    let serving = stand.serve(&["--allow-exec"]);
    stand.join(&serving, &["exec", "echo"]);
    let (own, victim) = (Identity::make(), stand.identity("caller"));
    let exec = call(&json!({"service": "exec", "args": 1, "window": 0}));
    for (number, (place, certificate)) in disguises(&own, &victim).into_iter().enumerate() {
        let opponent = Opponent::showing(&certificate.shown_by(&own));
        let (mut line, greeting) = soon(opponent.greet(&serving.address)).await;
        assert_eq!(greeting["known"], false, "{place}");
        line.send(&exec).await;
        assert_eq!(
            soon(line.error()).await.as_deref(),
            Some("unknown-peer"),
            "{place}"
        );
        soon(line.close()).await;
        // The log names the key that was proven.
        let proven = own.peer_id().to_string();
        until(|| (serving.logged(&proven).len() > number).then_some(())).await;
    }
    assert!(serving.logged("line opened").is_empty());
    // The victim's own key is known in whatever certificate.
    let odd = Certificate {
        subject: Certificate::name(&spki(&own)),
        ..Certificate::of(&victim)
    };
    let opponent = Opponent::showing(&odd.shown_by(&victim));
    assert_eq!(
        soon(opponent.greet(&serving.address)).await.1["known"],
        true
    );
}

#[tokio::test]
async fn a_certificate_with_a_key_too_many_is_taken_by_nobody() {
    let stand = Stand::new();
    let serving = stand.serve(&[]);
    let (own, victim) = (Identity::make(), stand.identity("caller"));
    stand.join(&serving, &["echo"]);
    for (place, certificate) in ambiguous(&own, &victim) {
        // Our own end refuses to show it; so a server's judge is asked as a client's would be.
        let shown = certificate.shown_by(&own);
        assert!(landline::line::Dialer::new(&shown).is_err(), "{place}");
        assert!(landline::line::Acceptor::new(&shown).is_err(), "{place}");
    }
    stand.check_served().await;
}

#[tokio::test]
async fn a_key_hidden_in_a_servers_certificate_is_not_the_servers() {
    let stand = Stand::new();
    let (own, victim) = (Identity::make(), stand.identity("server"));
    for (place, certificate) in disguises(&own, &victim) {
        let heard = Heard::default();
        let kept = heard.clone();
        let shown: Credentials = certificate.shown_by(&own);
        let fake = Recorder::secure(&shown, move |stream| {
            let kept = kept.clone();
            async move { kept.add(&Line(stream).rest().await) }
        });
        stand.know("caller", victim.peer_id(), &fake.address);
        let said = soon(stand.fails("caller", &["ping", &fake.address], "")).await;
        assert!(said.contains("another machine"), "{place}: {said}");
        assert_eq!(heard.all(), b"", "{place}");
    }
    // And a fake that shows the victim's very certificate cannot sign for it.
    let stolen = Credentials {
        certificate_der: victim.certificate_der().to_vec(),
        key_der: credentials(&own).key_der,
    };
    assert!(landline::line::Acceptor::new(&stolen).is_err());
    assert!(
        stand
            .home("caller")
            .book()
            .read()
            .expect("it")
            .find(OFFICE)
            .is_some()
    );
}
