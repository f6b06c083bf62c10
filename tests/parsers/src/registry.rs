//! What registries send.

use bytes::Bytes;
use pilotage_artifact::Digest;
use pilotage_registry::Manifest;
use pilotage_registry::auth::Challenge;

/// Manifests: the bytes stay, and whoever reads them again reads the same.
pub(super) fn manifest(bytes: &[u8]) {
    let bytes = Bytes::copy_from_slice(bytes);
    for sent_as in [None, Some("application/vnd.oci.image.index.v1+json")] {
        let Ok(manifest) = Manifest::parse(bytes.clone(), sent_as) else { continue };
        assert_eq!(manifest.bytes(), &bytes);
        assert_eq!(manifest.digest(), Digest::of(&bytes));
        assert!(manifest.parts().is_ok(), "a manifest that exists can be copied");
        let again = Manifest::parse(bytes.clone(), Some(manifest.media_type())).ok();
        assert_eq!(again, Some(manifest));
    }
}

/// Challenges: a way in that was offered is found wherever it stands.
pub(super) fn challenge(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let found = Challenge::parse(text);
    let with_one_more = Challenge::parse(&format!("Basic realm=\"x\", {text}"));
    assert_eq!(with_one_more.first(), Some(&Challenge::Basic), "{text:?}");
    assert!(with_one_more.len() > found.len() || found.is_empty(), "{text:?}");
    for one in found {
        if let Challenge::Bearer { realm, .. } = one {
            assert!(!realm.is_empty(), "{text:?}");
        }
    }
}
