//! From the bytes of a journal to its records.

use pilotage_artifact::Digest;
use pilotage_rollout::journal::{Record, SCHEMA};
use serde::Deserialize;

use super::{CLOSE, Head, JournalError, LONGEST_LINE, SEAL};

/// A journal that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// Its whole records.
    pub records: Vec<Record>,
    /// Where it ends.
    pub head: Head,
    /// How many bytes of an unfinished line follow. Its writer was never told that it is durable,
    /// so nobody acted upon it; the next append cuts it off.
    pub torn: usize,
}

/// Reads a journal.
pub fn decode(bytes: &[u8]) -> Result<Decoded, JournalError> {
    let mut decoded = Decoded { records: Vec::new(), head: Head::EMPTY, torn: 0 };
    for (index, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let number = index + 1;
        if line.len() > LONGEST_LINE {
            return Err(JournalError::TooLong { line: number, limit: LONGEST_LINE });
        }
        match line.strip_suffix(b"\n") {
            Some(text) => decoded.add(number, line, text)?,
            None => decoded.tear(number, line)?,
        }
    }
    if decoded.records.is_empty() {
        return Err(JournalError::Empty { torn: decoded.torn });
    }
    Ok(decoded)
}

impl Decoded {
    fn add(&mut self, number: usize, line: &[u8], text: &[u8]) -> Result<(), JournalError> {
        let corrupted = |reason| JournalError::Corrupted { line: number, reason };
        let hash = verify(text).map_err(corrupted)?;
        let envelope: Envelope =
            serde_json::from_slice(text).map_err(|_| corrupted(NO_ENVELOPE))?;
        self.follows(number, &envelope)?;
        if envelope.schema > SCHEMA {
            return Err(newer(number, envelope));
        }
        let Content { record } =
            serde_json::from_slice(text).map_err(|_| corrupted("it holds no record"))?;
        self.records.push(record);
        self.head = self.head.followed_by(line, hash);
        Ok(())
    }

    fn follows(&self, line: usize, envelope: &Envelope) -> Result<(), JournalError> {
        let expected = self.head.records();
        if expected == 0 && envelope.seq != 0 {
            return Err(JournalError::MissingFirst { found: envelope.seq });
        }
        if envelope.seq.checked_add(1) == Some(expected) {
            return Err(JournalError::Forked { line, record: envelope.seq });
        }
        if envelope.seq != expected || envelope.prev != self.head.hash() {
            return Err(JournalError::BrokenChain { line });
        }
        Ok(())
    }

    /// An unfinished line is a prefix of a whole one. Whatever goes on after the end of a whole
    /// one was finished once and then damaged.
    fn tear(&mut self, line: usize, rest: &[u8]) -> Result<(), JournalError> {
        if rest.split_last().is_some_and(|(_, text)| verify(text).is_ok()) {
            return Err(JournalError::Corrupted { line, reason: "its end was overwritten" });
        }
        self.torn = rest.len();
        Ok(())
    }
}

/// What is read first: the part that never changes, whatever the schema of the record.
#[derive(Deserialize)]
struct Envelope {
    seq: u64,
    prev: Option<Digest>,
    schema: u32,
    by: String,
}

#[derive(Deserialize)]
struct Content {
    record: Record,
}

const NO_ENVELOPE: &str = "it has no number, predecessor, schema and writer";

/// The hash of a line whose bytes are those that were hashed.
pub(super) fn verify(text: &[u8]) -> Result<Digest, &'static str> {
    const HASH: usize = "sha256:".len() + 64;
    let unsealed = "it does not end in a hash";
    let text = text.strip_suffix(CLOSE).ok_or(unsealed)?;
    let (body, hash) = text.len().checked_sub(HASH).map(|at| text.split_at(at)).ok_or(unsealed)?;
    let body = body.strip_suffix(SEAL).ok_or(unsealed)?;
    let hash = str::from_utf8(hash).ok().and_then(|hash| hash.parse().ok()).ok_or(unsealed)?;
    if Digest::of(body) != hash {
        return Err("its hash is that of another text");
    }
    Ok(hash)
}

fn newer(line: usize, envelope: Envelope) -> JournalError {
    JournalError::Newer {
        line,
        found: envelope.schema,
        known: SCHEMA,
        writer: envelope.by,
        own: env!("CARGO_PKG_VERSION"),
    }
}

#[cfg(test)]
mod tests {
    use pilotage_rollout::journal::Entry;
    use pilotage_rollout::{Event, Moment};

    use super::super::encode::encode_by;
    use super::super::{Line, encode};
    use super::*;

    fn record(at: u64) -> Record {
        Record { at: Moment::from_millis(at), entry: Entry::Happened(Event::Woke) }
    }

    fn journal(records: u64) -> (Vec<u8>, Head) {
        let (mut bytes, mut head) = (Vec::new(), Head::EMPTY);
        for at in 0..records {
            let line = encode(&head, &record(at)).unwrap();
            bytes.extend(line.bytes);
            head = line.head;
        }
        (bytes, head)
    }

