//! `cargo fuzz run server_sessions`: see `fuzz/bodies/src/server_sessions.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| landline_fuzz::server_sessions::check(data));
