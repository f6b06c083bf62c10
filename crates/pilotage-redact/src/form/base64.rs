//! Base64 of a text that has the value somewhere in it.
//!
//! Three bytes become four characters, so a value looks different at each of three alignments. The
//! characters at its ends that also carry bits of its neighbours are left out: what remains is the
//! same whatever stands around it.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use super::Form;

/// Bits of a character.
const BITS: usize = 6;

/// Both alphabets at all alignments.
pub(super) fn forms(plain: &[u8]) -> impl Iterator<Item = Form> {
    [STANDARD_NO_PAD, URL_SAFE_NO_PAD]
        .into_iter()
        .flat_map(move |engine| (0..3).map(move |before| at(plain, before, &engine)))
}

/// The characters that carry bits of the value alone, if this many bytes stand before it.
fn at(plain: &[u8], before: usize, engine: &impl Engine) -> Form {
    let mut padded = Zeroizing::new(vec![0; before]);
    padded.extend_from_slice(plain);
    let encoded = Zeroizing::new(engine.encode(padded.as_slice()).into_bytes());
    let first = (before * 8).div_ceil(BITS);
    let last = (padded.len() * 8) / BITS;
    Zeroizing::new(encoded.get(first..last).unwrap_or_default().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_stands_around_a_value_a_form_is_in_it() {
        let value = b"hunter2-hunter2";
        for before in 0..7 {
            for after in 0..7 {
                let text = [&b"\xffabcdef"[..before], value, &b"\xff\x00ghijk"[..after]].concat();
                let encoded = STANDARD_NO_PAD.encode(&text).into_bytes();
                let found = forms(value).any(|form| {
                    encoded.windows(form.len()).any(|window| window == form.as_slice())
                });
                assert!(found, "{before} before, {after} after");
            }
        }
    }
}
