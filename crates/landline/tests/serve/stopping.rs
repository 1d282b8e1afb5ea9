//! How `serve` ends.

use rustix::process::Signal;

use crate::stand::Stand;

#[test]
fn a_signal_ends_an_idle_server_well_and_its_record_goes() {
    for signal in [Signal::TERM, Signal::INT] {
        let stand = Stand::new();
        let mut serving = stand.serve(&[]);
        stand.pair(&["echo"]);
        serving.signal(signal);
        assert_eq!(serving.end().code(), Some(0));
        let ran = stand.run("server", &["trust", "invite"], "");
        assert_eq!(ran.code, Some(2), "no server runs: {}", ran.err);
    }
}
