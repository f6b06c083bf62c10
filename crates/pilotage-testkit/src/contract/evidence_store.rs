//! What a store of evidence promises.

use pilotage_artifact::Digest;
use pilotage_record::store::{Entry, EvidenceError, EvidenceStore, Piece, PieceKind};

/// Checks a store that holds nothing yet, through two handles on the same evidence.
pub async fn evidence_store(one: &dyn EvidenceStore, other: &dyn EvidenceStore) {
    what_was_added_is_found_by_its_subject(one, other).await;
    adding_again_changes_nothing(one, other).await;
    kinds_and_subjects_are_apart(one).await;
    what_is_not_there_is_not_found(other).await;
    two_who_add_at_once_both_have_added(one, other).await;
}

fn subject(name: &str) -> Digest {
    Digest::of(name.as_bytes())
}

fn piece(text: &str) -> Piece {
    Piece { kind: PieceKind::Statement, bytes: text.as_bytes().to_vec() }
}

async fn entries(store: &dyn EvidenceStore, subject: &Digest) -> Vec<Entry> {
    let entries = store.list(subject).await.expect("it can be listed");
    assert!(entries.is_sorted(), "the order is that of the digests: {entries:?}");
    entries
}

async fn what_was_added_is_found_by_its_subject(
    one: &dyn EvidenceStore,
    other: &dyn EvidenceStore,
) {
    let subject = subject("found");
    assert_eq!(entries(one, &subject).await, [], "nothing is known of what nobody spoke of");
    for text in ["a", "b", "", "c"] {
        one.add(&subject, &piece(text)).await.expect("it can be added");
    }
    let found = entries(other, &subject).await;
    assert_eq!(found.len(), 4, "{found:?}");
    for entry in &found {
        let read = other.read(&subject, entry).await.expect("what is listed can be read");
        assert_eq!(read.entry(), *entry, "what is read is what was listed");
    }
}

async fn adding_again_changes_nothing(one: &dyn EvidenceStore, other: &dyn EvidenceStore) {
    let subject = subject("again");
    for store in [one, other, one] {
        store.add(&subject, &piece("the same")).await.expect("it can be added");
        assert_eq!(entries(one, &subject).await, [piece("the same").entry()]);
    }
}

async fn kinds_and_subjects_are_apart(store: &dyn EvidenceStore) {
    let (here, there) = (subject("here"), subject("there"));
    let record = Piece { kind: PieceKind::Record, ..piece("twice") };
    store.add(&here, &piece("twice")).await.expect("it can be added");
    store.add(&here, &record).await.expect("it can be added");
    store.add(&there, &record).await.expect("it can be added");
    let mut both = [piece("twice").entry(), record.entry()];
    both.sort();
    assert_eq!(entries(store, &here).await, both);
    assert_eq!(entries(store, &there).await, [record.entry()]);
}

async fn what_is_not_there_is_not_found(store: &dyn EvidenceStore) {
    let (here, elsewhere) = (subject("lacking"), subject("elsewhere"));
    store.add(&elsewhere, &piece("there")).await.expect("it can be added");
    for lacking in [piece("there"), piece("nowhere")] {
        let refused = store.read(&here, &lacking.entry()).await;
        assert!(matches!(refused, Err(EvidenceError::NotFound { .. })), "{refused:?}");
    }
}

async fn two_who_add_at_once_both_have_added(one: &dyn EvidenceStore, other: &dyn EvidenceStore) {
    let subject = subject("raced");
    for round in 0..20 {
        let (mine, theirs) = (piece(&format!("mine {round}")), piece(&format!("theirs {round}")));
        let (first, second) = tokio::join!(one.add(&subject, &mine), other.add(&subject, &theirs));
        first.expect("it can be added");
        second.expect("it can be added");
    }
    assert_eq!(entries(one, &subject).await.len(), 40, "nobody's word is lost");
}
