//! `cargo fuzz run documents`: see `fuzz/bodies/src/documents.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| landline_fuzz::documents::check(data));