    /// The offsets behind the line feeds.
    fn ends(bytes: &[u8]) -> Vec<usize> {
        let feeds = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        feeds.map(|(at, _)| at + 1).collect()
    }

    #[test]
    fn what_was_written_is_read() {
        let (bytes, head) = journal(3);
        let decoded = decode(&bytes).unwrap();
        let records = (0..3).map(record).collect();
        assert_eq!(decoded, Decoded { records, head, torn: 0 });
        assert_eq!(head.records(), 3);
        assert_eq!(head.bytes(), bytes.len() as u64);
    }

    #[test]
    fn cut_at_every_byte_it_yields_the_last_whole_record_or_says_that_there_is_none() {
        let (bytes, _) = journal(3);
        let ends = ends(&bytes);
        for cut in 0..bytes.len() {
            let whole = ends.iter().filter(|end| **end <= cut).count();
            let torn = cut - ends[..whole].last().unwrap_or(&0);
            match decode(&bytes[..cut]) {
                Ok(decoded) => {
                    let records: Vec<_> = (0..whole as u64).map(record).collect();
                    assert_eq!((decoded.records, decoded.torn), (records, torn), "cut at {cut}");
                }
                Err(error) => {
                    assert_eq!((error, whole), (JournalError::Empty { torn }, 0), "cut at {cut}");
                }
            }
        }
    }

    #[test]
    fn every_flipped_bit_is_found() {
        let (bytes, _) = journal(3);
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut damaged = bytes.clone();
                damaged[at] ^= 1 << bit;
                let error = decode(&damaged).expect_err("a flipped bit must not go unnoticed");
                let line = ends(&bytes[..at]).len() + 1;
                assert!(
                    matches!(error, JournalError::Corrupted { line: found, .. } if found == line),
                    "bit {bit} of byte {at}, line {line}: {error}"
                );
            }
        }
    }

    #[test]
    fn lines_that_were_removed_moved_or_repeated_are_found() {
        let (bytes, _) = journal(3);
        let lines: Vec<_> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        let read = |order: &[usize]| {
            decode(&order.iter().flat_map(|at| lines[*at]).copied().collect::<Vec<_>>())
        };
        assert_eq!(read(&[1, 2]), Err(JournalError::MissingFirst { found: 1 }));
        assert_eq!(read(&[0, 2]), Err(JournalError::BrokenChain { line: 2 }));
        assert_eq!(read(&[0, 1, 1]), Err(JournalError::Forked { line: 3, record: 1 }));
        assert_eq!(read(&[0, 1, 0]), Err(JournalError::BrokenChain { line: 3 }));
    }

    #[test]
    fn two_processes_that_both_wrote_are_found() {
        let (mut bytes, head) = journal(2);
        for at in [8, 9] {
            bytes.extend(encode(&head, &record(at)).unwrap().bytes);
        }
        let error = decode(&bytes).unwrap_err();
        assert_eq!(error, JournalError::Forked { line: 4, record: 2 });
        assert!(error.to_string().contains("two processes wrote record 2"), "{error}");
    }

    #[test]
    fn a_line_of_another_journal_is_found() {
        let (mut bytes, _) = journal(1);
        let other = encode(&Head::EMPTY, &record(77)).unwrap().head;
        bytes.extend(encode(&other, &record(1)).unwrap().bytes);
        assert_eq!(decode(&bytes), Err(JournalError::BrokenChain { line: 2 }));
    }

    #[test]
    fn a_newer_schema_says_who_can_read_it() {
        let (mut bytes, head) = journal(1);
        let Line { bytes: line, .. } = encode_by(&head, &record(1), SCHEMA + 1, "9.8.7").unwrap();
        bytes.extend(line);
        let error = decode(&bytes).unwrap_err();
        assert!(matches!(&error, JournalError::Newer { line: 2, writer, .. } if writer == "9.8.7"));
        assert!(error.to_string().contains("use 9.8.7, which wrote it"), "{error}");
    }

    #[test]
    fn a_line_without_end_is_not_read() {
        let (mut bytes, head) = journal(1);
        bytes.resize(bytes.len() + LONGEST_LINE + 1, b'x');
        let limit = LONGEST_LINE;
        assert_eq!(decode(&bytes), Err(JournalError::TooLong { line: 2, limit }));
        let by = "x".repeat(limit);
        let refused = encode_by(&head, &record(1), SCHEMA, &by);
        assert_eq!(refused, Err(JournalError::TooLong { line: 2, limit }));
    }

    #[test]
    fn a_sound_line_without_a_record_is_found() {
        let body = br#"{"seq":0,"prev":null,"schema":1,"by":"0.1.0","record":{"at":0}"#;
        let hash = Digest::of(body).to_string();
        let line = [body, SEAL, hash.as_bytes(), CLOSE, b"\n"].concat();
        let reason = "it holds no record";
        assert_eq!(decode(&line), Err(JournalError::Corrupted { line: 1, reason }));
    }
}
