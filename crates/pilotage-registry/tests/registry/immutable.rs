//! Registries where a tag can be written once only.

use std::sync::Arc;

use pilotage_registry::auth::Anonymous;
use pilotage_registry::copy::{Class, Event, Order, Progress, copy};
use pilotage_registry::{Error, Settings};
use pilotage_rollout::Span;
use pilotage_testkit::fake::HastyClock;
use pilotage_testkit::fake::registry::Fault;

use crate::support::{client, client_with, fake, image, order, path, promote, remote, tag};

#[tokio::test]
async fn the_same_digest_again_is_a_success() {
    let registry = fake().await;
    registry.behave(|behaviour| behaviour.immutable_tags = true);
    let at = remote(&client(), &registry.name(), "same");
    let image = image(&at, "same").await;
    let version = Order::retag(at.clone(), image.digest()).tag(tag("v1"), Class::Immutable);
    promote(&version).await.expect("it is set");
    let again = promote(&version).await.expect("it is right already");
    assert!(again.is_unchanged());
    // A moving tag is written without a look; the refusal then makes us look.
    let moving = Order::retag(at, image.digest()).tag(tag("v1"), Class::Moving);
    promote(&moving).await.expect("it is right already");
}

#[tokio::test]
async fn another_digest_is_refused_before_anything_is_sent() {
    let (one, two) = (fake().await, fake().await);
    let client = client();
    let (from, to) = (remote(&client, &one.name(), "a"), remote(&client, &two.name(), "b"));
    let (old, new) = (image(&from, "old").await, image(&from, "new").await);
    promote(&order(&from, &to, old.digest(), "v1")).await.expect("it arrives");
    two.forget_seen();
    let moving = order(&from, &to, new.digest(), "v1").tag(tag("latest"), Class::Moving);
    let refused = promote(&moving).await;
    assert!(matches!(refused, Err(Error::TagTaken { .. })), "{refused:?}");
    let methods: Vec<String> = two.seen().into_iter().map(|seen| seen.method).collect();
    assert_eq!(methods, ["HEAD"]);
    assert_eq!(two.tag(path(&to), "latest"), None);
}

#[tokio::test]
async fn a_registry_that_refuses_a_moving_tag_is_believed() {
    let registry = fake().await;
    registry.behave(|behaviour| behaviour.immutable_tags = true);
    let at = remote(&client(), &registry.name(), "moving");
    let (one, two) = (image(&at, "one").await, image(&at, "two").await);
    let order = |image: &pilotage_registry::Manifest| {
        Order::retag(at.clone(), image.digest()).tag(tag("latest"), Class::Moving)
    };
    promote(&order(&one)).await.expect("the first time");
    let refused = promote(&order(&two)).await;
    assert!(matches!(refused, Err(Error::Refused { .. })), "{refused:?}");
    assert_eq!(registry.tag(path(&at), "latest"), Some(one.digest()));
}

/// Makes every blob take three seconds.
#[derive(Debug)]
struct Slow(Arc<HastyClock>);

impl Progress for Slow {
    fn note(&self, event: &Event) {
        if matches!(event, Event::Blob(..)) {
            self.0.advance(Span::from_secs(3));
        }
    }
}

#[tokio::test]
async fn a_tag_that_was_taken_while_we_sent_stays_where_it_is() {
    let (one, two) = (fake().await, fake().await);
    let clock: Arc<HastyClock> = Arc::default();
    let client = client_with(Arc::new(Anonymous), clock.clone(), Settings::default());
    let (from, to) = (remote(&client, &one.name(), "a"), remote(&client, &two.name(), "b"));
    let (ours, theirs) = (image(&from, "ours").await, image(&to, "theirs").await);
    two.fail(Fault::MoveAfterLook("v1".into(), theirs.digest()));
    let order = order(&from, &to, ours.digest(), "v1");
    let refused = copy(&order, Arc::new(Slow(clock))).await;
    assert!(matches!(refused, Err(Error::TagTaken { .. })), "{refused:?}");
    assert!(two.has_failed());
    assert_eq!(two.tag(path(&to), "v1"), Some(theirs.digest()));
}
