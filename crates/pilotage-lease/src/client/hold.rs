//! A person's word.

use super::{LeaseClient, LeaseError};
use crate::{Hold, Proposal, Record, Stored, Written};

/// What came of a person's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HoldOutcome {
    /// Nobody will take the lease. An ownership that exists goes on; this is what is there.
    OnHold(Record),
    /// Somebody else had said so before.
    Already(Hold),
}

/// What came of taking a word back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnholdOutcome {
    /// It is taken back.
    Lifted,
    /// There is none.
    NotOnHold,
    /// It is the word of somebody else, who is named.
    Others(Hold),
}

/// How often a word is tried to be written while others write as well.
const TRIES: u32 = 12;

impl LeaseClient {
    /// Gives a person's word that nobody may take the lease.
    pub async fn hold(&self, hold: Hold) -> Result<HoldOutcome, LeaseError> {
        for _ in 0..TRIES {
            let found = self.read().await?;
            match found.as_ref().and_then(|stored| stored.record.hold.clone()) {
                Some(there) if there != hold => return Ok(HoldOutcome::Already(there)),
                Some(_) => return Ok(HoldOutcome::OnHold(found.map_or(Record::BLANK, record))),
                None => {}
            }
            let (record, written) = self.put(found, Some(hold.clone())).await?;
            if matches!(written, Written::Applied(_)) {
                return Ok(HoldOutcome::OnHold(record));
            }
        }
        Err(self.unsettled(TRIES))
    }

    /// Takes back the word of this person. To lift the word of somebody else, name them.
    pub async fn unhold(&self, by: &str) -> Result<UnholdOutcome, LeaseError> {
        let mut tried = false;
        for _ in 0..TRIES {
            let found = self.read().await?;
            match found.as_ref().and_then(|stored| stored.record.hold.clone()) {
                None if tried => return Ok(UnholdOutcome::Lifted),
                None => return Ok(UnholdOutcome::NotOnHold),
                Some(hold) if hold.by != by => return Ok(UnholdOutcome::Others(hold)),
                Some(_) => {}
            }
            tried = true;
            let (_, written) = self.put(found, None).await?;
            if matches!(written, Written::Applied(_)) {
                return Ok(UnholdOutcome::Lifted);
            }
        }
        Err(self.unsettled(TRIES))
    }

    async fn put(
        &self,
        found: Option<Stored>,
        hold: Option<Hold>,
    ) -> Result<(Record, Written), LeaseError> {
        let expected = found.as_ref().map(|stored| stored.tag.clone());
        let record = Record { hold, ..found.map_or(Record::BLANK, record).next() };
        let proposal = Proposal { expected, record: record.clone() };
        Ok((record, self.write(&proposal).await?))
    }
}

fn record(stored: Stored) -> Record {
    stored.record
}
