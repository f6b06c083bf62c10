//! The tags by which Pilotage knows its own things in ECS, and what they mean.

use std::collections::BTreeMap;

use pilotage_artifact::{Release, ReleaseId};
use pilotage_aws::ecs::Service;
use pilotage_rollout::Fence;

/// On a service: the number of the owner who may write.
const FENCE: &str = "pilotage:fence";
/// On a service of a pair: the release that requests were given to there last.
const SERVED: &str = "pilotage:served";
/// On a task definition: the release that it was registered for.
const RELEASE: &str = "pilotage:release";
/// On a task definition: the release's place in the order of releases.
const SEQUENCE: &str = "pilotage:sequence";

/// The fence of the service; none was claimed where the tag is missing. One that is no number was not
/// written by us, and nobody is let in by it.
pub(crate) fn fence(service: &Service) -> Fence {
    let told = service.tags.get(FENCE);
    Fence(told.map_or(0, |told| told.parse().unwrap_or(u64::MAX)))
}

/// What claims a service.
pub(crate) fn claim(fence: Fence) -> BTreeMap<String, String> {
    BTreeMap::from([(FENCE.into(), fence.0.to_string())])
}

/// The release that has served at a service.
pub(crate) fn served(service: &Service) -> Option<ReleaseId> {
    service.tags.get(SERVED)?.parse().ok()
}

/// What tells that a release has served.
pub(crate) fn of_served(release: &ReleaseId) -> BTreeMap<String, String> {
    BTreeMap::from([(SERVED.into(), release.to_string())])
}

/// What tells the release of a task definition.
pub(crate) fn of_release(release: &Release) -> BTreeMap<String, String> {
    BTreeMap::from([
        (RELEASE.into(), release.id.to_string()),
        (SEQUENCE.into(), release.sequence.to_string()),
    ])
}

/// The release that a task definition was registered for, and its place in the order.
pub(crate) fn release(tags: &BTreeMap<String, String>) -> Option<(ReleaseId, u64)> {
    let id = tags.get(RELEASE)?.parse().ok()?;
    let sequence = tags.get(SEQUENCE).and_then(|told| told.parse().ok());
    Some((id, sequence.unwrap_or(0)))
}
