//! What came out: the figures of each entrant, and whether the bars hold. It knows neither how
//! they were measured nor how they are shown.

use serde_json::Value;

use super::plan::{Bar, Check};
use super::stats::Spread;

/// One figure of one round.
pub(super) struct Sample {
    pub(super) round: usize,
    pub(super) value: f64,
    pub(super) detail: Value,
}

/// What one entrant did in one cell.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) samples: Vec<Sample>,
    /// What went wrong, by round.
    pub(super) troubles: Vec<String>,
}

impl Row {
    pub(super) fn spread(&self) -> Option<Spread> {
        let values: Vec<f64> = self.samples.iter().map(|sample| sample.value).collect();
        Spread::of(&values)
    }

    /// The median of one key of the detail.
    pub(super) fn median_of(&self, key: &str) -> Option<f64> {
        let values: Vec<f64> = self
            .samples
            .iter()
            .filter_map(|sample| sample.detail[key].as_f64())
            .collect();
        Some(Spread::of(&values)?.median)
    }

    fn value_in(&self, round: usize) -> Option<f64> {
        Some(
            self.samples
                .iter()
                .find(|sample| sample.round == round)?
                .value,
        )
    }
}

/// What one cell gave.
pub(super) struct Table {
    pub(super) name: String,
    pub(super) unit: &'static str,
    pub(super) rows: Vec<Row>,
}

impl Table {
    fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }
}

/// A bar and what it was held against.
pub(super) struct Verdict {
    /// The bar, in words.
    pub(super) says: String,
    /// The figure, and for a ratio its least and most over the rounds; none if it was not measured.
    pub(super) figure: Option<Spread>,
    pub(super) reached: Option<bool>,
}

/// Holds one bar against the tables; none if its cell is not among them.
pub(super) fn judge(bar: &Bar, tables: &[Table]) -> Option<Verdict> {
    let table = tables.iter().find(|table| table.name == bar.cell)?;
    Some(match &bar.check {
        Check::AtLeast(factor, ours, theirs) => {
            let best = best(table, theirs, |a, b| a > b);
            let figure = ratio(table, ours, best);
            let against = best.map_or_else(|| theirs.join(" and "), |row| row.name.to_owned());
            let says = format!("{}: {ours} >= {factor} x {against}", bar.cell);
            Verdict {
                says,
                figure,
                reached: figure.map(|it| it.median >= *factor),
            }
        }
        Check::AtMost(factor, ours, theirs) => {
            let best = best(table, theirs, |a, b| a < b);
            let figure = ratio(table, ours, best);
            let against = best.map_or_else(|| theirs.join(" and "), |row| row.name.to_owned());
            let says = format!("{}: {ours} <= {factor} x {against}", bar.cell);
            Verdict {
                says,
                figure,
                reached: figure.map(|it| it.median <= *factor),
            }
        }
        Check::Below(most, ours) => {
            let figure = table.row(ours).and_then(Row::spread);
            let says = format!("{}: {ours} < {most} {}", bar.cell, table.unit);
            Verdict {
                says,
                figure,
                reached: figure.map(|it| it.median < *most),
            }
        }
        Check::Nothing(ours, keys) => nothing(table, bar, ours, keys),
    })
}

/// The row with the best median among these.
fn best<'t>(table: &'t Table, names: &[&str], better: fn(f64, f64) -> bool) -> Option<&'t Row> {
    let mut found: Option<(&Row, f64)> = None;
    for row in names.iter().filter_map(|name| table.row(name)) {
        let Some(Spread { median, .. }) = row.spread() else {
            continue;
        };
        if found.is_none_or(|(_, so_far)| better(median, so_far)) {
            found = Some((row, median));
        }
    }
    found.map(|(row, _)| row)
}

/// The ratio of the medians; its spread is that of the ratios within each round.
fn ratio(table: &Table, ours: &str, theirs: Option<&Row>) -> Option<Spread> {
    let (ours, theirs) = (table.row(ours)?, theirs?);
    let pairs: Vec<f64> = ours
        .samples
        .iter()
        .filter_map(|sample| Some(sample.value / theirs.value_in(sample.round)?))
        .collect();
    let median = ours.spread()?.median / theirs.spread()?.median;
    Some(Spread {
        median,
        ..Spread::of(&pairs)?
    })
}

