//! `cargo fuzz run texts`: see `fuzz/bodies/src/texts.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| landline_fuzz::texts::check(data));
