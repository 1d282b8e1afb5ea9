//! `get`, `put` and `ls` on the secure line by the real binary, with a real `serve`: what arrives, what
//! is told, and how everything ends.

mod stand;

mod bringing;
mod ending;
mod fetching;
mod json;
mod kept;
mod listing;
mod repeated;
mod shares;
mod terminal;
mod told;
mod usage;
