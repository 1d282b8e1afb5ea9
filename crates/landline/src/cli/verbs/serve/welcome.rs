//! What `serve` says once it listens: who it is, what it offers, and what to type next.

use std::path::Path;

use landline::SecureServer;

use crate::cli::own_command::here;
use crate::cli::shell_words::quoted;
use crate::cli::ui::Ui;

/// Says it, to people; `folder` is what is offered of files.
pub(super) fn say(ui: &Ui, server: &SecureServer, folder: &Path) {
    let key = server.peer_id();
    let offered = server.offered();
    let offers = |service: &str| offered.iter().any(|name| name == service);
    let (exec, files) = (offers("exec"), offers("files"));
    let folder = folder.to_string_lossy().into_owned();
    ui.note(
        "serve-identity",
        &[("words", key.words()), ("identity", key.to_string())],
    );
    let services = [("services", offered.join(", ")), ("folder", folder.clone())];
    match files {
        true => ui.note("serve-offers-files", &services),
        false => ui.note("serve-offers", &services),
    }
    let command = |command: String| [("command", command)];
    ui.note("serve-here", &command(here(&invite(exec, files, &folder))));
    ui.note("serve-there", &command("landline pair".to_owned()));
    for first in first(exec, files) {
        ui.note("serve-then", &command(format!("landline {first}")));
    }
    if !exec {
        ui.note("serve-no-exec", &[]);
    }
}

/// The words that let a machine in. By default it may read what is served.
fn invite(exec: bool, files: bool, folder: &str) -> String {
    let mut words = "trust invite".to_owned();
    if exec {
        words += " --grant echo --grant exec";
    }
    if exec && files {
        words += &format!(" --grant {}", quoted(&format!("files:ro:{folder}")));
    }
    words
}

/// What to type first on a machine that was let in.
fn first(exec: bool, files: bool) -> Vec<&'static str> {
    let mut first = Vec::new();
    if exec {
        first.push("exec NAME -- uname -a");
    }
    if files {
        first.extend(["ls NAME", "get NAME FILE"]);
    }
    if first.is_empty() {
        first.push("ping NAME");
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_offered_is_what_there_is_to_type() {
        assert_eq!(invite(false, true, "/srv"), "trust invite");
        let all = "trust invite --grant echo --grant exec --grant 'files:ro:/my files'";
        assert_eq!(invite(true, true, "/my files"), all);
        assert_eq!(first(true, false), ["exec NAME -- uname -a"]);
        assert_eq!(first(false, true), ["ls NAME", "get NAME FILE"]);
        assert_eq!(first(false, false), ["ping NAME"]);
    }
}
