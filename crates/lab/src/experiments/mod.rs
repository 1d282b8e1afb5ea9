//! The experiments, one file each. It does not know what they find.

mod backlog;
mod backpressure;
mod close;
mod deadlock;
mod leftover;
mod nagle;
mod partial;
mod phone;
mod remedies;
mod sticky;

use crate::experiment::Experiment;

/// Every experiment, in the order in which they are best read.
pub const ALL: &[Experiment] = &[
    phone::EXPERIMENT,
    leftover::EXPERIMENT,
    backlog::EXPERIMENT,
    sticky::EXPERIMENT,
    remedies::EXPERIMENT,
    partial::EXPERIMENT,
    backpressure::EXPERIMENT,
    deadlock::EXPERIMENT,
    close::EXPERIMENT,
    nagle::EXPERIMENT,
];
