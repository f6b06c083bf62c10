//! The stores of journals against the emulator, directly and on a way on which answers get lost.

mod dynamodb;
mod s3;

use pilotage_driver::journal::{Head, Line, decode, encode};
use pilotage_driver::role::{JournalStore, StoreError};
use pilotage_rollout::journal::{Entry, Record, RunId};
use pilotage_rollout::target::Outcome;
use pilotage_rollout::{Event, Moment};

use crate::lossy::{Fault, Lossy};

fn run() -> RunId {
    RunId("run-42".into())
}

/// A line with so many bytes, and some more.
fn line(head: &Head, bytes: usize) -> Line {
    let outcome = Outcome::Unknown { reason: "x".repeat(bytes) };
    let entry = Entry::Happened(Event::Acted(outcome));
    encode(head, &Record { at: Moment::from_millis(7), entry }).expect("it is short enough")
}

async fn end(store: &dyn JournalStore, run: &RunId) -> Head {
    match store.load(run).await {
        Ok(bytes) => decode(&bytes).expect("it is sound").head,
        Err(StoreError::NotFound { .. }) => Head::EMPTY,
        Err(error) => panic!("{error}"),
    }
}

/// Writes so many lines of this size by two handles in turn, and reads them all.
async fn a_long_journal_is_read_as_it_was_written(
    (one, other): (&dyn JournalStore, &dyn JournalStore),
    sizes: &[usize],
) {
    let (mut head, mut written) = (Head::EMPTY, Vec::new());
    for (nth, bytes) in sizes.iter().enumerate() {
        let line = line(&head, *bytes);
        let store = if nth % 5 < 3 { one } else { other };
        store.append(&run(), &head, &line.bytes).await.expect("the head is right");
        written.extend(line.bytes);
        head = line.head;
    }
    assert!(one.load(&run()).await.expect("it is there") == written);
}

/// Whatever happens to a write, it is made at most once, its writer stops, and whoever goes on
/// finds a whole journal that ends before the line or behind it.
async fn a_write_without_an_answer_is_unknown_and_never_repeated(
    far: &dyn JournalStore,
    near: &dyn JournalStore,
    road: &Lossy,
) {
    let mut head = Head::EMPTY;
    for (nth, fault) in
        [Fault::Lost, Fault::Unsent, Fault::Broken].into_iter().cycle().take(9).enumerate()
    {
        road.prepare(fault);
        road.counts();
        let line = line(&head, nth);
        let failed = far.append(&run(), &head, &line.bytes).await;
        assert!(matches!(failed, Err(StoreError::Unavailable { .. })), "{fault:?}: {failed:?}");
        assert_eq!(road.counts().1, 1, "{fault:?}");
        let expected = if fault == Fault::Unsent { head } else { line.head };
        head = end(near, &run()).await;
        assert_eq!(head, expected, "{fault:?}");
        if fault != Fault::Unsent {
            let again = far.append(&run(), &Head::EMPTY, &line.bytes).await;
            assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
        }
        let next = self::line(&head, nth);
        far.append(&run(), &head, &next.bytes).await.expect("whoever resumes goes on");
        head = next.head;
    }
}

/// What was throttled was not made, and is sent again.
async fn what_was_throttled_is_sent_again(store: &dyn JournalStore, road: &Lossy) {
    road.prepare(Fault::Throttled);
    road.prepare(Fault::Throttled);
    let line = line(&Head::EMPTY, 1);
    store.append(&run(), &Head::EMPTY, &line.bytes).await.expect("the third time it is written");
    assert_eq!(road.counts().1, 3);
    assert_eq!(end(store, &run()).await, line.head);
}

/// Each line after the first takes one request.
async fn a_line_takes_one_request(store: &dyn JournalStore, road: &Lossy) {
    let first = line(&Head::EMPTY, 400);
    store.append(&run(), &Head::EMPTY, &first.bytes).await.expect("it is new");
    road.counts();
    let mut head = first.head;
    for _ in 0..20 {
        let line = line(&head, 400);
        store.append(&run(), &head, &line.bytes).await.expect("the head is right");
        head = line.head;
    }
    assert_eq!(road.counts(), (20, 20));
    end(store, &run()).await;
    let (requests, _) = road.counts();
    assert!(requests <= 2, "{requests} requests to load");
}

/// Of many who add a line at once, one does.
async fn one_of_many_wins<S: JournalStore + Clone + 'static>(store: impl Fn() -> S) {
    let mut head = Head::EMPTY;
    for round in 0..4 {
        let attempts: Vec<_> = (0..8)
            .map(|nth| {
                let (store, line) = (store(), line(&head, round * 8 + nth));
                tokio::spawn(async move {
                    store.append(&run(), &head, &line.bytes).await.map(|()| line.head)
                })
            })
            .collect();
        let mut won = Vec::new();
        for attempt in attempts {
            match attempt.await.expect("it ends") {
                Ok(head) => won.push(head),
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(won.len(), 1);
        head = end(&store(), &run()).await;
        assert_eq!(won, [head]);
    }
}
