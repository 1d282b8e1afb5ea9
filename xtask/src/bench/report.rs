//! A run as text for people: a table for each cell, then the bars. It knows no file and no clock.

use std::fmt::Write as _;

use super::outcome::{Row, Table, Verdict};

/// What stands above the tables.
pub(super) struct Heading<'a> {
    pub(super) title: String,
    /// Lines about the machine, the network, the versions.
    pub(super) facts: &'a [String],
    /// Entrants that are not on this machine.
    pub(super) missing: &'a [String],
}

/// The whole report, as Markdown.
pub(super) fn render(heading: &Heading<'_>, tables: &[Table], verdicts: &[Verdict]) -> String {
    let mut text = format!("# {}\n\n", heading.title);
    for fact in heading.facts {
        let _ = writeln!(text, "- {fact}");
    }
    for missing in heading.missing {
        let _ = writeln!(text, "- missing, so not measured: {missing}");
    }
    for table in tables {
        let _ = writeln!(text, "\n## {} ({})\n", table.name, table.unit);
        text.push_str(&grid(&rows_of(table)));
        for row in &table.rows {
            for trouble in &row.troubles {
                let _ = writeln!(text, "\n{}: {trouble}", row.name);
            }
        }
    }
    if !verdicts.is_empty() {
        text.push_str("\n## Bars\n\n");
        text.push_str(&grid(&bars_of(verdicts)));
    }
    text
}

/// A figure with three digits that count.
pub(super) fn figure(value: f64) -> String {
    let (scaled, unit) = match value.abs() {
        size if size >= 999_500.0 => (value / 1e6, "M"),
        size if size >= 9_995.0 => (value / 1e3, "k"),
        _ => (value, ""),
    };
    match scaled.abs() {
        size if size >= 99.95 => format!("{scaled:.0}{unit}"),
        size if size >= 9.995 => format!("{scaled:.1}{unit}"),
        size if size < 1e-9 => "0".to_owned(),
        size if size < 0.9995 => format!("{scaled:.3}{unit}"),
        _ => format!("{scaled:.2}{unit}"),
    }
}

fn rows_of(table: &Table) -> Vec<Vec<String>> {
    let head = [
        "",
        "median",
        "min",
        "max",
        "rounds",
        "p50 us",
        "p99 us",
        "server us",
        "lost",
        "others",
    ];
    let mut lines = vec![head.map(String::from).to_vec()];
    for row in &table.rows {
        let mut line = vec![row.name.to_owned()];
        match row.spread() {
            Some(it) => {
                line.extend([it.median, it.least, it.most].map(figure));
                line.push(it.count.to_string());
            }
            None => line.extend(["-"; 4].map(String::from)),
        }
        for key in ["p50_us", "p99_us", "server_us", "lost", "others"] {
            line.push(row.median_of(key).map_or_else(String::new, figure));
        }
        lines.push(line);
    }
    drop_empty_columns(lines)
}

/// Columns that no row has anything in say nothing.
fn drop_empty_columns(lines: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let width = lines.first().map_or(0, Vec::len);
    let kept: Vec<bool> = (0..width)
        .map(|column| column < 5 || lines.iter().skip(1).any(|line| !line[column].is_empty()))
        .collect();
    let keep = |line: Vec<String>| {
        line.into_iter()
            .zip(&kept)
            .filter_map(|(word, keep)| keep.then_some(word))
            .collect()
    };
    lines.into_iter().map(keep).collect()
}

fn bars_of(verdicts: &[Verdict]) -> Vec<Vec<String>> {
    let head = ["bar", "is", "over the rounds", ""];
    let mut lines = vec![head.map(String::from).to_vec()];
    for verdict in verdicts {
        let (is, over) = match verdict.figure {
            Some(it) => (
                figure(it.median),
                format!("{} to {}", figure(it.least), figure(it.most)),
            ),
            None => ("-".to_owned(), "-".to_owned()),
        };
        let word = match verdict.reached {
            Some(true) => "reached",
            Some(false) => "MISSED",
            None => "not measured",
        };
        lines.push(vec![verdict.says.clone(), is, over, word.to_owned()]);
    }
    lines
}

