//! Stores: the contract, and an archive over a store that cannot be trusted.

use std::os::unix::fs::PermissionsExt as _;

use pilotage_artifact::Digest;
use pilotage_record::event::{Deed, Scope, Standing};
use pilotage_record::sign::{Algorithm, LocalKey};
use pilotage_record::store::{
    Archive, ArchiveError, DoubtReason, Entry, EvidenceError, EvidenceStore, FileEvidence, Piece,
    PieceKind, Report,
};
use pilotage_record::text::EnvironmentName;
use pilotage_testkit::contract;
use pilotage_testkit::fake::{EvidenceFault, FakeEvidence};

use super::fixtures::{key, minute, record, trust};

fn report(scope: &str, deed: Deed) -> Report {
    let by = "ci".parse().unwrap();
    Report { scope: scope.parse().unwrap(), at: minute(1), by, fence: None, deed }
}

const BUILT: Deed = Deed::Built { evidence: None };

#[tokio::test]
async fn files_keep_the_contract() {
    let directory = tempfile::tempdir().unwrap();
    let store = || FileEvidence::new(directory.path().join("evidence"));
    contract::evidence_store(&store(), &store()).await;
}

#[tokio::test]
async fn the_fake_keeps_the_contract() {
    let store = FakeEvidence::default();
    contract::evidence_store(&store, &store).await;
}

#[tokio::test]
async fn nobody_else_may_read_the_files() {
    let directory = tempfile::tempdir().unwrap();
    let store = FileEvidence::new(directory.path().join("evidence"));
    let piece = Piece { kind: PieceKind::Record, bytes: b"{}".to_vec() };
    store.add(&Digest::of(b"subject"), &piece).await.unwrap();
    let mut open = vec![directory.path().join("evidence")];
    let mut seen = 0;
    while let Some(path) = open.pop() {
        let metadata = std::fs::metadata(&path).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o077, 0, "{}", path.display());
        seen += 1;
        if metadata.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
    }
    assert_eq!(seen, 3, "a directory, a subject, a piece");
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "a test plays whoever damages the files")]
async fn a_damaged_file_is_found_and_put_right_by_adding_again() {
    let directory = tempfile::tempdir().unwrap();
    let store = FileEvidence::new(directory.path());
    let piece = Piece { kind: PieceKind::Record, bytes: b"{}".to_vec() };
    let subject = Digest::of(b"subject");
    store.add(&subject, &piece).await.unwrap();
    let of_subject = std::fs::read_dir(directory.path()).unwrap().next().unwrap().unwrap().path();
    let file = std::fs::read_dir(of_subject).unwrap().next().unwrap().unwrap().path();
    std::fs::write(&file, b"[]").unwrap();
    let error = store.read(&subject, &piece.entry()).await.unwrap_err();
    assert!(matches!(error, EvidenceError::Damaged { .. }), "{error}");
    store.add(&subject, &piece).await.unwrap();
    assert_eq!(store.read(&subject, &piece.entry()).await.unwrap(), piece);
}

#[tokio::test]
async fn what_is_said_is_found_by_release_and_by_environment() {
    let (store, key, record) = (FakeEvidence::default(), key(), record());
    let trust = trust(&key);
    let archive = Archive::new(&store, &trust);
    archive.keep(&record).await.unwrap();
    archive.say(&key, &record, report("release", BUILT)).await.unwrap();
    let deployed = Deed::Deployed { sequence: 17 };
    archive.say(&key, &record, report("prod", deployed.clone())).await.unwrap();
    archive.say(&key, &record, report("prod", deployed)).await.unwrap();
    assert_eq!(archive.record(record.id()).await.unwrap(), Some(record.clone()));
    let history = archive.history(&record).await.unwrap();
    assert!(Standing::of(&history).built.is_some());
    assert_eq!(history.chain(&Scope::Release).unwrap().damage(), []);
    let prod: EnvironmentName = "prod".parse().unwrap();
    let repository = &record.content().source.repository;
    assert_eq!(archive.events_in(repository, &prod).await.unwrap().len(), 2);
    let elsewhere = "https://github.com/shop/other".parse().unwrap();
    assert_eq!(archive.events_in(&elsewhere, &prod).await.unwrap().len(), 0);
}

