//! A right that is taken away in the middle of a transfer, and files that two peers bring under one
//! name: what runs ends soon, and nobody sees what is another's.

use std::sync::Arc;
use std::time::{Duration, Instant};

use landline::frame::landline1::Kind;
use landline::trust::{Capability, TrustError};
use serde_json::json;

use super::fake::{Followed, Step, follow, say};
use super::ground::{Ground, groups_kept};
use super::words::{entry, file, get, put, want};
use crate::stand::{Line, Serving, soon};

/// The server looks at its grants a few times a second; the rest is the machine's.
const ENDS_MAX: Duration = Duration::from_secs(3);

/// A large put in the middle, of which one group is kept.
async fn bringing(ground: &Ground, serving: &Serving) -> Line {
    let mut line = ground.line("caller", serving).await;
    line.send(&put("", false)).await;
    let large = entry(
        "large",
        "file",
        &json!({"size": 100 << 20, "source": "one"}),
    );
    let journals = ground.path("server/journals");
    let steps = [
        Step::Hear(Kind::Reply),
        say([large]),
        Step::Hear(Kind::Have),
        Step::Send(vec![7; 1 << 20]),
        Step::Until(Arc::new(move || groups_kept(&journals) == 1)),
    ];
    let followed = soon(follow(&mut line, 0, &steps)).await;
    assert_eq!(followed, Followed::Through);
    line
}

/// A large get in the middle, which waits for credit.
async fn fetching(ground: &Ground, serving: &Serving) -> Line {
    let mut line = ground.line("caller", serving).await;
    line.send(&get(&["large-there"], 4096)).await;
    line.expect(Kind::Reply).await;
    line.expect(Kind::Entry).await;
    line.send(&want(0)).await;
    let (kind, bytes) = line.frame().await.expect("it sends");
    assert_eq!((kind, bytes.len()), (Kind::Data.number(), 4096));
    line
}

#[tokio::test]
async fn what_runs_ends_soon_once_its_right_is_taken() {
    for is_revoked in [true, false] {
        let ground = Ground::new();
        ground.write("here/large-there", vec![7; 3 << 20]);
        let serving = ground.serve("rw");
        let files = serving.open_files();
        let mut lines = [
            bringing(&ground, &serving).await,
            fetching(&ground, &serving).await,
        ];
        let other = format!("files:rw:{}", ground.path("outside").display());
        let taken = Instant::now();
        let caller = ground.stand.key("caller");
        let taken_away = ground.stand.home("server").grants().change(|grants| {
            grants.revoke(&caller);
            if !is_revoked {
                // Known still, and for another folder.
                grants.grant(caller, &"caller".parse()?, [other.parse::<Capability>()?]);
            }
            Ok::<_, TrustError>(())
        });
        taken_away.expect("the grants can be changed");
        for line in &mut lines {
            let code = soon(line.error()).await;
            assert_eq!(code.as_deref(), Some("unknown-peer"), "{is_revoked}");
            assert!(soon(line.frame()).await.is_none());
        }
        assert!(taken.elapsed() < ENDS_MAX, "{:?}", taken.elapsed());
        drop(lines);
        crate::stand::until(|| (serving.open_files() <= files).then_some(())).await;
        assert!(!ground.path("here/large").exists());
    }
}

/// The very same file as far as its sender says, of another peer: it is wanted from its first byte.
#[tokio::test]
async fn a_part_is_for_its_own_peer_alone() {
    let ground = Ground::new();
    let serving = ground.serve("rw");
    let right = format!("files:rw:{}", ground.path("here").display());
    let rights = ["echo", &right];
    ground
        .stand
        .grant("other", ground.stand.key("other"), &rights);
    let files = serving.open_files();
    soon(bringing(&ground, &serving).await.close()).await;
    crate::stand::until(|| (serving.open_files() <= files).then_some(())).await;
    let large = |name: &str| entry(name, "file", &json!({"size": 100 << 20, "source": "one"}));
    for (who, groups) in [("other", None), ("caller", Some(1))] {
        let mut line = ground.line(who, &serving).await;
        line.send(&put("", false)).await;
        line.expect(Kind::Reply).await;
        line.send(&large("large")).await;
        let have = line.expect(Kind::Have).await;
        assert_eq!(have["groups"].as_u64(), groups, "{who}: {have}");
        assert!(have["code"].is_null(), "{who}: {have}");
    }
    let parts = super::ground::below(&ground.path("here"));
    let part = parts.iter().find_map(|(path, _)| {
        let name = path.to_str().filter(|name| name.ends_with(".part"))?;
        Some(name.to_owned())
    });
    // Nor does it get the part by its own name.
    let part = part.expect("there is one");
    let mut line = ground.line("other", &serving).await;
    line.send(&put("", false)).await;
    line.expect(Kind::Reply).await;
    line.send(&file(&part, 5)).await;
    assert_eq!(line.expect(Kind::Have).await["code"], "exists", "{part}");
}
