//! `--json`: an experiment as one object. Names in it are the same in every language, and a unit
//! stands in the name.

use std::time::Duration;

use landline_lab::{Cell, Experiment, LabError, Report, Table};
use serde_json::{Map, Value, json};

use super::shown::facts;
use crate::cli::ui::{JSON_VERSION, Ui};

/// What there is to ask.
pub(super) fn listed(experiment: &Experiment, ui: &Ui) -> Value {
    json!({
        "v": JSON_VERSION, "event": "listed", "name": experiment.name,
        "question": ui.sentence(experiment.question, &[]),
    })
}

/// Why there is no result.
pub(super) fn failed(experiment: &Experiment, error: &LabError) -> Value {
    json!({
        "v": JSON_VERSION, "event": "failed", "name": experiment.name,
        "message": error.to_string(),
    })
}

/// What was found.
pub(super) fn found(experiment: &Experiment, report: &Report, time: Duration, ui: &Ui) -> Value {
    let facts = facts(report);
    let named = facts.iter();
    let named: Map<String, Value> = named
        .map(|(name, value)| ((*name).to_owned(), number_or_text(value)))
        .collect();
    let missing = report.missing.iter().map(|missing| {
        let name = name_of(missing.needs, experiment);
        let message = ui.sentence(missing.needs, &facts);
        json!({ "needs": name, "message": message, "why": missing.why })
    });
    let tables = report.tables.iter().map(|it| table(it, experiment));
    json!({
        "v": JSON_VERSION, "event": "experiment", "name": experiment.name, "facts": named,
        "tables": tables.collect::<Vec<_>>(), "missing": missing.collect::<Vec<_>>(),
        "seconds": time.as_secs_f64(),
    })
}

fn table(table: &Table, experiment: &Experiment) -> Value {
    let names = table.columns.iter().enumerate().map(|(at, key)| {
        let cells = table.rows.iter().filter_map(|row| row.get(at));
        let unit = cells.map(unit).find(|unit| !unit.is_empty());
        name_of(key, experiment).replace('-', "_") + unit.unwrap_or_default()
    });
    let names: Vec<String> = names.collect();
    let rows = table.rows.iter().map(|row| {
        let cells = names.iter().cloned().zip(row);
        Value::Object(
            cells
                .map(|(name, cell)| (name, value(cell, experiment)))
                .collect(),
        )
    });
    json!({ "name": name_of(table.title, experiment), "rows": rows.collect::<Vec<_>>() })
}

/// The part of a key that is its own: `sizes` of `lab-column-sizes` and of `lab-sticky-column-sizes`.
fn name_of<'key>(key: &'key str, experiment: &Experiment) -> &'key str {
    let key = key.strip_prefix("lab-").unwrap_or(key);
    let own = key.strip_prefix(experiment.name);
    let key = own.and_then(|own| own.strip_prefix('-')).unwrap_or(key);
    key.strip_prefix("column-").unwrap_or(key)
}

fn value(cell: &Cell, experiment: &Experiment) -> Value {
    match cell {
        Cell::Count(count) => json!(count),
        Cell::Number(number, _) => json!(number),
        Cell::Text(text) => json!(text),
        Cell::Word(key) => json!(name_of(key, experiment)),
        Cell::Empty => Value::Null,
    }
}

fn unit(cell: &Cell) -> &'static str {
    match cell {
        Cell::Number(_, "us") => "_us",
        Cell::Number(_, "ms") => "_ms",
        Cell::Number(_, "s") => "_s",
        Cell::Number(_, "%") => "_percent",
        Cell::Number(_, "MB/s") => "_mb_per_s",
        _ => "",
    }
}

/// A fact is text for the explanation; where it is a number, a script gets one.
fn number_or_text(text: &str) -> Value {
    if let Ok(whole) = text.parse::<i64>() {
        return json!(whole);
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => json!(number),
        _ => json!(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_keys_own_part() {
        let experiment = landline_lab::find("leftover").expect("it is there");
        let check = |key, expected| assert_eq!(name_of(key, experiment), expected);
        check("lab-column-sent", "sent");
        check("lab-leftover-column-sent", "sent");
        check("lab-leftover-table", "table");
        check("lab-needs-capture", "needs-capture");
    }

    #[test]
    fn a_fact_that_is_a_number_is_one() {
        assert_eq!(number_or_text("12"), json!(12));
        assert_eq!(number_or_text("1.5"), json!(1.5));
        assert_eq!(number_or_text("1024 + 1"), json!("1024 + 1"));
        assert_eq!(number_or_text("inf"), json!("inf"));
    }
}
