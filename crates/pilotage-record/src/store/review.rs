//! Whether a record can be relied on, by what a store holds and a policy believes.

use core::error::Error as _;

use serde::Serialize;

use super::{Archive, Doubt, EvidenceError};
use crate::event::{History, Standing};
use crate::record::{Record, RecordId};
use crate::text::Actor;

/// What a look at a record and at all that was said about it has found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Review {
    /// The record.
    pub record: RecordId,
    /// Who has signed that it was built, and is believed.
    pub vouched_for_by: Option<Actor>,
    /// How many events are believed.
    pub events: usize,
    /// Where chains of events have gaps or forks.
    pub damage: Vec<String>,
    /// What is there and counts for nothing. Anybody can put something there, so it proves nothing.
    pub doubtful: Vec<String>,
}

impl Review {
    /// Whether somebody vouches for the record and no chain is damaged.
    pub fn is_sound(&self) -> bool {
        self.vouched_for_by.is_some() && self.damage.is_empty()
    }
}

impl Archive<'_> {
    /// Looks at a record and at all that was said about it.
    pub async fn review(&self, record: &Record) -> Result<Review, EvidenceError> {
        let dossier = self.gather(&record.anchor()).await?;
        let doubtful = dossier.doubtful.iter().map(doubt).collect();
        let history = History::of(record.id(), dossier.events);
        let damage = history.chains().flat_map(|(scope, chain)| {
            chain.damage().iter().map(move |damage| format!("in `{scope}`, {damage}"))
        });
        Ok(Review {
            record: record.id(),
            vouched_for_by: Standing::of(&history).built.map(|grounds| grounds.by),
            events: history.chains().map(|(_, chain)| chain.events().count()).sum(),
            damage: damage.collect(),
            doubtful,
        })
    }
}

fn doubt(doubt: &Doubt) -> String {
    let causes = core::iter::successors(doubt.reason.source(), |error| (**error).source());
    let because: Vec<_> = causes.map(ToString::to_string).collect();
    let Doubt { entry, reason } = doubt;
    format!("{} {}: {reason}: {}", entry.kind, entry.digest.short(), because.join(": "))
}
