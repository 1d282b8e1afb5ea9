//! What sockets really do, on this kernel, now: one question an experiment, asked on real sockets.
//!
//! ```text
//!   ALL --by name--> Experiment { question, run } --run(&mut Bench)--> Report { tables, pictures, facts }
//!                                                                       |
//!                          text::table, text::picture, svg::draw <------+  with words from outside
//! ```
//!
//! An experiment measures and tells figures. It has no sentences, only their keys, and prints nothing.

mod capture;
mod datagrams;
mod experiment;
mod experiments;
mod kernel;
mod place;
mod quantity;
mod report;
#[cfg(test)]
mod rights;
mod sockets;
pub mod svg;
pub mod text;

pub use experiment::{Bench, Experiment, LabError};
pub use experiments::ALL;
pub use place::bring_loopback_up;
pub use report::{Cell, Edges, Event, Missing, Picture, Report, Series, Table};

/// The experiment of this name.
pub fn find(name: &str) -> Option<&'static Experiment> {
    ALL.iter().find(|experiment| experiment.name == name)
}
