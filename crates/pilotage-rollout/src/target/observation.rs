//! What can be seen at a target at one moment.

use alloc::string::String;
use alloc::vec::Vec;

use pilotage_artifact::{Release, ReleaseId};
use serde::{Deserialize, Serialize};

use super::Fence;
use crate::Share;

/// The live state of a target, read from where it is true: traffic from the router, units from
/// the platform, never from a container list or a tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observation {
    /// The highest fence that was claimed here.
    pub fence: Fence,
    /// Tells this target from one that was deleted and made again under the same name.
    pub incarnation: u64,
    /// What runs or serves, one group a release.
    pub groups: Vec<Group>,
    /// What the platform's own rollout controller is doing.
    pub delegation: Delegation,
}

impl Observation {
    /// The group that runs this release, if there is one.
    pub fn group(&self, release: &ReleaseId) -> Option<&Group> {
        self.groups.iter().find(|group| group.release.id == *release)
    }
}

/// All units of one release at a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// What they run, by the digest that was read back from the units.
    pub release: Release,
    /// How many there shall be.
    pub desired: u16,
    /// How many answer health checks as this release.
    pub ready: u16,
    /// How often units of this group were restarted so far.
    pub restarts: u32,
    /// Requests that are still being answered, where the target can count them.
    pub in_flight: Option<u32>,
    /// The share of traffic that the router gives to it.
    pub share: Share,
    /// Units that do not become ready, in their own words.
    pub failing: Vec<Failing>,
}

impl Group {
    /// Whether its units run exactly the content of this release. The place in the order of
    /// releases is no part of that, and a target need not know it.
    pub fn runs(&self, release: &Release) -> bool {
        self.release.id == release.id && self.release.digest == release.digest
    }

    /// Whether it holds units or gets traffic.
    pub fn is_live(&self) -> bool {
        self.desired > 0 || self.share > Share::NONE
    }
}

/// A unit that does not become ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failing {
    /// Its name at the platform.
    pub unit: String,
    /// Why, in the platform's or the unit's own words.
    pub reason: String,
    /// Whether waiting cannot help: the image does not exist, a secret may not be read.
    pub hopeless: bool,
}

/// What the platform's own rollout controller is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Delegation {
    /// Nothing, or there is no such controller.
    Idle,
    /// It rolls to this release.
    Rolling {
        /// Where to.
        release: ReleaseId,
    },
    /// It rolls to this release and waits at a hook.
    Awaiting {
        /// Where to.
        release: ReleaseId,
        /// What it waits at.
        hook: String,
    },
    /// It has brought up this release completely.
    Complete {
        /// Which one.
        release: ReleaseId,
    },
    /// It gave up on this release and left things as they are.
    Failed {
        /// Which one it could not bring up.
        release: ReleaseId,
        /// The platform's reason.
        reason: String,
    },
    /// It gave up on this release and is going back, or went back, by itself.
    RolledBack {
        /// Which one it could not bring up.
        release: ReleaseId,
        /// The platform's reason.
        reason: String,
    },
}

/// What is known of a set of expand migrations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Schema {
    /// It was not applied.
    Absent,
    /// Somebody is applying it right now.
    Applying,
    /// It is applied completely.
    Applied,
    /// It failed half-way; a person must repair it.
    Dirty {
        /// What the database or the migrator said.
        reason: String,
    },
}
