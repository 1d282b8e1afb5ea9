//! A command of landline's own, as a person can copy it into a terminal of this machine. It does not know
//! what it asks for.

use landline::trust::HOME_VARIABLE;

use super::shell_words::quoted;

/// What the program is called where it is installed.
const NAME: &str = "landline";

/// A command for this machine, as the next terminal has to have it: with the variable that names the
/// home, if one does, and with the program's path where its name alone would not find it.
pub(crate) fn here(arguments: &str) -> String {
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
