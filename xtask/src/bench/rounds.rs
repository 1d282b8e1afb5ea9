//! The order of a run: round by round, in each every cell, in each cell every entrant, by turns the
//! first. It knows no bench's content.

use anyhow::Result;
use serde_json::json;

use super::outcome::{Row, Sample, Table};
use super::plan::{Cell, Entrant, Measured, Plan};
use super::quiet::{Patience, Watch};
use super::report;
use super::shop::{Missing, Shop};

/// A run under way.
pub(super) struct Rounds<'s> {
    shop: &'s Shop,
    patience: Patience,
    /// What is not on this machine, each once.
    missing: Vec<String>,
}

impl<'s> Rounds<'s> {
    pub(super) fn new(shop: &'s Shop) -> Self {
        Self {
            shop,
            patience: Patience::new(shop.quick),
            missing: Vec::new(),
        }
    }

    /// Measures all cells so many times; a table for each, and what was missing.
    pub(super) fn measure(mut self, plan: &Plan, rounds: usize) -> (Vec<Table>, Vec<String>) {
        let mut tables: Vec<Table> = plan.cells.iter().map(blank).collect();
        for round in 0..rounds {
            for (cell, table) in plan.cells.iter().zip(&mut tables) {
                for turn in 0..cell.entrants.len() {
                    let index = (turn + round) % cell.entrants.len();
                    let row = &mut table.rows[index];
                    self.take_turn(&cell.entrants[index], round, row);
                    eprintln!("{}", report::progress(round, &table.name, row));
                }
            }
        }
        (tables, self.missing)
    }

    fn take_turn(&mut self, entrant: &Entrant, round: usize, row: &mut Row) {
        match self.undisturbed(entrant) {
            Ok(Measured { value, detail }) => row.samples.push(Sample {
                round,
                value,
                detail,
            }),
            Err(error) => match error.downcast_ref::<Missing>() {
                Some(Missing(what)) if self.missing.contains(what) => {}
                Some(Missing(what)) => self.missing.push(what.clone()),
                None => {
                    let trouble = format!("round {}: {error:#}", round + 1);
                    eprintln!("bench: {} | {trouble}", row.name);
                    row.troubles.push(trouble);
                }
            },
        }
    }

    /// Measures once, and once more if others used the machine meanwhile. What counts is the try
    /// that was disturbed less, whatever its figure.
    fn undisturbed(&mut self, entrant: &Entrant) -> Result<Measured> {
        let (others, watch, first) = self.watched(entrant)?;
        if !self.patience.again(others, &watch) {
            return Ok(first);
        }
        let (others_again, _, second) = self.watched(entrant)?;
        Ok(if others_again < others { second } else { first })
    }

    fn watched(&mut self, entrant: &Entrant) -> Result<(f64, Watch, Measured)> {
        self.patience.wait();
        let watch = Watch::start();
        let mut measured = (entrant.run)(self.shop)?;
        let others = watch.others();
        measured.detail["others"] = json!((others * 1e3).round() / 1e3);
        Ok((others, watch, measured))
    }
}

fn blank(cell: &Cell) -> Table {
    let row = |name| Row {
        name,
        samples: Vec::new(),
        troubles: Vec::new(),
    };
    let rows = cell
        .entrants
        .iter()
        .map(|entrant| row(entrant.name))
        .collect();
    Table {
        name: cell.name.clone(),
        unit: cell.unit,
        rows,
    }
}
