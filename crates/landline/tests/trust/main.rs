//! `id`, `trust` and the config file, by the real binary on a home of each test's own: what they make,
//! change and print, and what they refuse with which sentence.

mod stand;

mod bad_file;
mod change;
mod config;
mod full_disk;
mod identity;
mod invite;
mod list;
mod together;
