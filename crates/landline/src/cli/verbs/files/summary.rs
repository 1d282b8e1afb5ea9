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
    let bytes = bytes(report, last.as_ref().map(|(_, size)| *size));
    let mut values: Values = vec![
        ("files", report.files.to_string()),
        ("bytes", bytes.to_string()),
        ("seconds", format!("{:.2}", time.as_secs_f64())),
        ("rate", rate(bytes, time)),
        ("rest", rest(ui, report)),
    ];
    match (report.files, last, report.digest) {
        (0, _, _) if report.failed > 0 && report.same == 0 => {}
        (0, _, _) => ui.note("transfer-done-none", &values),
        (1, Some((name, size)), Some(digest)) => {
            values.push(("name", shown_bytes(name.as_bytes())));
            values.push(("size", size.to_string()));
            values.push(("digest", shown_digest(report.digest_kind, &digest)));
            match size > bytes {
                true => ui.note("transfer-done-part", &values),
                false => ui.note("transfer-done-one", &values),
            }
        }
        _ => ui.note("transfer-done", &values),
    }
}

/// How many bytes are told: where one file was placed, none of others that came beside it and were not.
fn bytes(report: &TransferReport, last: Option<u64>) -> u64 {
    match (report.files, last) {
        (1, Some(size)) => report.bytes.min(size),
        _ => report.bytes,
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

#[cfg(test)]
mod tests {
    use landline::frame::landline1::DigestKind;

    use super::*;

    #[test]
    fn of_one_file_no_bytes_of_others_are_told() {
        let mut report = TransferReport::new(DigestKind::Blake3);
        (report.files, report.bytes, report.failed) = (1, 11, 1);
        assert_eq!(bytes(&report, Some(6)), 6);
        assert_eq!(bytes(&report, Some(20)), 11, "some of it was there");
        report.files = 2;
        assert_eq!(bytes(&report, Some(6)), 11);
    }
}
