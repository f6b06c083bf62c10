//! Two digits a byte, in either case.

use zeroize::Zeroizing;

use super::Form;

/// The digits in lower and in upper case.
pub(super) const CASES: [&[u8; 16]; 2] = [b"0123456789abcdef", b"0123456789ABCDEF"];

/// Both cases.
pub(super) fn forms(plain: &[u8]) -> impl Iterator<Item = Form> {
    CASES.into_iter().map(move |digits| {
        let mut form = Zeroizing::new(Vec::with_capacity(plain.len() * 2));
        for byte in plain {
            form.extend(pair(*byte, digits));
        }
        form
    })
}

/// The digits of a byte.
pub(super) fn pair(byte: u8, digits: &[u8; 16]) -> [u8; 2] {
    [digits[usize::from(byte >> 4)], digits[usize::from(byte & 15)]]
}
