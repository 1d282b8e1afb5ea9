//! The stand of faults: that of files, a network that can be cut, mounts of a test's own, and a transfer
//! that is watched from outside.

mod chance;
mod mounts;
mod transfer;
mod way;

#[path = "../../files/stand/mod.rs"]
#[allow(
    dead_code,
    unused_imports,
    reason = "each test program uses what it needs of it"
)]
mod files;
#[path = "../../attacks/stand/network.rs"]
#[allow(dead_code, reason = "each test program uses what it needs of it")]
mod network;

pub(crate) use chance::Chance;
pub(crate) use files::{
    Finished, Process, Sharing, Stall, clean, held_pipe, inside, long, objects, odd, patience,
    sentence, tree, until, write,
};
pub(crate) use mounts::{are_own_mounts, mount, unmount};
pub(crate) use network::{Network, SERVER, is_possible as network_is_possible};
pub(crate) use transfer::{
    check_no_litter, event, has_groups, in_the_middle, in_the_middle_of, much, part_bytes, parts,
    resumed_from, until_part,
};
pub(crate) use way::Way;
