//! The secure line from outside: `landline serve` in one home and a caller in another, by the real
//! binary: what goes over exactly, what slows what down, and how everything ends.

mod stand;

mod bulk;
mod ending;
mod exact;
mod input;
mod json;
mod leaving;
mod refused;
mod signals;
mod terminal;
mod usage;
