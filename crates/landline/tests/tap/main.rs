//! `landline tap` by the real binary, with scripts of Python's standard library at both ends: what
//! passes, what is moved, what is shown, and what does not end it.

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
