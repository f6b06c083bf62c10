//! URLs and forms.
//!
//! Encoders differ in what they leave alone and in the case of their digits; each combination that
//! is in use is a form.

use zeroize::Zeroizing;

use super::Form;
use super::hex::{CASES, pair};

/// What an encoder leaves alone besides letters and digits: RFC 3986's unreserved, the same with
/// the slash (Python), `encodeURIComponent`, what may stand in user information, `encodeURI`, and
/// HTML forms.
const KEPT: [&[u8]; 6] =
    [b"-._~", b"-._~/", b"-._~!'()*", b"-._~!$&'()*+,;=", b"-._~!#$&'()*+,/:;=?@", b"-._*"];

/// Every combination of kept characters, case of digits and spaces.
pub(super) fn forms(plain: &[u8]) -> impl Iterator<Item = Form> {
    let spaces: &[&[u8]] = if plain.contains(&b' ') { &[b"%20", b"+"] } else { &[b"%20"] };
    KEPT.into_iter().flat_map(move |kept| {
        CASES.into_iter().flat_map(move |digits| {
            spaces.iter().map(move |space| encoded(plain, kept, digits, space))
        })
    })
}

fn encoded(plain: &[u8], kept: &[u8], digits: &[u8; 16], space: &[u8]) -> Form {
    let mut form = Zeroizing::new(Vec::with_capacity(plain.len() * 3));
    for byte in plain {
        if *byte == b' ' {
            form.extend_from_slice(space);
        } else if byte.is_ascii_alphanumeric() || kept.contains(byte) {
            form.push(*byte);
        } else {
            form.push(b'%');
            form.extend(pair(*byte, digits));
        }
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoders_of_the_world_are_among_them() {
        let forms: Vec<Vec<u8>> = forms(b"a b/c?d*").map(|form| form.to_vec()).collect();
        for expected in ["a%20b%2Fc%3Fd%2A", "a%20b/c%3fd%2a", "a+b%2Fc%3Fd*", "a%20b%2Fc%3Fd*"] {
            assert!(forms.iter().any(|form| form == expected.as_bytes()), "{expected}");
        }
    }
}
