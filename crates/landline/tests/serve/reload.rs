//! What changes while `serve` runs: SIGHUP and the config file, and the log.

use std::fs;

use rustix::process::Signal;
use serde_json::Value;

use crate::stand::{Serving, Stand};

fn configured(stand: &Stand, text: &str) {
    fs::write(stand.path().join("serve.toml"), text).expect("a place for files");
}

#[test]
fn a_reload_takes_the_config_file_anew_and_a_bad_one_changes_nothing() {
    let stand = Stand::new();
    configured(&stand, "[serve]\nlisten = [\"127.0.0.1:0\"]\n");
    let words = ["serve", "--config", "serve.toml"];
    let mut serving = Serving::start(stand.landline("server", &words));
    assert!(serving.says("offers").contains("echo, files, status"));
    configured(
        &stand,
        "[serve]\nlisten = [\"127.0.0.1:0\"]\nallow-exec = true\n",
    );
    serving.signal(Signal::HUP);
    assert!(
        serving
            .says("read again")
            .contains("echo, exec, files, status")
    );
    configured(&stand, "[serve]\nallow-everything = true\n");
    serving.signal(Signal::HUP);
    let refused = serving.says("allow-everything");
    assert!(refused.contains("serve.toml"), "{refused}");
    stand.pair(&["exec"]);
    stand.well("caller", &["status", "office"], "");
}

/// What was typed and what the variables said is all there is.
#[test]
fn a_reload_without_a_config_file_changes_nothing() {
    let stand = Stand::new();
    let mut serve = stand.landline("server", &["serve", "--listen", "127.0.0.1:0"]);
    serve.env("LANDLINE_ALLOW_EXEC", "1");
    let mut serving = Serving::start(serve);
    serving.signal(Signal::HUP);
    let again = serving.says("read again");
    assert!(again.contains("echo, exec, files, status"), "{again}");
}

#[test]
fn the_log_tells_of_calls_in_text_or_json_and_escapes_what_peers_say() {
    let stand = Stand::new();
    let mut serving = stand.serve(&["-v"]);
    stand.pair(&["echo"]);
    stand.well("caller", &["status", "office"], "");
    let line = serving.says("service=status");
    assert!(line.contains(" info call peer="), "{line}");
    drop(serving);
    let mut serving = stand.serve(&["-v", "--json"]);
    stand.pair(&["echo"]);
    let line = serving.says("paired");
    let logged: Value = serde_json::from_str(&line).expect("an object");
    assert_eq!((&logged["v"], &logged["event"]), (&1.into(), &"log".into()));
    assert_eq!(logged["level"], "info");
}
