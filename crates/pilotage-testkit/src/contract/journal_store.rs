//! What a journal store promises.

use pilotage_driver::journal::{Head, Line, decode, encode};
use pilotage_driver::role::{JournalStore, StoreError};
use pilotage_rollout::journal::{Entry, Record, RunId};
use pilotage_rollout::{Event, Moment};

/// Checks a store that holds no journal yet, through two handles on the same journals.
pub async fn journal_store(one: &dyn JournalStore, other: &dyn JournalStore) {
    what_was_appended_is_loaded(one, other).await;
    only_one_appends_at_a_head(one, other).await;
    a_stale_or_foreign_head_is_refused(one, other).await;
    journals_are_apart_and_listed(one, other).await;
    hostile_names_are_refused(one).await;
}

fn run(name: &str) -> RunId {
    RunId(name.into())
}

fn line(head: &Head, at: u64) -> Line {
    let record = Record { at: Moment::from_millis(at), entry: Entry::Happened(Event::Woke) };
    encode(head, &record).expect("a small record makes a line")
}

async fn what_was_appended_is_loaded(one: &dyn JournalStore, other: &dyn JournalStore) {
    let run = run("appended");
    let missing = one.load(&run).await;
    assert!(matches!(missing, Err(StoreError::NotFound { .. })), "{missing:?}");
    let (mut head, mut bytes) = (Head::EMPTY, Vec::new());
    for (at, store) in [one, other, one, other].into_iter().enumerate() {
        let line = line(&head, at as u64);
        store.append(&run, &head, &line.bytes).await.expect("the head is right");
        bytes.extend(line.bytes);
        head = line.head;
        assert_eq!(one.load(&run).await.expect("it exists"), bytes);
        assert_eq!(other.load(&run).await.expect("it exists"), bytes);
    }
    assert_eq!(decode(&bytes).expect("it is sound").head, head);
}

async fn only_one_appends_at_a_head(one: &dyn JournalStore, other: &dyn JournalStore) {
    let run = run("raced");
    let mut head = Head::EMPTY;
    for round in 0..20 {
        let (mine, theirs) = (line(&head, round * 2), line(&head, round * 2 + 1));
        let (first, second) = tokio::join!(
            one.append(&run, &head, &mine.bytes),
            other.append(&run, &head, &theirs.bytes),
        );
        let (won, lost) = match (first, second) {
            (Ok(()), Err(lost)) => (mine, lost),
            (Err(lost), Ok(())) => (theirs, lost),
            both => panic!("exactly one must win: {both:?}"),
        };
        assert!(matches!(lost, StoreError::Conflict { .. }), "{lost:?}");
        let found = decode(&one.load(&run).await.expect("it exists")).expect("it is sound");
        assert_eq!(found.head, won.head, "what was acknowledged is what is there");
        head = won.head;
    }
}

async fn a_stale_or_foreign_head_is_refused(one: &dyn JournalStore, other: &dyn JournalStore) {
    let run = run("stale");
    let first = line(&Head::EMPTY, 0);
    let second = line(&first.head, 1);
    one.append(&run, &Head::EMPTY, &first.bytes).await.expect("it is new");
    other.append(&run, &first.head, &second.bytes).await.expect("the head is right");
    let before = one.load(&run).await.expect("it exists");
    let foreign = line(&line(&Head::EMPTY, 7).head, 1);
    for head in [Head::EMPTY, first.head, foreign.head, line(&second.head, 2).head] {
        let refused = one.append(&run, &head, &line(&head, 9).bytes).await;
        assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{head}: {refused:?}");
    }
    assert_eq!(one.load(&run).await.expect("it exists"), before, "a refusal changes nothing");
}

async fn journals_are_apart_and_listed(one: &dyn JournalStore, other: &dyn JournalStore) {
    let names = ["listed-b", "listed-a", "listed.c"];
    for name in names {
        let line = line(&Head::EMPTY, 0);
        one.append(&run(name), &Head::EMPTY, &line.bytes).await.expect("it is new");
    }
    let runs = other.runs().await.expect("they can be listed");
    assert!(runs.is_sorted(), "{runs:?}");
    assert!(names.iter().all(|name| runs.contains(&run(name))), "{runs:?}");
}

async fn hostile_names_are_refused(store: &dyn JournalStore) {
    let line = line(&Head::EMPTY, 0);
    for name in ["", "../up", "/etc/passwd", "a/b", ".hidden"] {
        let refused = store.append(&run(name), &Head::EMPTY, &line.bytes).await;
        assert!(matches!(refused, Err(StoreError::Unnameable { .. })), "`{name}`: {refused:?}");
    }
}
