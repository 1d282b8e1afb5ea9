//! Bars to scale, with their labels and values.

use super::columns::{columns, cut, padded};
use crate::quantity;

/// A column in eighths.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// Draws one line for each bar; the longest takes the room that labels and values leave.
pub(super) fn draw(unit: &str, bars: &[(String, f64)], width: usize) -> Vec<String> {
    let labels: Vec<String> = bars
        .iter()
        .map(|(label, _)| cut(label, width / 2))
        .collect();
    let label_width = labels.iter().map(|it| columns(it)).max().unwrap_or(0);
    let value = |bar: &(String, f64)| quantity::with_unit(bar.1, unit);
    let values = bars.iter().map(|bar| columns(&value(bar)));
    let taken = label_width + values.max().unwrap_or(0) + 2;
    let room = width.saturating_sub(taken).max(4);
    let most = bars.iter().map(|bar| bar.1).fold(0.0, f64::max);
    let line = |(label, bar): (&String, &(String, f64))| {
        let drawn = drawn(bar.1, most, room);
        let gap = if drawn.is_empty() { "" } else { " " };
        format!("{} {drawn}{gap}{}", padded(label, label_width), value(bar))
    };
    labels.iter().zip(bars).map(line).collect()
}

fn drawn(value: f64, most: f64, room: usize) -> String {
    if most <= 0.0 || value <= 0.0 {
        return String::new();
    }
    let eighths = ((value / most * (room * 8) as f64).round() as usize).max(1);
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_to_scale() {
        let bars = [("tcp", 8.0), ("unix", 4.5), ("udp", 0.0)];
        let bars = bars.map(|(label, value)| (label.to_owned(), value));
        let expected = ["tcp  ████████ 8 us", "unix ████▌ 4.50 us", "udp  0 us"];
        let expected = expected.map(|line| line.replace("us", "µs"));
        assert_eq!(draw("us", &bars, 21), expected);
    }
}
