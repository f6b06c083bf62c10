//! Registries with the image of a place, and the verbs that bring it somewhere.

use std::sync::Arc;

use bytes::Bytes;
use pilotage_artifact::Digest;
use pilotage_registry::auth::Anonymous;
use pilotage_registry::{Artifact, Blob, Client, Manifest, Name, Payload, Remote, Settings};
use pilotage_testkit::fake::{FakeRegistry, HastyClock};

use crate::place::{AMD64, ARM64, index, manifest};

/// A registry on this machine.
pub(crate) async fn registry() -> FakeRegistry {
    FakeRegistry::start().await.expect("a free port")
}

pub(crate) fn remote(registry: &FakeRegistry, path: &str) -> Remote {
    let clock = Arc::<HastyClock>::default();
    let client = Client::new(Arc::new(Anonymous), clock, Settings::default());
    let repository = format!("{}/{path}", registry.name()).parse().expect("a repository");
    client.repository(&repository).expect("an address")
}

async fn put(at: &Remote, text: String) -> Manifest {
    let manifest = Manifest::parse(Bytes::from(text), None).expect("a manifest");
    at.put(&Name::Digest(manifest.digest()), &manifest).await.expect("it is taken");
    manifest
}

/// Pushes the image that the layout of a place holds, with an SBOM, as a build does.
pub(crate) async fn push_image(at: &Remote) -> Digest {
    for platform in [AMD64, ARM64] {
        let config = Bytes::from(platform);
        at.push(Blob::of(&config), &config, at.repository()).await.expect("it is taken");
        put(at, manifest(platform)).await;
    }
    let index = put(at, index()).await;
    at.put(&Name::Tag("build".parse().expect("a tag")), &index).await.expect("it is taken");
    let payload = Payload { media_type: "application/spdx+json".into(), bytes: "{}".into() };
    let artifact_type = "application/spdx+json".into();
    let sbom = Artifact { artifact_type, annotations: [].into(), payloads: vec![payload] };
    at.attach(index.digest(), &sbom).await.expect("it is taken");
    index.digest()
}

/// Pushes the same image in other bytes, which is another image.
pub(crate) async fn push_other(at: &Remote) -> Digest {
    put(at, index().replace("\"schemaVersion\":2", "\"schemaVersion\": 2")).await.digest()
}
