//! `cargo fuzz run client_sessions`: see `fuzz/bodies/src/client_sessions.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| landline_fuzz::client_sessions::check(data));
