//! Where a journal ends.

use core::fmt::{self, Display, Formatter};

use pilotage_artifact::Digest;

use super::decode::verify;

/// Where a journal ends: the condition under which a line may be added.
///
/// It names the last line by its hash, and each line names the one before, so two journals with
/// the same head are the same journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    records: u64,
    bytes: u64,
    last: Option<Last>,
}

/// The last line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Last {
    bytes: u64,
    hash: Digest,
}

impl Head {
    /// The end of a journal that does not exist yet.
    pub const EMPTY: Self = Self { records: 0, bytes: 0, last: None };

    /// How many records there are; also the sequence number of the next one.
    pub const fn records(&self) -> u64 {
        self.records
    }

    /// How many bytes there are, up to and with the last line feed.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many bytes the last line has, with its line feed; none in an empty journal.
    pub fn last_bytes(&self) -> u64 {
        self.last.map_or(0, |last| last.bytes)
    }

    /// Whether these bytes are the last line, with its line feed.
    pub fn is_line(&self, line: &[u8]) -> bool {
        let Some(last) = self.last else { return line.is_empty() };
        line.strip_suffix(b"\n").is_some_and(|text| verify(text) == Ok(last.hash))
    }

    /// What the next line names as the one before it.
    pub(super) fn hash(&self) -> Option<Digest> {
        self.last.map(|last| last.hash)
    }

    /// The end of the journal after this line, which has this hash in it.
    pub(super) fn followed_by(&self, line: &[u8], hash: Digest) -> Self {
        let bytes = line.len() as u64;
        let last = Last { bytes, hash };
        Self { records: self.records + 1, bytes: self.bytes + bytes, last: Some(last) }
    }
}

impl Display for Head {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.last {
            None => f.write_str("nothing"),
            Some(last) => write!(f, "record {} ({})", self.records - 1, last.hash.short()),
        }
    }
}
