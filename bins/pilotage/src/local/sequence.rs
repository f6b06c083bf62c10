//! How new a release is, if nobody says so.

use pilotage_artifact::{Release, ReleaseId};
use pilotage_cli::PlatformError;
use pilotage_host::local::Client;

use super::unusable;

/// What this machine knows of it, or one more than of all others.
pub(super) async fn of(client: &Client, id: &ReleaseId) -> Result<u64, PlatformError> {
    let seen = client.observe().await;
    let seen = seen.map_err(|error| unusable("the daemon does not say what it knows", error))?;
    let known: Vec<&Release> = seen.groups.iter().map(|group| &group.release).collect();
    Ok(among(&known, id))
}

fn among(known: &[&Release], id: &ReleaseId) -> u64 {
    let own = known.iter().find(|release| release.id == *id).map(|release| release.sequence);
    let newest = known.iter().map(|release| release.sequence).max();
    own.unwrap_or_else(|| newest.map_or(1, |newest| newest.saturating_add(1)))
}

#[cfg(test)]
mod tests {
    use pilotage_artifact::Digest;

    use super::*;

    #[test]
    fn a_known_release_keeps_its_place_and_a_new_one_is_the_newest() {
        let id = |name: &str| name.parse().expect("a name");
        let digest = Digest::of(b"content");
        let v1 = Release { id: id("v1"), digest, sequence: 4 };
        let v2 = Release { id: id("v2"), digest, sequence: 7 };
        let known = [&v1, &v2];
        let sequences = ["v1", "v2", "v3"].map(|name| among(&known, &id(name)));
        assert_eq!(sequences, [4, 7, 8]);
        assert_eq!(among(&[], &id("v1")), 1);
    }
}
