//! From bytes to text, which is UTF-8 or nothing.

use crate::sql::{Lines, Place};

/// Why bytes are no text, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Misread {
    /// Why.
    pub why: String,
    /// Where, in the text before it.
    pub place: Place,
}

/// Reads bytes as text.
///
/// A byte order mark is refused as well: drivers send it to the server as a part of the first
/// statement.
pub fn decode(bytes: &[u8]) -> Result<&str, Misread> {
    let first = Place { line: 1, column: 1 };
    if let Some(mark) = byte_order_mark(bytes) {
        return Err(Misread {
            why: format!("it begins with the byte order mark of {mark}"),
            place: first,
        });
    }
    match core::str::from_utf8(bytes) {
        Ok(text) => match text.find('\0') {
            Some(at) => Err(Misread { why: nul(bytes), place: Lines::of(text).place(at) }),
            None => Ok(text),
        },
        Err(error) => Err(not_utf8(bytes, error.valid_up_to())),
    }
}

fn not_utf8(bytes: &[u8], at: usize) -> Misread {
    let before = bytes.get(..at).and_then(|good| core::str::from_utf8(good).ok());
    let (before, byte) = (before.unwrap_or_default(), bytes.get(at).copied().unwrap_or_default());
    let why = if before.contains('\0') {
        nul(bytes)
    } else {
        format!("the byte 0x{byte:02x} is no UTF-8; another encoding is mixed in")
    };
    Misread { why, place: Lines::of(before).place(at) }
}

fn byte_order_mark(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xef, 0xbb, 0xbf, ..] => Some("UTF-8"),
        [0xff, 0xfe, ..] => Some("UTF-16 (little endian)"),
        [0xfe, 0xff, ..] => Some("UTF-16 (big endian)"),
        _ => None,
    }
}

/// Text in UTF-16 without a mark is every other byte zero.
fn nul(bytes: &[u8]) -> String {
    let zeros: usize = bytes.iter().map(|byte| usize::from(*byte == 0)).sum();
    if zeros.saturating_mul(3) > bytes.len() {
        "it is UTF-16".to_owned()
    } else {
        "it holds a NUL byte, which no server accepts".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> (String, usize, usize) {
        let misread = decode(bytes).expect_err("it is refused");
        (misread.why, misread.place.line, misread.place.column)
    }

    #[test]
    fn what_is_not_utf8_is_refused_with_its_place() {
        assert_eq!(decode("sélect".as_bytes()), Ok("sélect"));
        let (why, line, column) = refused(b"-- one\n-- gr\xfc\xdfe\n");
        assert!(why.contains("0xfc"), "{why}");
        assert_eq!((line, column), (2, 6));
        assert_eq!(refused(b"a\nb\0c\n\n\n").1, 2);
        assert!(refused(b"a\0b\0").0.contains("UTF-16"));
        assert!(refused(&[0xff, 0xfe, b'a', 0]).0.contains("UTF-16 (little"));
        assert!(refused(b"\xef\xbb\xbfselect 1").0.contains("UTF-8"));
    }
}
