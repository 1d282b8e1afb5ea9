//! A network whose link is cut, under calls that run programs.

use std::time::{Duration, Instant};

use crate::stand::{
    Network, OFFICE, Process, SERVER, Serving, Stand, long, network_is_possible as is_possible,
    sentence, soon, until,
};

impl Network {
    /// A server on it that the caller knows.
    fn serve(&self, stand: &Stand) -> Serving {
        let at = format!("{SERVER}:0");
        let words = ["serve", "-vv", "--allow-exec", "--listen", &at];
        let serving = Serving::start(self.server.within(&stand.landline("server", &words)));
        stand.join(&serving, &["exec", "echo"]);
        serving
    }

    /// The caller's landline on it.
    fn call(&self, stand: &Stand, words: &[&str]) -> Process {
        Process::start(self.client.within(&stand.landline("caller", words)))
    }
}

#[tokio::test]
async fn a_link_that_comes_back_in_time_costs_no_byte() {
    if !is_possible() {
        return;
    }
    let stand = Stand::new();
    let network = Network::new();
    let serving = network.serve(&stand);
    let script = "echo ready; sleep 0.3; yes | head -c 4000000; cat; echo end";
    let words = ["exec", OFFICE, "--", "sh", "-c", script];
    let mut running = network.call(&stand, &words);
    running.shows("ready");
    // The program starts to write into a link that is not there.
    network.cut();
    until(|| (serving.children().len() == 1).then_some(())).await;
    // sleeps: a link that is gone for so long
    tokio::time::sleep(Duration::from_millis(800)).await;
    network.heal();
    running.type_in("typed\n");
    let ended = soon(async { tokio::task::spawn_blocking(|| running.finish()).await }).await;
    let ended = ended.expect("it ends");
    assert_eq!((ended.code, &ended.err[..]), (0, ""));
    let expected = [&b"ready\n"[..], &b"y\n".repeat(2_000_000), b"typed\nend\n"].concat();
    assert!(ended.out == expected, "{} bytes came", ended.out.len());
    soon(serving.without_children()).await;
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_told() {
    if !is_possible() {
        return;
    }
    let stand = Stand::new();
    let network = Network::new();
    let _serving = network.serve(&stand);
    // What the router knows to be nowhere it says, unlike what it drops.
    network.router.run("ip route add unreachable 10.99.3.0/24");
    stand.know("other", stand.key("server"), "10.99.3.1:5263");
    let words = stand.landline("other", &["ping", OFFICE]);
    let ended = Process::start(network.client.within(&words)).finish();
    assert_eq!((ended.code, &ended.out[..]), (255, &b""[..]));
    sentence(&ended.err);
}

/// When a dead line is noticed at the latest: an idle one is asked after 15 s and given up 30 s later,
/// and a machine may be busy.
const NOTICED_MAX: Duration = Duration::from_secs(75);

/// A link that is cut for good, under a call that is silent, one that floods, and one that waits for
/// input. It takes the kernel 30 to 45 s to know.
#[tokio::test]
async fn a_link_that_stays_cut_ends_the_line_at_both_ends() {
    if !is_possible() || !long() {
        return;
    }
    let stand = Stand::new();
    let network = Network::new();
    let serving = network.serve(&stand);
    let programs = [
        "echo ready; sleep 1000",
        "echo ready; yes",
        "echo ready; cat",
    ];
    let mut calls = Vec::new();
    for program in programs {
        let words = ["exec", OFFICE, "--", "sh", "-c", program];
        let call = network.call(&stand, &words);
        call.shows("ready");
        calls.push(call);
    }
    network.cut();
    let cut = Instant::now();
    for (call, program) in calls.into_iter().zip(programs) {
        let limit = NOTICED_MAX.saturating_sub(cut.elapsed());
        assert!(call.ends_within(limit), "{program}");
        let ended = call.finish();
        assert_eq!(ended.code, 255, "{program}");
        sentence(&ended.err);
    }
    soon(serving.without_children()).await;
    assert!(cut.elapsed() < NOTICED_MAX, "{:?}", cut.elapsed());
    network.heal();
    let pinged = network
        .call(&stand, &["ping", OFFICE, "--count", "1"])
        .finish();
    assert_eq!(pinged.code, 0, "{}", pinged.err);
}
