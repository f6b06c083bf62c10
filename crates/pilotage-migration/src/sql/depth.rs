//! How deep a statement can be nested at most.
//!
//! Readers of grammars call themselves for every level, and the stack of a process is small: a
//! hundred thousand brackets would end it. So a bound is computed first, from the tokens alone.

use super::token::{Kind, Token};

/// No more than this many levels; no person writes a tenth of it.
const DEEPEST: usize = 1_000;

/// Whether a reader could go deeper into these tokens than its stack allows.
///
/// Every token since the last comma of its bracket may open one more level, as each `NOT` does in
/// a row of them, so their number, over all open brackets, is an upper bound.
pub fn is_too_deep(tokens: &[Token]) -> bool {
    let (mut open, mut here, mut below) = (Vec::new(), 0_usize, 0_usize);
    for token in tokens {
        match token.kind {
            Kind::Symbol(b'(' | b'[' | b'{') => {
                open.push(here);
                below += here + 1;
                here = 0;
            }
            Kind::Symbol(b')' | b']' | b'}') => {
                let outer = open.pop().unwrap_or_default();
                below = below.saturating_sub(outer + 1);
                here = outer + 1;
            }
            Kind::Symbol(b',' | b';') => here = 0,
            _ => here += 1,
        }
        if below + here > DEEPEST {
            return true;
        }
    }
    false
}
