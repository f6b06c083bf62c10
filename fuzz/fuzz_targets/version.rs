//! `cargo xtask fuzz version`
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| parsers::check("version", data));
