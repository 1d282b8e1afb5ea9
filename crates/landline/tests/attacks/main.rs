//! Attacks on the real server and on the real client, and faults of machines and networks: each is a
//! test that an opponent gets nothing, and that honest peers are served on.

mod between;
mod certificates;
mod crowd;
mod deaf;
mod deaths;
mod disk;
mod fake_server;
mod files;
mod frames;
mod judged;
mod keys;
mod network;
mod python;
mod shown;
mod smuggling;
mod stand;
mod strangers;
mod tickets;
