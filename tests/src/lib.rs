//! What holds for any bytes that a parser is given.
//!
//! The fuzzer (`cargo xtask fuzz`) looks for bytes for which it does not hold; the test beside this
//! replays the corpus that the fuzzer has left, so that it holds without a fuzzer as well. A parser
//! is here because what it reads comes from outside: typed by a person, or sent by a server.

pub mod parser;
