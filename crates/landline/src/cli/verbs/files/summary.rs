//! What a transfer came to, in one line for people. It does not know how it went.

use std::time::Duration;

use landline::TransferReport;
use landline::frame::landline1::Name;

use super::watch::shown_digest;
use crate::cli::escape::shown_bytes;
use crate::cli::progress::rate;
use crate::cli::ui::Ui;
use crate::cli::words::Values;

/// Says it, unless there is nothing but failures, which have been said. `last` is the file that was
/// placed last, and its size.
pub(super) fn say(ui: &Ui, report: &TransferReport, last: Option<(Name, u64)>, time: Duration) {
    let mut values: Values = vec![
        ("files", report.files.to_string()),
        ("bytes", report.bytes.to_string()),
        ("seconds", format!("{:.2}", time.as_secs_f64())),
        ("rate", rate(report.bytes, time)),
        ("rest", rest(ui, report)),
    ];
    match (report.files, last, report.digest) {
        (0, _, _) if report.failed > 0 && report.same == 0 => {}
        (0, _, _) => ui.note("transfer-done-none", &values),
        (1, Some((name, size)), Some(digest)) => {
            values.push(("name", shown_bytes(name.as_bytes())));
            values.push(("size", size.to_string()));
            values.push(("digest", shown_digest(report.digest_kind, &digest)));
            match size == report.bytes {
                true => ui.note("transfer-done-one", &values),
                false => ui.note("transfer-done-part", &values),
            }
        }
        _ => ui.note("transfer-done", &values),
    }
}

/// What else there is to count, each with what divides it from what stands before.
fn rest(ui: &Ui, report: &TransferReport) -> String {
    let counts = [
        (report.same, "transfer-rest-same"),
        (report.passed_over, "transfer-rest-passed-over"),
        (report.failed, "transfer-rest-failed"),
    ];
    let there = counts.into_iter().filter(|(count, _)| *count > 0);
    there
        .map(|(count, key)| ui.sentence(key, &[("count", count.to_string())]))
        .collect()
}
