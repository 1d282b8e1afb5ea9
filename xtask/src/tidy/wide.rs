//! The law that a foreign dependency with a wide surface is met in one place, so that it can be
//! changed there and nowhere else.

use super::finding::Finding;
use super::tokens;
use super::tree::Tree;

/// Crates, as sources call them, and the one module that meets each: a file, or the folder of the
/// same name, or both. Those of later issues have their place already. `nix` has several rows, one
/// for each family of system calls that has no safe wrapper elsewhere: datagrams in batches, packets
/// with the interface that they came by, namespaces.
const PLACES: [(&str, &str); 20] = [
    ("async_nats", "crates/landline/src/exchange"),
    ("axum", "crates/landline/src/web"),
    ("etcetera", "crates/trust/src/home"),
    ("etherparse", "crates/lab/src/capture"),
    ("fluent_bundle", "crates/landline/src/cli/words"),
    ("indicatif", "crates/landline/src/cli/progress"),
    ("nix", "crates/lab/src/capture"),
    ("nix", "crates/lab/src/place"),
    ("nix", "crates/line/src/datagram"),
    ("pcap_file", "crates/line/src/pcapng"),
    ("plotters", "crates/lab/src/svg"),
    ("rcgen", "crates/trust/src/identity"),
    ("rusqlite", "crates/landline/src/history"),
    ("rustls", "crates/line/src/tls"),
    ("rustyline", "crates/landline/src/cli/input"),
    ("tokio_rustls", "crates/line/src/tls"),
    ("toml", "crates/landline/src/cli/config"),
    ("toml_edit", "crates/trust/src/document"),
    ("tower_http", "crates/landline/src/web"),
    ("x509_cert", "crates/trust/src/peer_id"),
];

/// Finds where a wide dependency is met outside its place. Tests may play other parts and may.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let files = tree.rust().iter();
    for file in files.filter(|file| file.path.starts_with("crates/")) {
        for path in tokens::paths(&file.tokens) {
            let rows = PLACES.iter().filter(|(name, _)| path.is_of(name));
            let places: Vec<&str> = rows.map(|(_, place)| *place).collect();
            let is_met = places.iter().any(|place| is_in(&file.path, place));
            if !places.is_empty() && !is_met && !file.is_test(path.line) {
                let (name, places) = (&path.names[0], places.join(" and "));
                let sentence = format!("`{name}` is met in {places} only (xtask/src/tidy/wide.rs)");
                findings.push(Finding::new(&file.path, path.line, sentence));
            }
        }
    }
    findings
}

/// Whether `path` is the module `place`: its file, or a file in its folder.
pub(super) fn is_in(path: &str, place: &str) -> bool {
    let rest = path.strip_prefix(place);
    rest.is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::super::finding::expect;
    use super::*;

    #[test]
    fn a_wide_dependency_in_its_place_passes() {
        let files = [
            ("crates/line/src/tls.rs", "use rustls::ServerConfig;"),
            ("crates/landline/src/web/page.rs", "use axum::Router;"),
            ("crates/line/src/tcp.rs", "fn f(nix: u8) { nix; }"),
            ("crates/line/tests/all.rs", "use nix::sys;"),
            ("crates/lab/src/place.rs", "use nix::sched;"),
            ("crates/lab/src/capture/live.rs", "use nix::sys;"),
            ("xtask/src/bench.rs", "use nix::sys;"),
        ];
        expect(check, &files, &[]);
    }

    #[test]
    fn a_wide_dependency_elsewhere_is_found() {
        let files = [
            (
                "crates/landline/src/serve.rs",
                "\nuse rustls::{ClientConfig, ServerConfig};",
            ),
            ("crates/landline/src/webpage.rs", "use axum::Router;"),
            ("crates/lab/src/report.rs", "use nix::sys;"),
        ];
        let expected = [
            "crates/lab/src/report.rs:1",
            "crates/landline/src/serve.rs:2",
            "crates/landline/src/webpage.rs:1",
        ];
        expect(check, &files, &expected);
    }
}
