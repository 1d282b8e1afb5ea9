//! The experiments, one file each. It does not know what they find.

#[cfg(test)]
mod alike;
mod backlog;
mod close;
mod families;
mod layers;
mod leftover;
mod mtu;
mod phone;
mod relay;
mod sticky;
mod truncation;

use crate::experiment::Experiment;

/// Every experiment, in the order in which they are best read.
pub const ALL: &[Experiment] = &[
    phone::EXPERIMENT,
    layers::EXPERIMENT,
    leftover::EXPERIMENT,
    backlog::EXPERIMENT,
    sticky::EXPERIMENT,
    truncation::EXPERIMENT,
    mtu::EXPERIMENT,
    close::EXPERIMENT,
    families::EXPERIMENT,
    relay::EXPERIMENT,
];
