//! Blobs on their way: resumed, begun anew, and in chunks.

use std::sync::Arc;

use pilotage_registry::auth::Anonymous;
use pilotage_registry::{Blob, Client, Settings, Upload};
use pilotage_rollout::Span;
use pilotage_testkit::fake::HastyClock;
use pilotage_testkit::fake::registry::{Fault, Mount};

use crate::support::{client, client_with, fake, image, noise, order, promote, push, remote};

fn chunking(size: usize) -> Client {
    let settings = Settings { upload: Upload::Chunked(size), ..Settings::default() };
    client_with(Arc::new(Anonymous), Arc::new(HastyClock::default()), settings)
}

#[tokio::test]
async fn a_cut_download_goes_on_where_it_was_cut() {
    let registry = fake().await;
    let at = remote(&client(), &registry.name(), "cut");
    let bytes = noise("cut", 3 << 20);
    let blob = push(&at, bytes.clone()).await;
    registry.fail(Fault::CutDownload);
    registry.fail(Fault::CutDownload);
    registry.forget_seen();
    assert_eq!(at.blob(blob).collect(4 << 20).await.expect("it is there"), bytes);
    let statuses: Vec<_> = registry.seen().iter().map(|seen| seen.status).collect();
    assert_eq!(statuses, [Some(200), Some(206), Some(206)]);
}

#[tokio::test]
async fn chunks_are_as_large_as_the_registry_wants_and_its_201_is_no_end() {
    let registry = fake().await;
    registry.behave(|behaviour| {
        behaviour.chunk_status = 201;
        behaviour.least_chunk = 5 << 20;
    });
    let at = remote(&chunking(1), &registry.name(), "chunks");
    let bytes = noise("chunks", (12 << 20) + 1);
    let blob = push(&at, bytes).await;
    assert!(registry.holds(crate::support::path(&at), blob.digest));
    let patches = registry.seen().iter().filter(|seen| seen.method == "PATCH").count();
    assert_eq!(patches, 3);
}

#[tokio::test]
async fn a_cut_chunk_goes_on_where_it_was_cut() {
    let registry = fake().await;
    let at = remote(&chunking(5 << 20), &registry.name(), "cut");
    let bytes = noise("cut chunk", 7 << 20);
    let blob = Blob::of(&bytes);
    registry.fail(Fault::CutUpload);
    at.push(blob, &bytes, at.repository()).await.expect("it arrives");
    assert!(registry.holds(crate::support::path(&at), blob.digest));
    let posts = registry.seen().iter().filter(|seen| seen.method == "POST").count();
    assert_eq!(posts, 1, "the upload went on");
    assert_eq!(registry.open_uploads(), 0);
}

#[tokio::test]
async fn who_takes_no_large_upload_gets_chunks() {
    let registry = fake().await;
    registry.behave(|behaviour| behaviour.largest_upload = 1 << 20);
    let at = remote(&client(), &registry.name(), "large");
    let blob = push(&at, noise("large", 9 << 20)).await;
    assert!(registry.holds(crate::support::path(&at), blob.digest));
}

#[tokio::test]
async fn a_stream_that_is_refused_for_now_waits_as_long_as_it_is_told() {
    let registry = fake().await;
    let clock: Arc<HastyClock> = Arc::default();
    let client = client_with(Arc::new(Anonymous), clock.clone(), Settings::default());
    let at = remote(&client, &registry.name(), "later");
    registry.fail(Fault::ThrottleUpload(7));
    let blob = push(&at, noise("later", 1 << 20)).await;
    assert!(registry.holds(crate::support::path(&at), blob.digest));
    assert_eq!(clock.slept(), [Span::from_secs(7)]);
    assert_eq!(registry.open_uploads(), 0);
}

#[tokio::test]
async fn a_mount_that_is_declined_or_not_allowed_becomes_an_upload() {
    for mount in [Mount::Declined, Mount::Unauthorized] {
        let registry = fake().await;
        registry.behave(|behaviour| behaviour.mount = mount);
        let client = client();
        let (from, to) =
            (remote(&client, &registry.name(), "a"), remote(&client, &registry.name(), "b"));
        let image = image(&from, "mount").await;
        let copied = promote(&order(&from, &to, image.digest(), "v1")).await.expect("it arrives");
        assert_eq!(copied.sent.0, 10, "{mount:?}");
        assert_eq!(registry.open_uploads(), 0, "the upload that was opened is used");
    }
}