/// The figure is the sum of the keys, one for each sample of each entrant.
fn nothing(table: &Table, bar: &Bar, ours: &[&str], keys: &[&str]) -> Verdict {
    let sum = |sample: &Sample| {
        keys.iter()
            .filter_map(|key| sample.detail[key].as_f64())
            .sum()
    };
    let rows = ours.iter().filter_map(|name| table.row(name));
    let values: Vec<f64> = rows.flat_map(|row| row.samples.iter().map(sum)).collect();
    let figure = Spread::of(&values);
    let says = format!(
        "{}: {}, {} = 0",
        bar.cell,
        ours.join(" and "),
        keys.join(" + ")
    );
    Verdict {
        says,
        figure,
        reached: figure.map(|it| it.most == 0.0),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;

    /// A table with two entrants over three rounds; `theirs` drifts with `ours`.
    pub(in crate::bench) fn table() -> Table {
        let row = |name, values: [f64; 3], lost: u64| Row {
            name,
            samples: values
                .iter()
                .enumerate()
                .map(|(round, &value)| Sample {
                    round,
                    value,
                    detail: json!({ "lost": lost, "p50_us": value }),
                })
                .collect(),
            troubles: Vec::new(),
        };
        let rows = vec![
            row("ours", [100.0, 200.0, 300.0], 0),
            row("theirs", [50.0, 100.0, 200.0], 1),
            row("slow", [1.0, 1.0, 1.0], 0),
        ];
        Table {
            name: "cell".into(),
            unit: "messages/s",
            rows,
        }
    }

    fn check(check: Check, figure: (f64, f64, f64), reached: bool) {
        let bar = Bar {
            cell: "cell".into(),
            check,
        };
        let verdict = judge(&bar, &[table()]).expect("the cell is there");
        let found = verdict.figure.expect("it was measured");
        assert_eq!(
            (found.median, found.least, found.most),
            figure,
            "{}",
            verdict.says
        );
        assert_eq!(verdict.reached, Some(reached), "{}", verdict.says);
    }

    #[test]
    fn a_ratio_is_of_medians_and_spreads_over_rounds() {
        check(
            Check::AtLeast(2.0, "ours", vec!["theirs"]),
            (2.0, 1.5, 2.0),
            true,
        );
        check(
            Check::AtLeast(2.1, "ours", vec!["theirs"]),
            (2.0, 1.5, 2.0),
            false,
        );
        check(
            Check::AtMost(2.0, "ours", vec!["theirs"]),
            (2.0, 1.5, 2.0),
            true,
        );
        check(
            Check::AtMost(1.9, "ours", vec!["theirs"]),
            (2.0, 1.5, 2.0),
            false,
        );
    }

    #[test]
    fn of_several_others_the_best_counts() {
        check(
            Check::AtLeast(2.0, "ours", vec!["slow", "theirs"]),
            (2.0, 1.5, 2.0),
            true,
        );
        check(
            Check::AtMost(300.0, "ours", vec!["theirs", "slow"]),
            (200.0, 100.0, 300.0),
            true,
        );
    }

    #[test]
    fn one_loss_in_any_round_misses() {
        check(
            Check::Nothing(vec!["ours", "slow"], vec!["lost", "bad"]),
            (0.0, 0.0, 0.0),
            true,
        );
        check(
            Check::Nothing(vec!["ours", "theirs"], vec!["lost"]),
            (0.5, 0.0, 1.0),
            false,
        );
        check(Check::Below(200.5, "ours"), (200.0, 100.0, 300.0), true);
        check(Check::Below(200.0, "ours"), (200.0, 100.0, 300.0), false);
    }

    #[test]
    fn what_was_not_measured_is_neither_reached_nor_missed() {
        let bar = Bar {
            cell: "cell".into(),
            check: Check::AtLeast(1.0, "nobody", vec!["theirs"]),
        };
        let verdict = judge(&bar, &[table()]).expect("the cell is there");
        assert!(verdict.figure.is_none() && verdict.reached.is_none());
        let elsewhere = Bar {
            cell: "other".into(),
            check: Check::Below(1.0, "ours"),
        };
        assert!(judge(&elsewhere, &[table()]).is_none());
    }
}
