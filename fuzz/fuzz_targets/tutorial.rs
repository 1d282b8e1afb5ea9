//! `cargo fuzz run tutorial`: see `fuzz/bodies/src/tutorial.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| landline_fuzz::tutorial::check(data));
