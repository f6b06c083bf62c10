//! `cargo xtask fuzz reference`
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| parsers::check("reference", data));
