//! Where a text has likely secrets.
//!
//! Detectors give ranges of bytes; what two of them find at one place counts once, for the one that
//! knows best.

mod assignment;
mod catalogue;
mod manifest;
mod name;
mod pair;
mod shape;
mod special;
mod value;

use core::ops::Range;

use crate::rule::Rule;

/// A likely secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) rule: &'static Rule,
    pub(crate) range: Range<usize>,
}

/// All likely secrets of a text, in its order.
pub(crate) fn detect(text: &[u8]) -> Vec<Hit> {
    let mut hits = shape::find(text);
    // Whoever comes first knows best.
    for hit in manifest::find(text).into_iter().chain(assignment::find(text)) {
        let overlaps =
            |other: &Hit| other.range.start < hit.range.end && hit.range.start < other.range.end;
        if !hits.iter().any(overlaps) {
            hits.push(hit);
        }
    }
    hits.sort_by_key(|hit| hit.range.start);
    hits
}
