//! The text form of keys (RFC 7468), strictly: one block of one label and nothing around it.

use zeroize::Zeroizing;

use crate::encoded;

/// How long a line of base64 is.
const LINE: usize = 64;

/// The text of these bytes.
pub(super) fn encode(label: &str, bytes: &[u8]) -> String {
    let mut text = format!("-----BEGIN {label}-----\n");
    let body = Zeroizing::new(encoded::encode(bytes));
    for line in body.as_bytes().chunks(LINE) {
        text.extend(line.iter().map(|byte| char::from(*byte)));
        text.push('\n');
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}

/// The bytes of which this is the text.
pub(super) fn decode(label: &str, text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let body = text
        .trim()
        .strip_prefix(&format!("-----BEGIN {label}-----"))?
        .strip_suffix(&format!("-----END {label}-----"))?;
    let mut joined = Zeroizing::new(String::with_capacity(body.len()));
    body.lines().for_each(|line| joined.push_str(line.trim()));
    encoded::decode(&joined).ok().map(Zeroizing::new)
}
