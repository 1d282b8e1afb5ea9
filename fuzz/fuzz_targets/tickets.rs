//! `cargo fuzz run tickets`: see `fuzz/bodies/src/tickets.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| landline_fuzz::tickets::check(data));
