//! The experiments, one file each. It does not know what they find.

mod backlog;
mod backpressure;
mod close;
mod crash;
mod deadlock;
mod empty;
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
    empty::EXPERIMENT,
    backlog::EXPERIMENT,
    sticky::EXPERIMENT,
    remedies::EXPERIMENT,
    partial::EXPERIMENT,
    backpressure::EXPERIMENT,
    deadlock::EXPERIMENT,
    close::EXPERIMENT,
    crash::EXPERIMENT,
    nagle::EXPERIMENT,
];
