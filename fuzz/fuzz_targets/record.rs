//! `cargo xtask fuzz record`
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| parsers::check("record", data));
