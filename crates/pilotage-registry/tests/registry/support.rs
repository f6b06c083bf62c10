//! Images to promote, and registries to promote them between.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;
use pilotage_artifact::{Digest, Repository, Tag};
use pilotage_driver::role::{Clock, SystemClock};
use pilotage_registry::auth::{Anonymous, Credentials};
use pilotage_registry::copy::{Class, Copied, Order, Silent, copy};
use pilotage_registry::{Blob, Client, Error, Manifest, Name, Remote, Settings};
use pilotage_testkit::fake::{FakeRegistry, HastyClock};
use serde_json::{Value, json};

pub(crate) const INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub(crate) const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";

pub(crate) fn client() -> Client {
    client_with(Arc::new(Anonymous), Arc::<HastyClock>::default(), Settings::default())
}

/// A client that really waits before it repeats something, as real registries need it.
pub(crate) fn patient() -> Client {
    client_with(Arc::new(Anonymous), Arc::new(SystemClock::new()), Settings::default())
}

pub(crate) fn client_with(
    credentials: Arc<dyn Credentials>,
    clock: Arc<dyn Clock>,
    settings: Settings,
) -> Client {
    Client::new(credentials, clock, settings)
}

/// A repository that no other test uses, also in a registry that outlives the test.
pub(crate) fn remote(client: &Client, registry: &str, path: &str) -> Remote {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let path = format!("test-{}/{path}-{number}", std::process::id());
    crate::ecr::provide(registry, &path);
    let unique = format!("{registry}/{path}");
    client.repository(&unique.parse().expect("a repository")).expect("an address")
}

/// A repository of exactly this name.
pub(crate) fn named(client: &Client, registry: &str, path: &str) -> Remote {
    let repository: Repository = format!("{registry}/{path}").parse().expect("a repository");
    client.repository(&repository).expect("an address")
}

pub(crate) async fn fake() -> FakeRegistry {
    FakeRegistry::start().await.expect("a free port")
}

pub(crate) fn tag(text: &str) -> Tag {
    text.parse().expect("a tag")
}

pub(crate) fn by_tag(text: &str) -> Name {
    Name::Tag(tag(text))
}

pub(crate) fn path(remote: &Remote) -> &str {
    remote.repository().path()
}

pub(crate) async fn promote(order: &Order) -> Result<Copied, Error> {
    copy(order, Arc::new(Silent)).await
}

/// An order with one tag that must not move.
pub(crate) fn order(from: &Remote, to: &Remote, digest: Digest, version: &str) -> Order {
    Order::new(from.clone(), to.clone(), digest).tag(tag(version), Class::Immutable)
}

/// Bytes that nobody else has.
pub(crate) fn noise(seed: &str, length: usize) -> Bytes {
    let blocks = (0..).flat_map(|n: u32| *Digest::of(format!("{seed} {n}").as_bytes()).bytes());
    blocks.take(length).collect()
}

pub(crate) async fn push(at: &Remote, bytes: Bytes) -> Blob {
    let blob = Blob::of(&bytes);
    at.push(blob, &bytes, at.repository()).await.expect("it is taken");
    blob
}

pub(crate) fn described(media_type: &str, blob: Blob) -> Value {
    json!({ "mediaType": media_type, "digest": blob.digest, "size": blob.size })
}

pub(crate) async fn put(at: &Remote, text: String) -> Manifest {
    let manifest = Manifest::parse(Bytes::from(text), None).expect("a manifest");
    at.put(&Name::Digest(manifest.digest()), &manifest).await.expect("it is taken");
    manifest
}

pub(crate) fn listed(manifest: &Manifest) -> Value {
    let (digest, size) = (manifest.digest(), manifest.size());
    described(manifest.media_type(), Blob { digest, size })
}

/// An image for one platform.
pub(crate) async fn platform(at: &Remote, seed: &str, layers: usize, size: usize) -> Manifest {
    let config = json!({ "architecture": seed, "os": "linux" }).to_string();
    let config = push(at, Bytes::from(config)).await;
    let mut all = Vec::new();
    for layer in 0..layers {
        let blob = push(at, noise(&format!("{seed} {layer}"), size + layer)).await;
        all.push(described("application/vnd.oci.image.layer.v1.tar", blob));
    }
    let config = described("application/vnd.oci.image.config.v1+json", config);
    let body = json!({ "schemaVersion": 2, "mediaType": IMAGE, "config": config, "layers": all });
    put(at, body.to_string()).await
}

pub(crate) async fn index(at: &Remote, children: &[Manifest]) -> Manifest {
    let children: Vec<Value> = children.iter().map(listed).collect();
    let body = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": children });
    // Written for people: the bytes must survive.
    put(at, serde_json::to_string_pretty(&body).expect("JSON")).await
}

/// An image for two platforms of four layers each.
pub(crate) async fn image(at: &Remote, seed: &str) -> Manifest {
    let mut children = Vec::new();
    for platform_name in ["amd64", "arm64"] {
        children.push(platform(at, &format!("{seed} {platform_name}"), 4, 3_000).await);
    }
    index(at, &children).await
}
