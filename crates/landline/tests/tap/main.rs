//! The tap by the real binary: programs at both ends, and what is shown, moved and found between them.

#[path = "../tutorial/stand/mod.rs"]
#[allow(
    dead_code,
    unused_imports,
    reason = "each test program uses what it needs of it"
)]
mod stand;

mod hunt;
