//! `cargo fuzz run certificates`: see `fuzz/bodies/src/certificates.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| landline_fuzz::certificates::check(data));
