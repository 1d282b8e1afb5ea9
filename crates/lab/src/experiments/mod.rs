//! The experiments, one file each. It does not know what they find.

#[cfg(test)]
mod alike;
mod families;
mod layers;
mod leftover;
mod mtu;
mod relay;
mod truncation;

use crate::experiment::Experiment;

/// Every experiment, in the order in which they are best read.
pub const ALL: &[Experiment] = &[
    layers::EXPERIMENT,
    leftover::EXPERIMENT,
    truncation::EXPERIMENT,
    mtu::EXPERIMENT,
    families::EXPERIMENT,
    relay::EXPERIMENT,
];