/// A Markdown table whose columns line up in plain text too; the first line is its head.
fn grid(lines: &[Vec<String>]) -> String {
    let width = lines.first().map_or(0, Vec::len);
    let widest: Vec<usize> = (0..width)
        .map(|column| {
            lines
                .iter()
                .map(|line| line[column].chars().count())
                .max()
                .unwrap_or(0)
                .max(3)
        })
        .collect();
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        for (column, word) in line.iter().enumerate() {
            let wide = widest[column];
            let _ = if column == 0 {
                write!(text, "| {word:<wide$} ")
            } else {
                write!(text, "| {word:>wide$} ")
            };
        }
        text.push_str("|\n");
        if index == 0 {
            for (column, wide) in widest.iter().enumerate() {
                let dashes = "-".repeat(*wide);
                let _ = write!(
                    text,
                    "|{}{dashes}{}",
                    if column == 0 { ' ' } else { '-' },
                    if column == 0 { ' ' } else { ':' }
                );
            }
            text.push_str("|\n");
        }
    }
    text
}

/// One line while it runs.
pub(super) fn progress(round: usize, table: &str, row: &Row) -> String {
    let last = row.samples.last().filter(|sample| sample.round == round);
    let value = last.map_or_else(|| "-".to_owned(), |sample| figure(sample.value));
    format!("round {} | {table} | {} | {value}", round + 1, row.name)
}

#[cfg(test)]
mod tests {
    use super::super::outcome::judge;
    use super::super::outcome::tests::table;
    use super::super::plan::{Bar, Check};
    use super::*;

    #[test]
    fn figures_have_three_digits_that_count() {
        let cases = [
            (0.0, "0"),
            (0.954, "0.954"),
            (12.345, "12.3"),
            (812.3, "812"),
            (9_990.0, "9990"),
            (15_540.0, "15.5k"),
            (186_600.0, "187k"),
            (15_600_000.0, "15.6M"),
            (999_600.0, "1.00M"),
        ];
        for (value, text) in cases {
            assert_eq!(figure(value), text);
        }
    }

    #[test]
    fn a_report_has_tables_and_verdicts() {
        let mut tables = [table()];
        tables[0].rows[2]
            .troubles
            .push("round 1: it has ended".into());
        let bar = |check| Bar {
            cell: "cell".into(),
            check,
        };
        let verdicts: Vec<Verdict> = [
            bar(Check::AtLeast(2.0, "ours", vec!["theirs"])),
            bar(Check::AtLeast(3.0, "ours", vec!["theirs"])),
            bar(Check::AtLeast(1.0, "ours", vec!["nobody"])),
        ]
        .iter()
        .filter_map(|bar| judge(bar, &tables))
        .collect();
        let missing = ["socat: not here".to_owned()];
        let heading = Heading {
            title: "echo".into(),
            facts: &["2 cores".to_owned()],
            missing: &missing,
        };
        let text = render(&heading, &tables, &verdicts);
        for wanted in [
            "# echo\n\n- 2 cores\n- missing, so not measured: socat: not here\n",
            "## cell (messages/s)\n",
            "| ours   |    200 |  100 |  300 |      3 |    200 |    0 |\n",
            "slow: round 1: it has ended\n",
            "| cell: ours >= 2 x theirs | 2.00 |    1.50 to 2.00 |      reached |\n",
            "| cell: ours >= 3 x theirs | 2.00 |    1.50 to 2.00 |       MISSED |\n",
            "| cell: ours >= 1 x nobody |    - |               - | not measured |\n",
        ] {
            assert!(text.contains(wanted), "{wanted}\nnot in\n{text}");
        }
        assert!(!text.contains("p99"), "no row has a p99:\n{text}");
    }
}
