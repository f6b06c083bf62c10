//! How the server carries a change out: beside reads and writes, or instead of them.

use core::ops::Range;

use crate::reading::Reading;
use crate::rule::{Lock, Work, catalogue as rules};
use crate::sql::Cursor;

/// The best way that the server has for a change, from the cheapest to the dearest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// The catalogue alone changes.
    Metadata,
    /// The catalogue alone changes, only by `INPLACE`.
    InPlace,
    /// An index is built beside reads and writes.
    Build,
    /// The table is built again beside reads and writes.
    Rebuild,
    /// It depends on what was there, which is not in the text.
    Unknown,
    /// An index is built, and nobody writes meanwhile.
    BlockingBuild,
    /// The table is copied, and nobody writes meanwhile.
    Copy,
}

/// What a statement asks for by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Asked {
    algorithm: Option<Algorithm>,
    lock: Option<Hold>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    Instant,
    NoCopy,
    InPlace,
    Copy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hold {
    None,
    Shared,
    Exclusive,
}

impl Asked {
    /// Learns from a clause whether it asks for something; says so.
    pub(super) fn hear(&mut self, mut clause: Cursor<'_>) -> bool {
        let Some(word) = clause.eat_any(&["ALGORITHM", "LOCK"]) else { return false };
        clause.eat_symbol(b'=');
        match (word, clause.word().as_str()) {
            ("ALGORITHM", "INSTANT") => self.algorithm = Some(Algorithm::Instant),
            ("ALGORITHM", "NOCOPY") => self.algorithm = Some(Algorithm::NoCopy),
            ("ALGORITHM", "INPLACE") => self.algorithm = Some(Algorithm::InPlace),
            ("ALGORITHM", "COPY") => self.algorithm = Some(Algorithm::Copy),
            ("LOCK", "NONE") => self.lock = Some(Hold::None),
            ("LOCK", "SHARED") => self.lock = Some(Hold::Shared),
            ("LOCK", "EXCLUSIVE") => self.lock = Some(Hold::Exclusive),
            _ => {}
        }
        true
    }

    /// Whether the server refuses this way, because less was asked for.
    fn refuses(self, way: Way) -> bool {
        let by_algorithm = match self.algorithm {
            Some(Algorithm::Instant) => way > Way::Metadata,
            Some(Algorithm::NoCopy) => way == Way::Rebuild || way == Way::Copy,
            Some(Algorithm::InPlace) => way == Way::Copy,
            Some(Algorithm::Copy) | None => false,
        };
        by_algorithm || (self.lock == Some(Hold::None) && way >= Way::BlockingBuild)
    }

    /// Whether the server rather refuses than copies.
    fn guards(self) -> bool {
        matches!(self.algorithm, Some(Algorithm::Instant | Algorithm::NoCopy | Algorithm::InPlace))
            || self.lock == Some(Hold::None)
    }
}

/// Reports what a change by this way means, given what was asked for.
pub(super) fn report(
    way: Way,
    asked: Asked,
    (span, about): (Range<usize>, String),
    reading: &mut Reading,
) {
    let copy = (Lock::MetadataShared, Work::Rewrite);
    if asked.algorithm == Some(Algorithm::Copy) {
        return reading.found_under(rules::COPIES_TABLE, span, about, copy);
    }
    if matches!(asked.lock, Some(Hold::Shared | Hold::Exclusive)) {
        let lock = (Lock::MetadataShared, Work::Build);
        return reading.found_under(rules::LOCK_TABLE, span, about, lock);
    }
    if way != Way::Unknown && asked.refuses(way) {
        reading.takes(Lock::MetadataBriefly, Work::Moment);
        return reading.found(rules::ALGORITHM_REFUSED, span, about);
    }
    let briefly = Lock::MetadataBriefly;
    match way {
        Way::Metadata | Way::InPlace => reading.takes(briefly, Work::Moment),
        Way::Build | Way::Unknown if asked.guards() => reading.takes(briefly, Work::Build),
        Way::Build => {
            reading.found_under(rules::ONLINE_BUILD, span, about, (briefly, Work::Build));
        }
        Way::Rebuild => {
            reading.found_under(rules::REBUILDS_TABLE, span, about, (briefly, Work::Rewrite));
        }
        Way::Unknown => reading.found_under(rules::MAY_COPY, span, about, copy),
        Way::BlockingBuild => {
            let lock = (Lock::MetadataShared, Work::Build);
            reading.found_under(rules::BUILDS_BLOCKING, span, about, lock);
        }
        Way::Copy => reading.found_under(rules::COPIES_TABLE, span, about, copy),
    }
}
