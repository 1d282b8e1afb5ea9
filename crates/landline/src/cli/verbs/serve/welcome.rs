//! What `serve` says once it listens: who it is, what it offers, and what to type next.

use landline::SecureServer;
use landline::trust::HOME_VARIABLE;

use crate::cli::ui::Ui;

/// Says it, to people.
pub(super) fn say(ui: &Ui, server: &SecureServer) {
    let key = server.peer_id();
    let offered = server.offered();
    ui.note(
        "serve-identity",
        &[("words", key.words()), ("key", key.to_string())],
    );
    ui.note("serve-offers", &[("services", offered.join(", "))]);
    let exec = offered.iter().any(|name| name == "exec");
    let (invite, first) = match exec {
        true => (
            "landline trust invite --grant echo --grant exec",
            "exec NAME -- uname -a",
        ),
        false => ("landline trust invite", "ping NAME"),
    };
    ui.note("serve-here", &[("command", here(invite))]);
    ui.note("serve-there", &[("command", "landline pair".to_owned())]);
    ui.note("serve-then", &[("command", format!("landline {first}"))]);
    if !exec {
        ui.note("serve-no-exec", &[]);
    }
}

/// A command for this machine: where a variable names the home, the next terminal has to know it.
fn here(command: &str) -> String {
    let home = std::env::var(HOME_VARIABLE).ok();
    let home = home.filter(|home| !home.is_empty());
    home.map_or_else(
        || command.to_owned(),
        |home| format!("{HOME_VARIABLE}={} {command}", quoted(&home)),
    )
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
    fn a_path_is_one_word_to_a_shell() {
        assert_eq!(quoted("/tmp/a-b"), "/tmp/a-b");
        assert_eq!(quoted("/tmp/a b"), "'/tmp/a b'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