#[tokio::test]
async fn what_nobody_would_believe_is_not_added() {
    let (store, record) = (FakeEvidence::default(), record());
    let (trusted, stranger) = (key(), LocalKey::generate(Algorithm::EcdsaP256).unwrap());
    let trust = trust(&trusted);
    let said = Archive::new(&store, &trust).say(&stranger, &record, report("release", BUILT)).await;
    assert!(matches!(said, Err(ArchiveError::Distrust(_))), "{said:?}");
    assert_eq!(store.list(&record.anchor()).await.unwrap(), []);
}

#[tokio::test]
async fn rubbish_and_forgeries_are_passed_over_and_told() {
    let (store, key, record) = (FakeEvidence::default(), key(), record());
    let stranger = LocalKey::generate(Algorithm::Ed25519).unwrap();
    let (trust, theirs) = (trust(&key), trust(&stranger));
    let archive = Archive::new(&store, &trust);
    archive.say(&key, &record, report("release", BUILT)).await.unwrap();
    let revoked = Deed::Revoked { reason: "I say so".parse().unwrap() };
    let forged = Archive::new(&store, &theirs);
    forged.say(&stranger, &record, report("release", revoked)).await.unwrap();
    for kind in [PieceKind::Record, PieceKind::Statement] {
        let rubbish = Piece { kind, bytes: b"rubbish".to_vec() };
        store.add(&record.anchor(), &rubbish).await.unwrap();
    }
    let dossier = archive.gather(&record.anchor()).await.unwrap();
    assert_eq!((dossier.events.len(), dossier.doubtful.len()), (1, 3), "{:?}", dossier.doubtful);
    let history = archive.history(&record).await.unwrap();
    assert!(Standing::of(&history).revoked.is_none(), "a stranger revokes nothing");
}

#[tokio::test]
async fn a_store_that_is_away_is_an_error_and_never_empty() {
    let (store, key, record) = (FakeEvidence::default(), key(), record());
    let trust = trust(&key);
    let archive = Archive::new(&store, &trust);
    archive.say(&key, &record, report("release", BUILT)).await.unwrap();
    store.fault_after(0, EvidenceFault::Away);
    let gathered = archive.gather(&record.anchor()).await;
    assert!(matches!(gathered, Err(EvidenceError::Unavailable { .. })), "{gathered:?}");
    // The list answers, and the first piece does not.
    store.fault_after(1, EvidenceFault::Away);
    let gathered = archive.gather(&record.anchor()).await;
    assert!(matches!(gathered, Err(EvidenceError::Unavailable { .. })), "{gathered:?}");
}

#[tokio::test]
async fn an_addition_that_was_not_heard_of_is_made_again() {
    let (store, key, record) = (FakeEvidence::default(), key(), record());
    let trust = trust(&key);
    let archive = Archive::new(&store, &trust);
    store.fault_after(0, EvidenceFault::AddedUnheard);
    archive.keep(&record).await.unwrap_err();
    archive.keep(&record).await.unwrap();
    let listed = store.list(&record.anchor()).await.unwrap();
    let entry = Entry { digest: record.id().digest(), kind: PieceKind::Record };
    assert_eq!(listed, [entry], "once, though it was added twice");
}

#[tokio::test]
async fn a_piece_that_the_store_gives_damaged_is_a_doubt() {
    let (store, key, record) = (FakeEvidence::default(), key(), record());
    let trust = trust(&key);
    let archive = Archive::new(&store, &trust);
    archive.keep(&record).await.unwrap();
    store.fault_after(1, EvidenceFault::Damaged);
    let dossier = archive.gather(&record.anchor()).await.unwrap();
    let reasons: Vec<_> = dossier.doubtful.iter().map(|doubt| &doubt.reason).collect();
    assert!(
        matches!(reasons.as_slice(), [DoubtReason::Unreadable(EvidenceError::Damaged { .. })]),
        "{reasons:?}"
    );
}
