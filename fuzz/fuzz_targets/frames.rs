//! `cargo fuzz run frames`: see `fuzz/bodies/src/frames.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| landline_fuzz::frames::check(data));
