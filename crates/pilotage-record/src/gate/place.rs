//! What is in an environment now, from the events of all releases there.

use std::collections::BTreeMap;

use crate::event::{Grounds, History, InEnvironment, Proven, Standing};
use crate::record::RecordId;
use crate::text::EnvironmentName;

/// An environment, as far as the events say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// What serves there.
    pub running: Option<Running>,
    /// Which releases it stays with.
    pub holds: Vec<Hold>,
}

/// A release that serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// Which.
    pub record: RecordId,
    /// Its place in the order of releases.
    pub sequence: u64,
    /// What says so.
    pub grounds: Grounds,
}

/// That an environment stays with a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Which.
    pub record: RecordId,
    /// Who says so, and why.
    pub grounds: Grounds,
}

impl Place {
    /// What the events of an environment add up to: the release that came to serve last and was
    /// not taken back.
    pub fn of(environment: &EnvironmentName, events: impl IntoIterator<Item = Proven>) -> Self {
        let mut releases: BTreeMap<RecordId, Vec<Proven>> = BTreeMap::new();
        for proven in events {
            releases.entry(proven.event().record).or_default().push(proven);
        }
        let mut place = Self::default();
        for (record, events) in releases {
            let standing = Standing::of(&History::of(record, events));
            place.take(record, standing.in_environment(environment));
        }
        place
    }

    fn take(&mut self, record: RecordId, there: InEnvironment) {
        if let Some(grounds) = there.held {
            self.holds.push(Hold { record, grounds });
        }
        let Some((grounds, sequence)) = there.deployed else { return };
        let later = self.running.as_ref().is_none_or(|known| known.grounds.at <= grounds.at);
        if there.rolled_back.is_none() && later {
            self.running = Some(Running { record, sequence, grounds });
        }
    }
}
