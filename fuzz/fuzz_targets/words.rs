//! `cargo fuzz run words`: see `fuzz/bodies/src/words.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| landline_fuzz::words::check(data));
