//! What holds for every registry.

use std::sync::Arc;

use bytes::Bytes;
use pilotage_artifact::Digest;
use pilotage_registry::auth::Anonymous;
use pilotage_registry::copy::{Change, Class, Order};
use pilotage_registry::{Artifact, Blob, Error, Name, Payload, Pushed, Settings, Upload};
use pilotage_testkit::fake::HastyClock;

use crate::support::{
    by_tag, client, client_with, fake, image, index, listed, noise, order, path, platform, promote,
    push, put, remote, tag,
};

/// Runs all of it between two registries, which may be one.
pub(crate) async fn suite(from: &str, to: &str) {
    manifests_keep_their_bytes(to).await;
    blobs_come_back_as_they_went(to).await;
    what_is_near_is_taken_over(to).await;
    absence_is_an_answer(to).await;
    tags_are_listed(to).await;
    an_image_arrives_whole_and_once(from, to).await;
    nested_lists_arrive(from, to).await;
    evidence_comes_along(from, to).await;
    an_immutable_tag_does_not_move(from, to).await;
    tags_move_within_a_repository(to).await;
}

#[tokio::test]
async fn holds_between_two_fakes() {
    let (from, to) = (fake().await, fake().await);
    suite(&from.name(), &to.name()).await;
    assert_eq!((from.open_uploads(), to.open_uploads()), (0, 0));
}

#[tokio::test]
async fn holds_within_one_fake() {
    let one = fake().await;
    suite(&one.name(), &one.name()).await;
    assert_eq!(one.open_uploads(), 0);
}

async fn manifests_keep_their_bytes(registry: &str) {
    let at = remote(&client(), registry, "bytes");
    let child = platform(&at, "bytes", 1, 10).await;
    let list = index(&at, &[child]).await;
    at.put(&by_tag("v1"), &list).await.expect("a tag");
    let read = at.manifest(&by_tag("v1")).await.expect("it is there");
    assert_eq!(read.bytes(), list.bytes());
    let found = at.look(&by_tag("v1")).await.expect("an answer").expect("it is there");
    assert_eq!(found.digest, list.digest());
    let other = Name::Digest(Digest::of(b"another"));
    let refused = at.put(&other, &list).await;
    assert!(matches!(refused, Err(Error::WrongDigest { .. })), "{refused:?}");
}

async fn blobs_come_back_as_they_went(registry: &str) {
    for upload in [Upload::Whole, Upload::Chunked(5 << 20)] {
        let settings = Settings { upload, ..Settings::default() };
        let client = client_with(Arc::new(Anonymous), Arc::new(HastyClock::default()), settings);
        let at = remote(&client, registry, "blobs");
        for bytes in [Bytes::new(), Bytes::from("x"), noise("blobs", (11 << 20) + 7)] {
            let blob = Blob::of(&bytes);
            let first = at.push(blob, &bytes, at.repository()).await.expect("it is taken");
            assert_eq!(first, Pushed::Sent, "{upload:?}");
            let again = at.push(blob, &bytes, at.repository()).await.expect("it is there");
            assert_eq!(again, Pushed::There, "{upload:?}");
            assert!(at.has(blob).await.expect("an answer"));
            assert_eq!(at.blob(blob).collect(usize::MAX).await.expect("it is there"), bytes);
        }
    }
}

async fn what_is_near_is_taken_over(registry: &str) {
    let client = client();
    let (near, at) = (remote(&client, registry, "near"), remote(&client, registry, "here"));
    let bytes = noise("near", 100);
    let blob = push(&near, bytes.clone()).await;
    let taken = at.push(blob, &bytes, near.repository()).await;
    assert_eq!(taken.expect("it is taken over"), Pushed::There);
    assert_eq!(at.blob(blob).collect(100).await.expect("it is here"), bytes);
}

async fn absence_is_an_answer(registry: &str) {
    let at = remote(&client(), registry, "absent");
    assert_eq!(at.look(&by_tag("v1")).await.expect("an answer"), None);
    assert_eq!(at.find(&by_tag("v1")).await.expect("an answer"), None);
    let blob = Blob::of(b"nobody has this");
    assert!(!at.has(blob).await.expect("an answer"));
    let read = at.blob(blob).collect(100).await;
    assert!(matches!(read, Err(Error::Missing { .. })), "{read:?}");
    let listed = at.attached(blob.digest, None).await.expect("an answer");
    assert!(listed.is_empty());
}

async fn tags_are_listed(registry: &str) {
    let at = remote(&client(), registry, "tags");
    let manifest = platform(&at, "tags", 1, 10).await;
    let mut wanted: Vec<_> = (0..120).map(|n| tag(&format!("v{n:03}"))).collect();
    for tag in &wanted {
        at.put(&Name::Tag(tag.clone()), &manifest).await.expect("a tag");
    }
    let mut listed = at.tags().await.expect("a list");
    listed.sort();
    wanted.sort();
    assert_eq!(listed, wanted);
}

async fn an_image_arrives_whole_and_once(from: &str, to: &str) {
    let client = client();
    let (from, to) = (remote(&client, from, "cold"), remote(&client, to, "cold"));
    let image = image(&from, "cold").await;
    let order = order(&from, &to, image.digest(), "v1").tag(tag("stable"), Class::Moving);
    let copied = promote(&order).await.expect("it arrives");
    assert_eq!(copied.manifests, 3);
    assert_eq!(copied.sent.0 + copied.spared, 10);
    assert!(copied.tags.iter().all(|(_, change)| *change == Change::Set { before: None }));
    for name in ["v1", "stable"] {
        assert_eq!(to.manifest(&by_tag(name)).await.expect("it is there"), image);
    }
    let again = promote(&order).await.expect("it is there");
    assert!(again.is_unchanged(), "{again:?}");
}

