//! `landline lab`, by the real binary: the list, what an experiment prints to a pipe, to a terminal and
//! into files, in both languages, and that all of them run wherever landline does.

mod anywhere;
mod asking;
mod files;
mod objects;
mod stand;
mod terminal;
