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

    /// The hash of the last line, which the next one names; none in an empty journal. A store that
    /// keeps it beside the lines can compare heads without reading any.
    pub fn hash(&self) -> Option<Digest> {
        self.last.map(|last| last.hash)
    }

    /// The end of the journal once this line is in it, line feed included; none if it is no whole
    /// line of a journal. Whether it follows is not looked at: its writer made it for this head.
    pub fn after(&self, line: &[u8]) -> Option<Self> {
        let text = line.strip_suffix(b"\n").filter(|text| !text.contains(&b'\n'))?;
        verify(text).ok().map(|hash| self.followed_by(line, hash))
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

#[cfg(test)]
mod tests {
    use pilotage_rollout::journal::{Entry, Record};
    use pilotage_rollout::{Event, Moment};

    use super::super::encode;
    use super::*;

    #[test]
    fn a_line_leads_from_one_head_to_the_next_and_nothing_else_does() {
        let record = Record { at: Moment::from_millis(7), entry: Entry::Happened(Event::Woke) };
        let line = encode(&Head::EMPTY, &record).expect("a small record makes a line");
        assert_eq!(Head::EMPTY.after(&line.bytes), Some(line.head));
        let unfinished = &line.bytes[..line.bytes.len() - 1];
        let twice = [line.bytes.as_slice(), &line.bytes].concat();
        for wrong in [b"".as_slice(), b"\n", b"{}\n", unfinished, &twice] {
            assert_eq!(Head::EMPTY.after(wrong), None);
        }
    }
}
