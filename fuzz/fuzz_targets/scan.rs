//! `cargo xtask fuzz scan`
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| parsers::check("scan", data));
