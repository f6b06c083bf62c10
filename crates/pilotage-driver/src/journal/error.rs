//! Journals that cannot be read, and records that cannot be written.

/// What is wrong with a journal. Lines are counted from one, as editors do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// There is no whole line.
    #[error(
        "the journal has no whole line ({torn} bytes of an unfinished one): the process died \
         before the run began, so nothing was done; start a new run"
    )]
    Empty {
        /// How many bytes of an unfinished line there are.
        torn: usize,
    },
    /// The first line is not the first of a journal.
    #[error(
        "the journal begins with record {found} instead of record 0: its beginning was cut off; \
         restore the whole file"
    )]
    MissingFirst {
        /// The first record's number.
        found: u64,
    },
    /// A line is not what was written.
    #[error("line {line} of the journal is corrupted, {reason}: restore the file from a copy")]
    Corrupted {
        /// Which line.
        line: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A line is sound and does not follow the one before.
    #[error(
        "line {line} of the journal does not follow the one before it: lines were removed, added \
         or moved; restore the file from a copy"
    )]
    BrokenChain {
        /// Which line.
        line: usize,
    },
    /// Two lines follow the same one.
    #[error(
        "the journal is forked at line {line}: two processes wrote record {record}; compare with \
         the live target, then end the run with `abort` from a copy that has one of them only"
    )]
    Forked {
        /// The line of the second one.
        line: usize,
        /// The number that both have.
        record: u64,
    },
    /// A newer program wrote it.
    #[error(
        "line {line} of the journal has schema {found}, and this is {own}, which reads up to \
         schema {known}: use {writer}, which wrote it, or a newer version"
    )]
    Newer {
        /// Which line.
        line: usize,
        /// Its schema.
        found: u32,
        /// The newest schema that is known here.
        known: u32,
        /// The version that wrote it.
        writer: String,
        /// The version of this program.
        own: &'static str,
    },
    /// A line is longer than any record.
    #[error("line {line} of the journal is longer than {limit} bytes, which no record is")]
    TooLong {
        /// Which line.
        line: usize,
        /// How long it may be.
        limit: usize,
    },
    /// A record cannot be written as JSON.
    #[error("record {record} cannot be written down: {reason}")]
    Unwritable {
        /// Its number.
        record: u64,
        /// What the encoder said.
        reason: String,
    },
}
