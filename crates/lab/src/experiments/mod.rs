//! The experiments, one file each. It does not know what they find.

mod leftover;

use crate::experiment::Experiment;

/// Every experiment, in the order in which they are best read.
pub const ALL: &[Experiment] = &[leftover::EXPERIMENT];
