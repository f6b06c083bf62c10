//! What has moved since a release was planned, and what a rollback would miss.

use std::collections::BTreeSet;

use pilotage_rollout::Moment;

use super::{Described, Pins};
use crate::{Description, Failure, Locator, VersionId};

/// A locator that means another version than it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// Which.
    pub locator: Locator,
    /// The version that is pinned.
    pub pinned: VersionId,
    /// The version that it means now; none if it means none any more.
    pub now: Option<VersionId>,
}

/// A pin that a rollback cannot rely on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// Of which locator.
    pub locator: Locator,
    /// Which version.
    pub pinned: VersionId,
    /// Why not.
    pub loss: Loss,
}

/// Why a pin cannot be relied on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Loss {
    /// The version is not there any more.
    Gone,
    /// The version has no stage left, so that it may be pruned at any time.
    Unlabelled,
    /// The whole secret is scheduled for deletion.
    Deleting(Moment),
    /// It cannot be said.
    Unknown(Failure),
}

/// Which locators mean another version now than was pinned.
pub fn drift(pinned: &Pins, now: &Pins) -> Vec<Drift> {
    let moved = pinned.iter().filter(|(locator, version)| now.get(locator) != Some(version));
    let drift = |(locator, version): (&Locator, &VersionId)| Drift {
        locator: locator.clone(),
        pinned: version.clone(),
        now: now.get(locator).cloned(),
    };
    moved.map(drift).collect()
}

/// What has to be described to know what a rollback would miss.
pub fn to_describe(pins: &Pins) -> impl Iterator<Item = Locator> {
    pins.iter().filter_map(|(locator, version)| locator.pin(version))
}

/// Which pins a rollback cannot rely on, from descriptions of the pinned locators.
pub fn lost(pins: &Pins, described: &Described) -> Vec<Lost> {
    let lost = |(locator, version): (&Locator, &VersionId)| {
        let pinned = locator.pin(version)?;
        let loss = match described.get(&pinned) {
            None => Some(Loss::Unknown(Failure::Missing)),
            Some(Err(Failure::Missing | Failure::NoSuchVersion)) => Some(Loss::Gone),
            Some(Err(failure)) => Some(Loss::Unknown(failure.clone())),
            Some(Ok(description)) => loss(&pinned, version, description),
        }?;
        Some(Lost { locator: locator.clone(), pinned: version.clone(), loss })
    };
    pins.iter().filter_map(lost).collect()
}

fn loss(pinned: &Locator, version: &VersionId, description: &Description) -> Option<Loss> {
    if let Some(gone_at) = description.gone_at {
        return Some(Loss::Deleting(gone_at));
    }
    if description.version.as_ref() != Some(version) {
        return Some(Loss::Gone);
    }
    // Only Secrets Manager prunes what has no label; elsewhere a version stays until it is deleted.
    let stages = description.versions.get(version);
    let bare =
        matches!(pinned, Locator::SecretsManager(_)) && stages.is_none_or(BTreeSet::is_empty);
    bare.then_some(Loss::Unlabelled)
}
