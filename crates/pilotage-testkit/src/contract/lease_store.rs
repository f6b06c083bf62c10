//! What a store of leases promises.

use std::sync::Arc;

use pilotage_clock::Clock;
use pilotage_lease::client::{Acquisition, LeaseClient, Waiting};
use pilotage_lease::machine::{Claim, Gone};
use pilotage_lease::{
    Card, Fence, LeaseName, LeaseStore, Moment, OwnerId, Proposal, Record, Stored, Tag, Tenancy,
    Tenure, Term, Written,
};

/// Checks a store through two ways to the same records, under names that begin with this and were
/// never used.
pub async fn lease_store(
    one: Arc<dyn LeaseStore>,
    other: Arc<dyn LeaseStore>,
    clock: Arc<dyn Clock>,
    prefix: &str,
) {
    let name = |of: &str| -> LeaseName { format!("{prefix}{of}").parse().expect("a name") };
    assert!(!one.place().is_empty(), "a store says where it is");
    what_was_written_is_read(&*one, &*other, &name("written")).await;
    only_the_expected_version_is_replaced(&*one, &*other, &name("expected")).await;
    one_of_two_writers_wins(&*one, &*other, &name("raced")).await;
    one_of_two_first_writers_wins(&*one, &*other, prefix).await;
    names_are_apart(&*one, &name("a"), &name("A")).await;
    let client =
        |store: &Arc<dyn LeaseStore>| LeaseClient::new(name("owned"), store.clone(), clock.clone());
    fences_only_grow(&client(&one), &client(&other)).await;
}

fn free(revision: u64, word: &str) -> Record {
    let tenancy = Tenancy::Free(Some(Card { doing: word.into(), ..Card::of("a test") }));
    Record { revision, fence: Fence(revision), tenancy, hold: None }
}

fn proposal(expected: Option<&Tag>, record: Record) -> Proposal {
    Proposal { expected: expected.cloned(), record }
}

async fn put(store: &dyn LeaseStore, name: &LeaseName, proposal: &Proposal) -> Tag {
    match store.write(name, proposal).await.expect("the store can be used") {
        Written::Applied(tag) => tag,
        written => panic!("it should be applied: {written:?}"),
    }
}

async fn get(store: &dyn LeaseStore, name: &LeaseName) -> Option<Stored> {
    store.read(name).await.expect("the store can be used")
}

async fn what_was_written_is_read(one: &dyn LeaseStore, other: &dyn LeaseStore, name: &LeaseName) {
    assert_eq!(get(one, name).await, None, "the name must be new");
    let hostile = "'; drop table x; -- \u{0} \u{1b}[2J \u{1f6a2} \\ \" \n \u{2028}";
    let mut expected = None;
    for (revision, word) in (1..).zip(["", hostile, &"long ".repeat(2_000)]) {
        let record = free(revision, word);
        let tag = put(one, name, &proposal(expected.as_ref(), record.clone())).await;
        let stored = Some(Stored { record, tag: tag.clone() });
        assert_eq!(get(one, name).await, stored);
        assert_eq!(get(other, name).await, stored, "everybody sees it at once");
        assert_ne!(expected.as_ref(), Some(&tag), "tags never repeat");
        expected = Some(tag);
    }
    let tenure = Tenure {
        owner: OwnerId::from_bits(u128::MAX),
        term: Term::USUAL,
        since: Moment::from_millis(u64::from(u32::MAX) * 1_000),
        card: Card { link: Some("https://ci.example/1?a=b&c".into()), ..Card::of("job") },
        from: Some(OwnerId::from_bits(1)),
    };
    let record = Record { tenancy: Tenancy::Held(tenure), ..free(4, "") };
    put(other, name, &proposal(expected.as_ref(), record.clone())).await;
    assert_eq!(get(one, name).await.map(|stored| stored.record), Some(record));
}

