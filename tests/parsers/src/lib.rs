//! What holds for any bytes that a parser is given: it never panics, and what it accepts it gives
//! back.
//!
//! The fuzzer (`cargo xtask fuzz`) looks for bytes for which that does not hold; the test beside this
//! replays the corpus that the fuzzer has left, so that it holds without a fuzzer as well. A parser
//! is here because what it reads comes from outside: typed by a person, or sent by a server.

mod names;
mod records;
mod registry;

/// A parser by name, with the check that any bytes must pass.
#[derive(Debug, Clone, Copy)]
pub struct Parser {
    /// Its name: that of the fuzz target and of the corpus.
    pub name: &'static str,
    /// Panics where a promise is broken.
    pub check: fn(&[u8]),
}

/// All of them.
pub const PARSERS: [Parser; 6] = [
    Parser { name: "challenge", check: registry::challenge },
    Parser { name: "manifest", check: registry::manifest },
    Parser { name: "record", check: records::record },
    Parser { name: "reference", check: names::reference },
    Parser { name: "scan", check: records::scan },
    Parser { name: "version", check: names::version },
];

/// Checks bytes with the parser of this name.
///
/// # Panics
///
/// If a promise is broken; and if there is no such parser.
pub fn check(name: &str, bytes: &[u8]) {
    let parser = PARSERS.iter().find(|parser| parser.name == name);
    (parser.unwrap_or_else(|| unreachable!("`{name}` is one of the parsers")).check)(bytes);
}
