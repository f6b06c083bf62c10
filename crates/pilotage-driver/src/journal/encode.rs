//! From a record to a line.

use pilotage_artifact::Digest;
use pilotage_rollout::journal::{Record, SCHEMA};
use serde::Serialize;

use super::{CLOSE, Head, JournalError, LONGEST_LINE, SEAL};

/// A record as it is written down, and where the journal ends after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The bytes, with the line feed.
    pub bytes: Vec<u8>,
    /// The end of the journal once they are in it.
    pub head: Head,
}

#[derive(Serialize)]
struct Envelope<'a> {
    seq: u64,
    prev: Option<Digest>,
    schema: u32,
    by: &'a str,
    record: &'a Record,
}

/// The line for the record that follows this head.
pub fn encode(head: &Head, record: &Record) -> Result<Line, JournalError> {
    encode_by(head, record, SCHEMA, env!("CARGO_PKG_VERSION"))
}

pub(super) fn encode_by(
    head: &Head,
    record: &Record,
    schema: u32,
    by: &str,
) -> Result<Line, JournalError> {
    let envelope = Envelope { seq: head.records(), prev: head.hash(), schema, by, record };
    let unwritable = |error: serde_json::Error| JournalError::Unwritable {
        record: head.records(),
        reason: error.to_string(),
    };
    let mut bytes = serde_json::to_vec(&envelope).map_err(unwritable)?;
    // The closing brace makes room for the seal, which closes the object again.
    bytes.pop();
    let hash = Digest::of(&bytes);
    bytes.extend_from_slice(SEAL);
    bytes.extend_from_slice(hash.to_string().as_bytes());
    bytes.extend_from_slice(CLOSE);
    bytes.push(b'\n');
    if bytes.len() > LONGEST_LINE {
        let line = usize::try_from(head.records()).unwrap_or(usize::MAX).saturating_add(1);
        return Err(JournalError::TooLong { line, limit: LONGEST_LINE });
    }
    let head = head.followed_by(&bytes, hash);
    Ok(Line { bytes, head })
}
