//! Lines over a number, in signs: each line has its own, and dots between its points.

use super::columns::{Row, columns, padded_left};
use crate::quantity::{number, shown_unit, with_unit};
use crate::report::Series;

/// How high the plot is, in lines.
const HEIGHT: usize = 12;

/// One sign for each line; more lines begin again.
const SIGNS: [&str; 6] = ["●", "○", "×", "+", "◆", "□"];

/// From where to where numbers run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Span {
    pub(crate) from: f64,
    pub(crate) to: f64,
}

impl Span {
    /// What holds all `values`, from zero on where none is below.
    pub(crate) fn of(values: impl Iterator<Item = f64>, from_zero: bool) -> Self {
        let first = if from_zero { 0.0 } else { f64::INFINITY };
        let (from, to) = values
            .filter(|value| value.is_finite())
            .fold((first, f64::NEG_INFINITY), |(from, to), value| {
                (from.min(value), to.max(value))
            });
        if from < to {
            return Self { from, to };
        }
        let from = if from.is_finite() { from } else { 0.0 };
        let to = from + 1.0;
        Self { from, to }
    }

    /// Where `value` falls among `count` places.
    fn place(self, value: f64, count: usize) -> usize {
        let share = (value - self.from) / (self.to - self.from);
        (share * (count - 1) as f64).round() as usize
    }
}

/// Draws the plot, the numbers at its ends, and which sign is which line.
pub(super) fn draw(across: &str, unit: &str, lines: &[Series], width: usize) -> Vec<String> {
    let points = || lines.iter().flat_map(|line| &line.points);
    let right = Span::of(points().map(|point| point.0), false);
    let up = Span::of(points().map(|point| point.1), true);
    let ends = [with_unit(up.to, unit), with_unit(up.from, unit)];
    let left = ends.iter().map(|it| columns(it)).max().unwrap_or(0) + 1;
    let inner = width.saturating_sub(left + 1).max(8);
    let mut rows: Vec<Row> = (0..HEIGHT).map(|_| Row::new(left + 1 + inner)).collect();
    for (at, row) in rows.iter_mut().enumerate() {
        row.put(left, "│");
        match at {
            0 => row.put(0, &padded_left(&ends[0], left - 1)),
            at if at == HEIGHT - 1 => row.put(0, &padded_left(&ends[1], left - 1)),
            _ => {}
        }
    }
    let mut put = |point: (f64, f64), sign: &str| {
        let row = HEIGHT - 1 - up.place(point.1, HEIGHT);
        rows[row].put(left + 1 + right.place(point.0, inner), sign);
    };
    for line in lines {
        dots(line, right, inner).for_each(|point| put(point, "·"));
    }
    for (line, sign) in lines.iter().zip(SIGNS.iter().cycle()) {
        line.points.iter().for_each(|point| put(*point, sign));
    }
    let mut drawn: Vec<String> = rows.into_iter().map(Row::line).collect();
    drawn.push(format!("{}└{}", " ".repeat(left), "─".repeat(inner)));
    drawn.push(foot(across, right, left, inner));
    drawn.extend(
        lines
            .iter()
            .zip(SIGNS.iter().cycle())
            .map(|(line, sign)| format!("{}{sign} {}", " ".repeat(left + 1), line.name)),
    );
    drawn
}

/// Points between the points of a line, one for each column.
fn dots(line: &Series, right: Span, inner: usize) -> impl Iterator<Item = (f64, f64)> {
    line.points.windows(2).flat_map(move |pair| {
        let ((x, y), (x2, y2)) = (pair[0], pair[1]);
        let steps = right.place(x2, inner).abs_diff(right.place(x, inner));
        (1..steps).map(move |step| {
            let share = step as f64 / steps as f64;
            (x + (x2 - x) * share, y + (y2 - y) * share)
        })
    })
}

/// The numbers at both ends, and between them what runs to the right.
fn foot(across: &str, right: Span, left: usize, inner: usize) -> String {
    let mut foot = Row::new(left + 1 + inner);
    let (from, to) = (number(right.from), number(right.to));
    let name = shown_unit(across);
    foot.put(left + 1, &from);
    foot.put(left + 1 + (inner.saturating_sub(columns(name))) / 2, name);
    foot.put(left + 1 + inner - to.len().min(inner), &to);
    foot.line()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_stand_where_they_belong() {
        let name = "tcp".to_owned();
        let points = vec![(0.0, 0.0), (10.0, 11.0)];
        let drawn = draw("ms", "us", &[Series { name, points }], 20);
        assert_eq!(drawn[0], "11 µs │            ●");
        assert_eq!(drawn[11], " 0 µs │●");
        assert_eq!(
            drawn[12..],
            [
                "      └─────────────",
                "       0    ms    10",
                "       ● tcp"
            ]
        );
    }

    #[test]
    fn a_span_is_never_empty() {
        let of = |values: &[f64], from_zero| Span::of(values.iter().copied(), from_zero);
        assert_eq!(of(&[], false), Span { from: 0.0, to: 1.0 });
        assert_eq!(of(&[3.0], false), Span { from: 3.0, to: 4.0 });
        assert_eq!(of(&[3.0], true), Span { from: 0.0, to: 3.0 });
    }
}
