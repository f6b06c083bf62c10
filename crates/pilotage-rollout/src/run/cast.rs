//! An observation with the parts given out: who is the candidate, who is stable, who is neither.

use alloc::format;
use alloc::string::String;

use pilotage_artifact::ReleaseId;

use crate::Share;
use crate::plan::Plan;
use crate::target::{Group, Observation};

/// The live state from the point of view of a plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cast<'a> {
    pub(super) seen: &'a Observation,
    pub(super) candidate: Option<&'a Group>,
    pub(super) stable: Option<&'a Group>,
    /// A live group that the plan knows nothing of.
    pub(super) stranger: Option<&'a Group>,
}

impl<'a> Cast<'a> {
    pub(super) fn of(plan: &Plan, seen: &'a Observation) -> Self {
        let is_candidate = |group: &&Group| group.runs(&plan.to);
        let is_stable = |group: &&Group| plan.from.as_ref().is_some_and(|from| group.runs(from));
        let mut groups = seen.groups.iter();
        Self {
            seen,
            candidate: seen.groups.iter().find(is_candidate),
            stable: seen.groups.iter().find(is_stable),
            stranger: groups
                .find(|group| group.is_live() && !is_candidate(group) && !is_stable(group)),
        }
    }

    /// The candidate's traffic.
    pub(super) fn share(self) -> Share {
        self.candidate.map_or(Share::NONE, |group| group.share)
    }

    pub(super) fn candidate_units(self) -> u16 {
        self.candidate.map_or(0, |group| group.desired)
    }

    pub(super) fn candidate_ready(self) -> u16 {
        self.candidate.map_or(0, |group| group.ready)
    }

    pub(super) fn stable_units(self) -> u16 {
        self.stable.map_or(0, |group| group.desired)
    }

    pub(super) fn stable_ready(self) -> u16 {
        self.stable.map_or(0, |group| group.ready)
    }

    /// Whether the candidate has units and all of them are ready.
    pub(super) fn candidate_is_well(self) -> bool {
        self.candidate.is_some_and(|group| group.desired > 0 && group.ready >= group.desired)
    }

    /// A unit of the candidate that waiting cannot help.
    pub(super) fn hopeless(self) -> Option<String> {
        let failing = self.candidate?.failing.iter().find(|failing| failing.hopeless)?;
        Some(format!("{}: {}", failing.unit, failing.reason))
    }

    /// Why the candidate is not well, in its units' own words where there are some.
    pub(super) fn symptoms(self, units: u16) -> String {
        let words = self.candidate.and_then(|group| group.failing.first());
        let ready = self.candidate_ready();
        match words {
            Some(failing) => {
                format!("{ready} of {units} units ready; {}: {}", failing.unit, failing.reason)
            }
            None => format!("{ready} of {units} units ready"),
        }
    }

    /// A release that is live and should not be.
    pub(super) fn stranger_id(self) -> Option<&'a ReleaseId> {
        self.stranger.map(|group| &group.release.id)
    }
}
