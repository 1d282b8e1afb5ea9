//! Attacks on the real server and on the real client, and faults of machines and networks: each is a
//! test that an opponent gets nothing, and that honest peers are served on.

mod between;
mod certificates;
mod fake_server;
mod keys;
mod stand;
mod tickets;
