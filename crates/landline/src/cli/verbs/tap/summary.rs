//! What passed in all, for a person: counts, and a picture of the sizes of reads.

use landline::tap::{Direction, Tally};

use super::shown::Passed;
use crate::cli::ui::Ui;

/// The length of the longest bar, in letters.
const BAR_MAX: u64 = 40;

/// The lines of it.
pub(super) fn text(passed: &Passed, is_decoded: bool, ui: &Ui) -> String {
    let connections = [("connections", passed.connections.to_string())];
    let mut lines = vec![ui.sentence("tap-summary", &connections)];
    let ways = [
        (Direction::ToServer, &passed.to_server),
        (Direction::ToClient, &passed.to_client),
    ];
    for (direction, tally) in ways {
        lines.push(counts(direction, tally, ui));
        if is_decoded {
            let values = [
                ("messages", tally.messages.to_string()),
                ("cut", tally.cut.to_string()),
                ("stuck", tally.stuck.to_string()),
            ];
            lines.push(ui.sentence("tap-summary-messages", &values));
        }
        if tally.lost > 0 {
            let values = [("count", tally.lost.to_string())];
            lines.push(ui.sentence("tap-summary-lost", &values));
        }
        if tally.reads > 0 {
            lines.push(ui.sentence("tap-summary-sizes", &[]));
        }
        lines.extend(bars(tally));
    }
    lines.join("\n")
}

fn counts(direction: Direction, tally: &Tally, ui: &Ui) -> String {
    let values = [
        ("direction", direction.to_string()),
        ("reads", tally.reads.to_string()),
        ("bytes", tally.read_bytes.to_string()),
        ("writes", tally.writes.to_string()),
        ("written", tally.written_bytes.to_string()),
    ];
    ui.sentence("tap-summary-direction", &values)
}

/// A bar for each class of sizes.
fn bars(tally: &Tally) -> Vec<String> {
    let histogram = tally.histogram();
    let longest = histogram.iter().map(|row| row.2).max().unwrap_or(1);
    histogram
        .into_iter()
        .map(|(least, most, reads)| {
            let sizes = match most {
                Some(most) if most == least => least.to_string(),
                Some(most) => format!("{least}-{most}"),
                None => format!("{least}+"),
            };
            let bar = "#".repeat((reads * BAR_MAX).div_ceil(longest.max(1)) as usize);
            format!("{sizes:>15} {bar} {reads}").trim_end().to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_what_they_count() {
        let mut tally = Tally::default();
        (0..4).for_each(|_| tally.count_read(5, None));
        tally.count_read(1, None);
        let bars = bars(&tally);
        assert_eq!(bars[0], format!("{:>15} {} 1", 1, "#".repeat(10)));
        assert_eq!(bars[1], format!("{:>15}  0", "2-3"));
        assert_eq!(bars[2], format!("{:>15} {} 4", "4-7", "#".repeat(40)));
    }
}
