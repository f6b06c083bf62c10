//! How many requests things cost.

use pilotage_registry::copy::{Class, Order};
use pilotage_testkit::fake::registry::List;

use crate::support::{client, fake, image, order, promote, remote, tag};

#[tokio::test]
async fn a_tag_costs_two_requests_and_one_where_the_manifest_is_at_hand() {
    let registry = fake().await;
    let at = remote(&client(), &registry.name(), "retag");
    let image = image(&at, "retag").await;
    let moving = Order::retag(at.clone(), image.digest()).tag(tag("latest"), Class::Moving);
    registry.forget_seen();
    promote(&moving).await.expect("it moves");
    assert_eq!(registry.seen().len(), 2);
    registry.forget_seen();
    promote(&moving.holding(image.clone())).await.expect("it moves");
    assert_eq!(registry.seen().len(), 1);
    // A tag that must not move is looked at first.
    let version = Order::retag(at, image.digest()).tag(tag("v1"), Class::Immutable);
    registry.forget_seen();
    promote(&version.holding(image)).await.expect("it is set");
    assert_eq!(registry.seen().len(), 2);
}

#[tokio::test]
async fn a_copy_costs_one_request_when_it_is_there_and_few_when_it_is_not() {
    let (one, two) = (fake().await, fake().await);
    // As registries without a list of referrers are.
    one.behave(|behaviour| behaviour.referrers = List::Absent);
    two.behave(|behaviour| behaviour.referrers = List::Absent);
    let client = client();
    let (from, to) = (remote(&client, &one.name(), "a"), remote(&client, &two.name(), "b"));
    let image = image(&from, "counts").await;
    let total = || one.seen().len() + two.seen().len();
    let forget = || {
        one.forget_seen();
        two.forget_seen();
    };

    let order = order(&from, &to, image.digest(), "v1");
    forget();
    promote(&order).await.expect("it arrives");
    assert_eq!(total(), 39, "{:#?} {:#?}", one.seen(), two.seen());
    forget();
    promote(&order).await.expect("it is there");
    assert_eq!(total(), 1);
    forget();
    // What was interrupted before the tag finds its blobs again and sends no byte twice.
    let again = promote(&crate::support::order(&from, &to, image.digest(), "v2")).await;
    assert_eq!(again.expect("it is set").sent, (0, 0));
    assert_eq!(total(), 18);
}
