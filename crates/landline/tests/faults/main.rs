//! Faults under `get` and `put` by the real binary, with a real `serve`: deaths, sources that change,
//! disks that fill, links that are cut. Nothing wrong is left, and the same command goes on.

mod stand;

mod changing;
mod cut;
mod existing;
mod facts;
mod full;
mod kills;
mod many;
mod names;
mod paused;
mod resuming;
mod signals;
mod unreadable;
