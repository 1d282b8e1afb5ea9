//! What `serve` says once it listens: who it is, what it offers, and what to type next.

use std::path::Path;

use landline::SecureServer;
use landline::trust::HOME_VARIABLE;

use crate::cli::ui::Ui;

/// What the program is called on other machines.
const NAME: &str = "landline";

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

/// A command for this machine, as the next terminal has to have it: with the variable that names the
/// home, if one does, and with the program's path where its name alone would not find it.
fn here(arguments: &str) -> String {
    let home = std::env::var(HOME_VARIABLE).ok();
    let home = home.filter(|home| !home.is_empty());
    let home = home.map(|home| format!("{HOME_VARIABLE}={} ", quoted(&home)));
    format!("{}{} {arguments}", home.unwrap_or_default(), program())
}

fn program() -> String {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut found = std::env::split_paths(&path).map(|folder| folder.join(NAME));
    let found = found.find_map(|file| file.canonicalize().ok());
    match std::env::current_exe() {
        Ok(own) if found.as_ref() != Some(&own) => quoted(&own.to_string_lossy()),
        _ => NAME.to_owned(),
    }
}

/// As a shell takes it.
fn quoted(text: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "/._-+:@".contains(letter);
    match text.chars().all(plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
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

    #[test]
    fn a_path_is_one_word_to_a_shell() {
        assert_eq!(quoted("/tmp/a-b"), "/tmp/a-b");
        assert_eq!(quoted("/tmp/a b"), "'/tmp/a b'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
