//! `landline tap` by the real binary, with scripts of Python's standard library at both ends: what
//! passes, what is moved, shown and found, and what does not end it.

#[path = "../tutorial/stand/mod.rs"]
#[allow(
    dead_code,
    unused_imports,
    reason = "each test program uses what it needs of it"
)]
mod served;
mod stand;

mod bad_input;
mod captures;
mod datagrams;
mod dying;
mod hunt;
mod moves;
mod passing;
mod shown;
mod soak;
