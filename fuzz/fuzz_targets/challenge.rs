//! `cargo xtask fuzz challenge`
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tests::parser::check("challenge", data));
