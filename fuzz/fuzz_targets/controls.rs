//! `cargo fuzz run controls`: see `fuzz/bodies/src/controls.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| landline_fuzz::controls::check(data));
