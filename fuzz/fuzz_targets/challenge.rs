//! `cargo xtask fuzz challenge`
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| parsers::check("challenge", data));
