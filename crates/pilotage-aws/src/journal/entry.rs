//! A line that is to be added, as far as it can be judged without asking anybody.

use pilotage_driver::journal::Head;
use pilotage_driver::role::{StoreError, nameable};
use pilotage_rollout::journal::RunId;

use super::LARGEST;

/// A line that is to be added to a journal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) run: &'a RunId,
    /// Where the journal must end.
    pub(super) expected: &'a Head,
    /// Where it then ends.
    pub(super) after: Head,
    pub(super) line: &'a [u8],
}

impl<'a> Entry<'a> {
    pub(super) fn new(
        place: &str,
        run: &'a RunId,
        expected: &'a Head,
        line: &'a [u8],
    ) -> Result<Self, StoreError> {
        nameable(run)?;
        let after = expected.after(line).ok_or_else(|| no_line(place))?;
        let bytes = after.bytes();
        if bytes > LARGEST {
            return Err(StoreError::TooLarge { run: run.clone(), bytes, limit: LARGEST });
        }
        Ok(Self { run, expected, after, line })
    }

    /// The answer that the journal ends elsewhere.
    pub(super) fn conflict(&self, found: impl Into<String>) -> StoreError {
        let (run, expected) = (self.run.clone(), Box::new(*self.expected));
        StoreError::Conflict { run, expected, found: found.into() }
    }

    /// The answer that there is no journal that the line could be added to.
    pub(super) fn absent(&self, place: String) -> StoreError {
        StoreError::NotFound { run: self.run.clone(), place }
    }
}

fn no_line(place: &str) -> StoreError {
    let reason = "what it was given is no whole line of a journal, and was not sent".into();
    StoreError::Unavailable { place: place.into(), reason, source: None }
}