async fn nested_lists_arrive(from: &str, to: &str) {
    let client = client();
    let (from, to) = (remote(&client, from, "nested"), remote(&client, to, "nested"));
    let leaf = platform(&from, "nested", 2, 50).await;
    // The same image twice is one image.
    let inner = index(&from, &[leaf.clone(), leaf.clone()]).await;
    let outer = index(&from, &[inner.clone(), leaf.clone()]).await;
    let copied = promote(&order(&from, &to, outer.digest(), "v1")).await.expect("it arrives");
    assert_eq!(copied.manifests, 3);
    for manifest in [leaf, inner, outer] {
        let name = Name::Digest(manifest.digest());
        assert_eq!(to.manifest(&name).await.expect("it is there"), manifest);
    }
}

async fn evidence_comes_along(from: &str, to: &str) {
    let client = client();
    let (from, to) = (remote(&client, from, "evidence"), remote(&client, to, "evidence"));
    let child = platform(&from, "evidence", 1, 50).await;
    let image = index(&from, std::slice::from_ref(&child)).await;
    let evidence = |kind: &str, text: &str| Artifact {
        artifact_type: format!("application/x.{kind}"),
        annotations: [("made.by".to_owned(), kind.to_owned())].into(),
        payloads: vec![Payload {
            media_type: "application/json".into(),
            bytes: Bytes::from(text.to_owned()),
        }],
    };
    let bill = from.attach(child.digest(), &evidence("sbom", "{\"parts\":1}")).await;
    let bill = bill.expect("attached to a child");
    from.attach(bill.blob.digest, &evidence("signature", "{}")).await.expect("evidence on it");
    from.attach(image.digest(), &evidence("record", "[]")).await.expect("attached");
    let twice = from.attach(image.digest(), &evidence("record", "[]")).await;
    twice.expect("the same again is no second one");
    // As older clients leave signatures.
    let old = put(&from, signature(&from, &image).await).await;
    let name = format!("{}.sig", image.digest().to_string().replace(':', "-"));
    from.put(&by_tag(&name), &old).await.expect("a tag");

    let copied = promote(&order(&from, &to, image.digest(), "v1")).await.expect("it arrives");
    assert_eq!(copied.evidence.len(), 4, "{copied:?}");
    let records = to.attached(image.digest(), Some("application/x.record")).await;
    let records = records.expect("a list");
    assert_eq!(records.len(), 1, "{records:?}");
    assert_eq!(records[0].annotations["made.by"], "record");
    let payloads = to.payloads(&records[0], 100).await.expect("readable");
    assert_eq!(payloads[0].bytes, "[]");
    let bills = to.attached(child.digest(), None).await.expect("a list");
    assert_eq!(bills.iter().map(|one| one.blob).collect::<Vec<_>>(), [bill.blob]);
    let signatures = to.attached(bill.blob.digest, None).await.expect("a list");
    assert_eq!(signatures.len(), 1);
    assert_eq!(to.manifest(&by_tag(&name)).await.expect("it came along"), old);
}

/// A manifest as cosign used to store: a signature as a layer, without a subject.
async fn signature(at: &pilotage_registry::Remote, of: &pilotage_registry::Manifest) -> String {
    let config = push(at, Bytes::from("{\"made\":\"by hand\"}")).await;
    let layer = push(at, Bytes::from(format!("signature of {}", of.digest()))).await;
    serde_json::json!({
        "schemaVersion": 2,
        "mediaType": crate::support::IMAGE,
        "config": crate::support::described("application/vnd.oci.image.config.v1+json", config),
        "layers": [crate::support::described("application/vnd.dev.cosign.simplesigning.v1+json", layer)],
        "annotations": { "about": listed(of)["digest"] },
    })
    .to_string()
}

async fn an_immutable_tag_does_not_move(from: &str, to: &str) {
    let client = client();
    let (from, to) = (remote(&client, from, "immutable"), remote(&client, to, "immutable"));
    let (one, two) = (image(&from, "one").await, image(&from, "two").await);
    promote(&order(&from, &to, one.digest(), "v1")).await.expect("it arrives");
    let refused = promote(&order(&from, &to, two.digest(), "v1")).await;
    assert!(matches!(&refused, Err(Error::TagTaken { held, .. }) if *held == one.digest()));
    let missing = to.look(&Name::Digest(two.digest())).await.expect("an answer");
    assert_eq!(missing, None, "nothing was sent to {}", path(&to));
}

async fn tags_move_within_a_repository(registry: &str) {
    let at = remote(&client(), registry, "retag");
    let (one, two) = (image(&at, "retag one").await, image(&at, "retag two").await);
    for image in [&one, &two, &one] {
        let order = Order::retag(at.clone(), image.digest()).tag(tag("latest"), Class::Moving);
        promote(&order.reading_back()).await.expect("it moves");
        let found = at.look(&by_tag("latest")).await.expect("an answer");
        assert_eq!(found.map(|found| found.digest), Some(image.digest()));
    }
    let gone = Order::retag(at, Digest::of(b"not here")).tag(tag("latest"), Class::Moving);
    let refused = promote(&gone).await;
    assert!(matches!(refused, Err(Error::Missing { .. })), "{refused:?}");
}
