//! What goes wrong, and that it ends in the right verdict.

use std::sync::Arc;

use bytes::Bytes;
use pilotage_artifact::Digest;
use pilotage_registry::auth::Anonymous;
use pilotage_registry::{Artifact, Error, Name, Payload, Settings};
use pilotage_rollout::Span;
use pilotage_testkit::fake::registry::{Fault, List};
use pilotage_testkit::fake::{FakeRegistry, HastyClock};

use crate::support::{
    by_tag, client, client_with, fake, image, order, path, platform, promote, remote,
};

/// Promotes between two registries after something was set up, and gives the outcome with what
/// the tag names.
async fn outcome(
    set_up: impl FnOnce(&FakeRegistry, &FakeRegistry),
) -> (Result<(), Error>, Option<Digest>, Digest) {
    let (one, two) = (fake().await, fake().await);
    let client = client();
    let (from, to) = (remote(&client, &one.name(), "a"), remote(&client, &two.name(), "b"));
    let image = image(&from, "faults").await;
    set_up(&one, &two);
    let promoted = promote(&order(&from, &to, image.digest(), "v1")).await.map(drop);
    assert!(one.has_failed() && two.has_failed(), "not every fault happened");
    // What is ended by the failure of something else leaves its upload to end by itself.
    assert!(promoted.is_err() || two.open_uploads() == 0, "uploads are completed or closed");
    (promoted, two.tag(path(&to), "v1"), image.digest())
}

