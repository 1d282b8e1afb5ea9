//! The files that a run leaves: raw figures as JSON, the report as Markdown. It knows where they
//! go, and nothing of how they came about.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::outcome::{Table, Verdict};

/// All of a run that is worth keeping.
pub(super) fn raw(about: &Value, tables: &[Table], verdicts: &[Verdict]) -> Value {
    let cells: Vec<Value> = tables.iter().map(cell).collect();
    let bars: Vec<Value> = verdicts
        .iter()
        .map(|verdict| {
            let figure = verdict
                .figure
                .map(|it| json!({ "median": it.median, "min": it.least, "max": it.most }));
            json!({ "bar": verdict.says, "is": figure, "reached": verdict.reached })
        })
        .collect();
    json!({ "version": 1, "about": about, "cells": cells, "bars": bars })
}

fn cell(table: &Table) -> Value {
    let rows: Vec<Value> = table
        .rows
        .iter()
        .map(|row| {
            let samples: Vec<Value> = row
                .samples
                .iter()
                .map(|it| json!({ "round": it.round + 1, "value": it.value, "detail": it.detail }))
                .collect();
            json!({ "name": row.name, "samples": samples, "troubles": row.troubles })
        })
        .collect();
    json!({ "name": table.name, "unit": table.unit, "rows": rows })
}

/// Writes `STEM.json` and `STEM.md` into the folder, which is made.
///
/// # Errors
/// They cannot be written.
pub(super) fn keep(folder: &Path, stem: &str, raw: &Value, report: &str) -> Result<PathBuf> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let file = folder.join(format!("{stem}.json"));
    fs::write(&file, format!("{raw:#}\n")).with_context(|| file.display().to_string())?;
    let text = folder.join(format!("{stem}.md"));
    fs::write(&text, report).with_context(|| text.display().to_string())?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::super::outcome::tests::table;
    use super::*;

    #[test]
    fn every_sample_is_kept() {
        let raw = raw(&json!({ "bench": "echo" }), &[table()], &[]);
        let row = &raw["cells"][0]["rows"][1];
        assert_eq!(row["name"], "theirs");
        assert_eq!(
            row["samples"][2],
            json!({ "round": 3, "value": 200.0, "detail": { "lost": 1, "p50_us": 200.0 } })
        );
        assert_eq!(raw["about"]["bench"], "echo");
    }
}
