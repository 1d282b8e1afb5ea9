//! `id`: who this machine is to others. Its key is made if there is none yet.

use std::process::ExitCode;

use landline::trust::Home;
use serde_json::json;

use crate::cli::arguments::IdArguments;
use crate::cli::ending::Ending;
use crate::cli::printed::{print_line, print_object};
use crate::cli::trust_ending::trust_ending;
use crate::cli::ui::{JSON_VERSION, Ui};

/// Prints the words and the digits, after the files that were asked for are written.
pub(crate) fn run(arguments: &IdArguments, ui: &Ui) -> Result<ExitCode, Ending> {
    let home = Home::from_environment().map_err(trust_ending)?;
    let identity = home.identity().map_err(trust_ending)?;
    let peer = identity.peer_id();
    let mut object = json!({
        "v": JSON_VERSION,
        "event": "identity",
        "words": peer.words(),
        "key": peer.to_string(),
    });
    if let Some(folder) = &arguments.export {
        let files = identity.export(folder).map_err(trust_ending)?;
        let [key, certificate] = files.map(|path| path.display().to_string());
        object["exported"] = json!({"key": key, "certificate": certificate});
        ui.note(
            "id-exported",
            &[("key_file", key), ("certificate", certificate)],
        );
    }
    match ui.json() {
        true => print_object(&object)?,
        false => print_line(format_args!("{}\n{peer}", peer.words()))?,
    }
    Ok(ExitCode::SUCCESS)
}