#[tokio::test]
async fn what_passes_is_survived() {
    for (name, from, to) in [
        ("cut download", Some(Fault::CutDownload), None),
        ("cut upload", None, Some(Fault::CutUpload)),
        ("server error", Some(Fault::Status(503)), Some(Fault::Status(500))),
        ("too many", Some(Fault::Throttle(7)), Some(Fault::Throttle(7))),
        ("a blob that another uploads as well", None, Some(Fault::BlobRelinked)),
    ] {
        let (promoted, tag, digest) = outcome(|one, two| {
            if let Some(fault) = from {
                one.fail(fault);
            }
            if let Some(fault) = to {
                two.fail(fault);
            }
        })
        .await;
        assert!(promoted.is_ok(), "{name}: {promoted:?}");
        assert_eq!(tag, Some(digest), "{name}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_refused_and_no_tag_is_set() {
    type Check = fn(&Error) -> bool;
    let cases: [(&str, Fault, Check); 6] = [
        ("other bytes", Fault::OtherBytes, |error| matches!(error, Error::WrongDigest { .. })),
        ("half a blob", Fault::HalfBlob, |error| matches!(error, Error::WrongSize { .. })),
        ("bomb", Fault::Bomb, |error| matches!(error, Error::Malformed { .. })),
        ("endless", Fault::Endless, |error| matches!(error, Error::TooLarge { .. })),
        ("denied", Fault::Status(403), |error| matches!(error, Error::Denied { .. })),
        ("into the network", Fault::BlobAt("ftp://127.0.0.1/x".into()), |error| {
            matches!(error, Error::Barred { .. })
        }),
    ];
    for (name, fault, check) in cases {
        let (promoted, tag, _) = outcome(|one, _| one.fail(fault)).await;
        let error = promoted.expect_err(name);
        assert!(check(&error), "{name}: {error:?}");
        assert_eq!(tag, None, "{name}");
    }
}

#[tokio::test]
async fn a_digest_that_is_called_wrong_again_and_again_is_an_error() {
    let registry = fake().await;
    let at = remote(&client(), &registry.name(), "relinked");
    let image = platform(&at, "relinked", 1, 10).await;
    let attempts = Settings::default().retry.attempts;
    (0..attempts).for_each(|_| registry.fail(Fault::BlobRelinked));
    let refused = at.put(&by_tag("v1"), &image).await;
    assert!(matches!(refused, Err(Error::Refused { .. })), "{refused:?}");
    assert!(registry.has_failed(), "it gave up too early");
    assert_eq!(registry.tag(path(&at), "v1"), None);
}

#[tokio::test]
async fn a_registry_that_says_where_nothing_is_and_what_nothing_is() {
    let (promoted, tag, digest) = outcome(|one, two| {
        for registry in [one, two] {
            registry.behave(|behaviour| {
                behaviour.says_location = false;
                behaviour.says_digest = false;
            });
        }
    })
    .await;
    promoted.expect("it arrives");
    assert_eq!(tag, Some(digest));
}

#[tokio::test]
async fn an_answer_that_got_lost_is_looked_up() {
    let registry = fake().await;
    let at = remote(&client(), &registry.name(), "lost");
    let image = platform(&at, "lost", 1, 10).await;
    registry.fail(Fault::LostAnswer);
    let order = pilotage_registry::copy::Order::retag(at.clone(), image.digest());
    let order = order.tag("latest".parse().expect("a tag"), pilotage_registry::copy::Class::Moving);
    promote(&order).await.expect("it had arrived");
    assert_eq!(registry.tag(path(&at), "latest"), Some(image.digest()));
}

#[tokio::test]
async fn evidence_that_cannot_be_looked_for_is_no_absence() {
    for status in [401, 403, 429, 500] {
        let (promoted, tag, _) = outcome(|one, _| {
            one.behave(|behaviour| behaviour.referrers = List::Refused(status));
        })
        .await;
        assert!(promoted.is_err(), "{status}");
        assert_eq!(tag, None, "{status}: a tag without its evidence");
    }
}

#[tokio::test]
async fn evidence_is_found_however_a_registry_keeps_it() {
    for (from_list, to_list) in [
        (List::Kept, List::Absent),
        (List::Paged, List::Kept),
        (List::Absent, List::Kept),
        (List::Elsewhere, List::Elsewhere),
        (List::Refused(405), List::Paged),
    ] {
        let (one, two) = (fake().await, fake().await);
        one.behave(|behaviour| behaviour.referrers = from_list);
        two.behave(|behaviour| behaviour.referrers = to_list);
        let client = client();
        let (from, to) = (remote(&client, &one.name(), "a"), remote(&client, &two.name(), "b"));
        let image = image(&from, "kept").await;
        for n in 0..3 {
            from.attach(image.digest(), &note(n)).await.expect("attached");
        }
        promote(&order(&from, &to, image.digest(), "v1")).await.expect("it arrives");
        let found = to.attached(image.digest(), Some("application/x.note")).await;
        assert_eq!(found.expect("a list").len(), 3, "{from_list:?} {to_list:?}");
        let other = to.attached(image.digest(), Some("application/x.other")).await;
        assert!(other.expect("a list").is_empty());
        let fallback = format!("sha256-{}", image.digest().to_string().replace("sha256:", ""));
        let is_kept = matches!(to_list, List::Kept | List::Paged);
        let listed = two.tag(path(&to), &fallback).is_some();
        assert_eq!(listed, !is_kept, "a list beside that of the registry would grow old");
    }
}

fn note(n: u32) -> Artifact {
    let payload =
        Payload { media_type: "text/plain".into(), bytes: Bytes::from(format!("note {n}")) };
    Artifact {
        artifact_type: "application/x.note".into(),
        annotations: [("number".to_owned(), n.to_string())].into(),
        payloads: vec![payload],
    }
}

#[tokio::test]
async fn notes_are_added_one_after_the_other() {
    let registry = fake().await;
    registry.behave(|behaviour| behaviour.referrers = List::Absent);
    let at = remote(&client(), &registry.name(), "notes");
    let image = platform(&at, "notes", 1, 10).await;
    let mut calls = tokio::task::JoinSet::new();
    for n in 0..8 {
        let (at, digest) = (at.clone(), image.digest());
        calls.spawn(async move { at.attach(digest, &note(n)).await.map(drop) });
    }
    while let Some(done) = calls.join_next().await {
        done.expect("no panic").expect("attached");
    }
    assert_eq!(at.attached(image.digest(), None).await.expect("a list").len(), 8);
}

#[tokio::test]
async fn a_registry_is_given_the_time_that_it_asks_for() {
    let registry = fake().await;
    let clock: Arc<HastyClock> = Arc::default();
    let client = client_with(Arc::new(Anonymous), clock.clone(), Settings::default());
    let at = remote(&client, &registry.name(), "throttled");
    registry.fail(Fault::Throttle(7));
    assert_eq!(at.look(&by_tag("v1")).await.expect("an answer"), None);
    assert_eq!(clock.slept(), [Span::from_secs(7)]);
    for _ in 0..5 {
        registry.fail(Fault::Throttle(0));
    }
    let refused = at.look(&by_tag("v1")).await.expect_err("it never ends");
    assert!(matches!(refused, Error::Throttled { .. }), "{refused:?}");
    assert!(registry.has_failed(), "five attempts and no more");
}

#[tokio::test]
async fn a_repository_that_is_missing_is_named_with_the_fix() {
    let (one, two) = (fake().await, fake().await);
    two.behave(|behaviour| behaviour.makes_repositories = false);
    let client = client();
    let (from, to) = (remote(&client, &one.name(), "a"), remote(&client, &two.name(), "b"));
    let image = image(&from, "missing").await;
    let refused = promote(&order(&from, &to, image.digest(), "v1")).await.expect_err("missing");
    assert!(matches!(refused, Error::NoRepository { .. }), "{refused:?}");
    assert!(refused.to_string().contains(to.repository().as_str()), "{refused}");
}

#[tokio::test]
async fn a_digest_that_is_not_there_is_missing_and_not_an_empty_image() {
    let registry = fake().await;
    let at = remote(&client(), &registry.name(), "absent");
    let name = Name::Digest(Digest::of(b"absent"));
    let refused = at.manifest(&name).await.expect_err("it is not there");
    assert!(matches!(refused, Error::Missing { .. }), "{refused:?}");
}