async fn only_the_expected_version_is_replaced(
    one: &dyn LeaseStore,
    other: &dyn LeaseStore,
    name: &LeaseName,
) {
    let refused = one.write(name, &proposal(Some(&Tag("7".into())), free(8, ""))).await;
    assert_eq!(refused.expect("the store can be used"), Written::Refused, "nothing is there");
    let first = put(one, name, &proposal(None, free(1, "first"))).await;
    let second = put(other, name, &proposal(Some(&first), free(2, "second"))).await;
    let before = get(one, name).await;
    for stale in [None, Some(first), Some(Tag("no such version".into()))] {
        let refused = one.write(name, &proposal(stale.as_ref(), free(3, "stale"))).await;
        assert_eq!(refused.expect("the store can be used"), Written::Refused, "{stale:?}");
        assert_eq!(get(other, name).await, before, "a refusal changes nothing");
    }
    put(one, name, &proposal(Some(&second), free(3, "third"))).await;
}

async fn one_of_two_writers_wins(one: &dyn LeaseStore, other: &dyn LeaseStore, name: &LeaseName) {
    let mut tag = put(one, name, &proposal(None, free(1, ""))).await;
    for revision in 2..20 {
        let (mine, theirs) = (
            proposal(Some(&tag), free(revision, "mine")),
            proposal(Some(&tag), free(revision, "theirs")),
        );
        tag = winner(one, other, name, (&mine, &theirs)).await;
    }
}

async fn one_of_two_first_writers_wins(one: &dyn LeaseStore, other: &dyn LeaseStore, prefix: &str) {
    for round in 0..8 {
        let name = format!("{prefix}first-{round}").parse().expect("a name");
        let (mine, theirs) = (proposal(None, free(1, "mine")), proposal(None, free(1, "theirs")));
        winner(one, other, &name, (&mine, &theirs)).await;
    }
}

async fn winner(
    one: &dyn LeaseStore,
    other: &dyn LeaseStore,
    name: &LeaseName,
    (mine, theirs): (&Proposal, &Proposal),
) -> Tag {
    let (first, second) = tokio::join!(one.write(name, mine), other.write(name, theirs));
    let both = (first.expect("it can be used"), second.expect("it can be used"));
    let (tag, won) = match both {
        (Written::Applied(tag), Written::Refused) => (tag, mine),
        (Written::Refused, Written::Applied(tag)) => (tag, theirs),
        both => panic!("exactly one must win: {both:?}"),
    };
    let there = get(one, name).await.expect("somebody has won");
    assert_eq!(there, Stored { record: won.record.clone(), tag: tag.clone() });
    tag
}

async fn names_are_apart(store: &dyn LeaseStore, lower: &LeaseName, upper: &LeaseName) {
    put(store, lower, &proposal(None, free(1, "lower"))).await;
    assert_eq!(get(store, upper).await, None, "names differ by case as well");
    put(store, upper, &proposal(None, free(1, "upper"))).await;
    let there = get(store, lower).await.map(|stored| stored.record);
    assert_eq!(there, Some(free(1, "lower")));
}

async fn fences_only_grow(one: &LeaseClient, other: &LeaseClient) {
    let mut last = Fence::default();
    for round in 0..10 {
        let (holder, rival) = if round % 2 == 0 { (one, other) } else { (other, one) };
        let mut held = match acquire(holder, 2 * round + 1).await {
            Acquisition::Held(held) => held,
            Acquisition::Busy(busy) => panic!("nobody should have it: {busy}"),
        };
        assert!(held.fence() > last, "fences only grow");
        last = held.fence();
        let refused = acquire(rival, 2 * round + 2).await;
        assert!(matches!(refused, Acquisition::Busy(_)), "two own at once: {refused:?}");
        let gone = held.release("done").await.expect("the store can be used");
        assert_eq!(gone, Gone::Free);
    }
}

async fn acquire(client: &LeaseClient, owner: u128) -> Acquisition {
    let claim = Claim::new(OwnerId::from_bits(owner), Card::of("a test"));
    let acquired = client.acquire(claim, Waiting::NOT, &mut |_| ()).await;
    acquired.expect("the store can be used")
}
