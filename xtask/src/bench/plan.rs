//! What a bench is made of: cells that several entrants are measured in, and bars that their
//! figures are held against. It knows neither how one is measured nor how it is shown.

use anyhow::Result;
use serde_json::Value;

use super::shop::Shop;

/// One measurement: the figure of the cell's unit, and what else the load generator said.
pub(super) struct Measured {
    pub(super) value: f64,
    pub(super) detail: Value,
}

/// Measures once. Starts what it needs and leaves nothing behind.
pub(super) type Run = Box<dyn Fn(&Shop) -> Result<Measured>>;

/// One program in a cell.
pub(super) struct Entrant {
    pub(super) name: &'static str,
    pub(super) run: Run,
}

/// One situation that several programs are measured in, turn by turn.
pub(super) struct Cell {
    pub(super) name: String,
    /// Of the figure, as in `messages/s`.
    pub(super) unit: &'static str,
    pub(super) entrants: Vec<Entrant>,
}

impl Cell {
    pub(super) fn new(name: impl Into<String>, unit: &'static str) -> Self {
        Self {
            name: name.into(),
            unit,
            entrants: Vec::new(),
        }
    }

    /// One more program in this cell.
    pub(super) fn with(
        mut self,
        name: &'static str,
        run: impl Fn(&Shop) -> Result<Measured> + 'static,
    ) -> Self {
        self.entrants.push(Entrant {
            name,
            run: Box::new(run),
        });
        self
    }
}

/// What must hold.
pub(super) enum Check {
    /// The first figure is at least so many times the best of the others.
    AtLeast(f64, &'static str, Vec<&'static str>),
    /// The first figure is at most so many times the best (least) of the others.
    AtMost(f64, &'static str, Vec<&'static str>),
    /// The figure is below this.
    Below(f64, &'static str),
    /// These keys of the detail are 0 in every round, for each of these entrants.
    Nothing(Vec<&'static str>, Vec<&'static str>),
}

/// One bar, in one cell.
pub(super) struct Bar {
    pub(super) cell: String,
    pub(super) check: Check,
}

/// A whole bench.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) cells: Vec<Cell>,
    pub(super) bars: Vec<Bar>,
}

impl Plan {
    pub(super) fn bar(&mut self, cell: impl Into<String>, check: Check) {
        self.bars.push(Bar {
            cell: cell.into(),
            check,
        });
    }
}

impl Measured {
    /// A figure from one key of what a load generator said, times a factor.
    ///
    /// # Errors
    /// There is no such number.
    pub(super) fn from(detail: Value, key: &str, factor: f64) -> Result<Self> {
        let number = detail[key].as_f64();
        let number = number.ok_or_else(|| anyhow::anyhow!("no {key} in {detail}"))?;
        Ok(Self {
            value: number * factor,
            detail,
        })
    }
}
