//! The live state that a plan depends on, in one digest.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use pilotage_artifact::Digest;

use crate::target::Observation;

/// What runs and who serves. The number of units is left out on purpose: an autoscaler moves it
/// all day, and the engine follows it anyway.
pub(crate) fn fingerprint(live: &Observation) -> Digest {
    let mut lines: Vec<String> = live
        .groups
        .iter()
        .filter(|group| group.is_live())
        .map(|group| {
            let (release, share) = (&group.release, group.share.basis_points());
            format!("{} {} {share}\n", release.id, release.digest)
        })
        .collect();
    lines.sort_unstable();
    lines.push(format!("{}\n", live.incarnation));
    Digest::of(lines.concat().as_bytes())
}
