//! What a soak came to: a row for each schedule, to be kept.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

/// The figures of datagrams, as the script names them, and as they stand in a row.
const FIGURES: [(&str, &str); 6] = [
    ("read", "came to the tap"),
    ("write", "left it"),
    ("dropped", "dropped"),
    ("twice", "doubled"),
    ("reordered", "reordered"),
    ("stopped", "behind a stall"),
];

/// What came, by schedule.
#[derive(Default)]
pub(super) struct Told(BTreeMap<String, Row>);

#[derive(Clone, Copy, Default)]
struct Row {
    runs: u64,
    /// To the server, and to the client.
    bytes: [u64; 2],
    figures: [u64; FIGURES.len()],
}

impl Told {
    /// Adds one run of a schedule.
    pub(super) fn count(&mut self, schedule: String, came: &Value) {
        let row = self.0.entry(schedule).or_default();
        row.runs += 1;
        for (way, bytes) in ["to-server", "to-client"].into_iter().zip(&mut row.bytes) {
            let of_way = &came[way];
            *bytes += of_way["bytes"]
                .as_u64()
                .or(of_way.as_u64())
                .expect("a number");
            for ((name, _), figure) in FIGURES.iter().zip(&mut row.figures) {
                *figure += of_way[*name].as_u64().unwrap_or(0);
            }
        }
    }

    /// All of it in Markdown.
    pub(super) fn summary(&self, time: Duration) -> String {
        let mut lines = vec![String::new()];
        let mut all = Row::default();
        for (schedule, row) in &self.0 {
            all = all.plus(row);
            let name = match schedule.as_str() {
                "" | "by lot" => schedule.clone(),
                moves => format!("`{moves}`"),
            };
            lines.push(row.line(&name));
        }
        let figures: String = FIGURES
            .iter()
            .map(|(_, name)| format!(" {name} |"))
            .collect();
        let (head, rule) = match all.figures[0] {
            0 => (String::new(), String::new()),
            _ => (figures, "---:|".repeat(FIGURES.len())),
        };
        lines[0] = format!(
            "{} runs in {} s, nothing lost, doubled or reordered but for what the move said\n\n\
             | moves | runs | bytes to the server | bytes to the client |{head}\n\
             |---|---:|---:|---:|{rule}",
            all.runs,
            time.as_secs()
        );
        lines.push(all.line("all"));
        lines.join("\n")
    }
}

impl Row {
    fn plus(mut self, other: &Self) -> Self {
        self.runs += other.runs;
        for (sum, one) in self.bytes.iter_mut().zip(other.bytes) {
            *sum += one;
        }
        for (sum, one) in self.figures.iter_mut().zip(other.figures) {
            *sum += one;
        }
        self
    }

    fn line(&self, name: &str) -> String {
        let [up, down] = self.bytes;
        let figures = self.figures.iter().map(|figure| format!(" {figure} |"));
        let figures = figures.filter(|_| self.figures[0] > 0).collect::<String>();
        format!("| {name} | {} | {up} | {down} |{figures}", self.runs)
    }
}
