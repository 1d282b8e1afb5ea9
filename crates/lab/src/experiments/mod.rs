//! The experiments, one file each. It does not know what they find.

#[cfg(test)]
mod alike;
mod backlog;
mod backpressure;
mod close;
mod crash;
mod deadlock;
mod empty;
mod families;
mod layers;
mod leftover;
mod mtu;
mod nagle;
mod partial;
mod phone;
mod relay;
mod remedies;
mod sticky;
mod truncation;

use crate::experiment::Experiment;

/// Every experiment, in the order in which they are best read.
pub const ALL: &[Experiment] = &[
    phone::EXPERIMENT,
    layers::EXPERIMENT,
    leftover::EXPERIMENT,
    empty::EXPERIMENT,
    backlog::EXPERIMENT,
    sticky::EXPERIMENT,
    remedies::EXPERIMENT,
    partial::EXPERIMENT,
    backpressure::EXPERIMENT,
    deadlock::EXPERIMENT,
    truncation::EXPERIMENT,
    mtu::EXPERIMENT,
    close::EXPERIMENT,
    crash::EXPERIMENT,
    families::EXPERIMENT,
    nagle::EXPERIMENT,
    relay::EXPERIMENT,
];
