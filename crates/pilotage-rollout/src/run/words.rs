//! The words in an event that are not the engine's own.
//!
//! Platforms, units, databases and people explain themselves in free text. Whoever brings an event
//! in may have to change these words, to take a secret out for example, before anybody acts upon
//! them or writes them down. Names by which things are found again are not among them.

use alloc::string::String;
use alloc::vec::Vec;

use pilotage_judge::Reading;

use super::{Answer, Event};
use crate::target::{Delegation, Observation, Outcome, ReadFailure, Rejection, Schema};

impl Event {
    /// Every word in it that somebody else has said.
    pub fn words_mut(&mut self) -> Vec<&mut String> {
        match self {
            Self::Acted(outcome) => outcome_mut(outcome).into_iter().collect(),
            Self::Observed(Ok(seen)) => observation_mut(seen),
            Self::Observed(Err(failure)) | Self::Inspected(Err(failure)) => {
                [failure_mut(failure)].into()
            }
            Self::Inspected(Ok(Schema::Dirty { reason }))
            | Self::Probed(Err(reason))
            | Self::LeaseLost { reason }
            | Self::Answered(Answer::Approved { by: reason } | Answer::Declined { reason })
            | Self::Aborted { by: reason } => [reason].into(),
            Self::Measured(readings) => readings.iter_mut().filter_map(missing_mut).collect(),
            Self::Inspected(Ok(Schema::Absent | Schema::Applying | Schema::Applied))
            | Self::Probed(Ok(()))
            | Self::Answered(Answer::Pending)
            | Self::Woke
            | Self::Interrupted
            | Self::Resumed { .. } => Vec::new(),
        }
    }
}

const fn outcome_mut(outcome: &mut Outcome) -> Option<&mut String> {
    match outcome {
        Outcome::Unknown { reason }
        | Outcome::NotApplied(Rejection::Busy { reason, .. } | Rejection::Refused { reason }) => {
            Some(reason)
        }
        Outcome::Applied | Outcome::NotApplied(Rejection::StaleFence { .. }) => None,
    }
}

const fn failure_mut(failure: &mut ReadFailure) -> &mut String {
    match failure {
        ReadFailure::Unavailable { reason, .. } | ReadFailure::Refused { reason } => reason,
    }
}

const fn missing_mut(reading: &mut Reading) -> Option<&mut String> {
    match reading {
        Reading::Missing { reason } => Some(reason),
        Reading::Ratio { .. } | Reading::Gauge { .. } => None,
    }
}

fn observation_mut(seen: &mut Observation) -> Vec<&mut String> {
    let failing = seen.groups.iter_mut().flat_map(|group| &mut group.failing);
    let mut words: Vec<&mut String> = failing.map(|failing| &mut failing.reason).collect();
    match &mut seen.delegation {
        Delegation::Failed { reason, .. } | Delegation::RolledBack { reason, .. } => {
            words.push(reason);
        }
        Delegation::Idle
        | Delegation::Rolling { .. }
        | Delegation::Awaiting { .. }
        | Delegation::Complete { .. } => {}
    }
    words
}

#[cfg(test)]
mod tests {
    use alloc::borrow::ToOwned as _;
    use alloc::string::ToString;
    use alloc::{format, vec};

    use pilotage_artifact::{Digest, Release};

    use super::*;
    use crate::Share;
    use crate::target::{Failing, Fence, Group};

    const SECRET: &str = "hunter2";

    fn observed() -> Event {
        let id: pilotage_artifact::ReleaseId = "v1".parse().expect("a name");
        let reason = SECRET.to_string();
        let failing = vec![Failing { unit: "u".into(), reason: reason.clone(), hopeless: false }];
        let group = Group {
            release: Release { id: id.clone(), digest: Digest::of(b"v1"), sequence: 1 },
            desired: 1,
            ready: 0,
            restarts: 0,
            in_flight: None,
            share: Share::NONE,
            failing,
        };
        let delegation = Delegation::Failed { release: id, reason };
        let fence = Fence::default();
        Event::Observed(Ok(Observation { fence, incarnation: 1, groups: vec![group], delegation }))
    }

    #[test]
    fn no_word_of_others_is_left_out() {
        let reason = || SECRET.to_string();
        let refused = || ReadFailure::Refused { reason: reason() };
        let busy = || Rejection::Busy { reason: reason(), retry_after: None };
        for mut event in [
            Event::Acted(Outcome::Unknown { reason: reason() }),
            Event::Acted(Outcome::NotApplied(busy())),
            Event::Acted(Outcome::NotApplied(Rejection::Refused { reason: reason() })),
            observed(),
            Event::Observed(Err(refused())),
            Event::Inspected(Ok(Schema::Dirty { reason: reason() })),
            Event::Inspected(Err(ReadFailure::Unavailable { reason: reason(), retry_after: None })),
            Event::Probed(Err(reason())),
            Event::Measured(vec![Reading::Missing { reason: reason() }]),
            Event::Answered(Answer::Approved { by: reason() }),
            Event::Answered(Answer::Declined { reason: reason() }),
            Event::Aborted { by: reason() },
            Event::LeaseLost { reason: reason() },
        ] {
            event.words_mut().into_iter().for_each(|word| "masked".clone_into(word));
            let told = format!("{event:?}");
            assert!(told.contains("masked") && !told.contains(SECRET), "{told}");
        }
    }
}
