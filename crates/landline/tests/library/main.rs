//! The library from outside: two homes, a server and a caller in one process, on real sockets.

mod calls;
mod commands;
mod examples;
mod files;
mod pairing;
mod stand;
mod stops;
mod trust;
