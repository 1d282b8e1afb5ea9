//! `status HOST`: how a machine's server is, and what it does.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::secure;
use crate::cli::arguments::StatusArguments;
use crate::cli::ending::Ending;
use crate::cli::printed::{print_line, print_object};
use crate::cli::ui::{JSON_VERSION, Ui};

/// Asks, then prints a line for each fact, or one object.
pub(crate) async fn run(arguments: StatusArguments, ui: Arc<Ui>) -> Result<ExitCode, Ending> {
    let host = &arguments.host;
    let mut line = secure::dial(host).await?;
    let status = secure::soon(host, line.status()).await?;
    let (key, place) = (line.peer(), line.place().to_owned());
    line.close().await;
    if ui.json() {
        print_object(&json!({
            "v": JSON_VERSION, "event": "status", "host": host, "address": place,
            "key": key.to_string(), "software": status.software, "uptime_s": status.uptime_s,
            "peers": status.peers, "lines": status.lines, "calls": status.calls,
            "calls_total": status.calls_total,
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let uptime = humantime::format_duration(Duration::from_secs(status.uptime_s));
    let values = [
        ("host", host.clone()),
        ("address", place),
        ("identity", key.to_string()),
        ("software", status.software),
        ("uptime", uptime.to_string()),
        ("peers", status.peers.to_string()),
        ("lines", status.lines.to_string()),
        ("calls", status.calls.to_string()),
        ("total", status.calls_total.to_string()),
    ];
    print_line(ui.sentence("status", &values))?;
    Ok(ExitCode::SUCCESS)
}
