//! Evidence about releases, kept in registries of every kind.

use pilotage_artifact::Digest;
use pilotage_record::store::{EvidenceError, EvidenceStore, Piece, PieceKind};
use pilotage_registry::evidence::OciEvidence;
use pilotage_registry::{Artifact, Client, Payload, Remote};
use pilotage_testkit::contract;
use pilotage_testkit::fake::registry::{Fault, List};

use crate::support::{client, fake, image, named, order, patient, promote, remote};

/// How many writers add at the same time.
const CROWD: u32 = 16;

/// The contract, through two handles that share what one process shares.
pub(crate) async fn keeps_the_contract(registry: &str) {
    let at = remote(&patient(), registry, "evidence");
    let (one, other) = (OciEvidence::new(at.clone()), OciEvidence::new(at));
    contract::evidence_store(&one, &other).await;
}

pub(crate) async fn suite(registry: &str) {
    keeps_the_contract(registry).await;
    evidence_on_an_image_is_evidence_to_other_tools(registry).await;
    what_was_said_before_the_image_came_is_found(registry).await;
    what_another_tool_attached_is_listed(registry).await;
    writers_that_share_a_blob_lose_nothing(registry).await;
}

#[tokio::test]
async fn holds_whether_or_not_the_registry_keeps_lists() {
    for list in [List::Kept, List::Paged, List::Absent] {
        let registry = fake().await;
        registry.behave(|behaviour| behaviour.referrers = list);
        suite(&registry.name()).await;
    }
}

#[tokio::test]
async fn two_processes_lose_nothing_where_the_registry_keeps_the_list() {
    let registry = fake().await;
    let store = |client: Client| OciEvidence::new(named(&client, &registry.name(), "shared"));
    contract::evidence_store(&store(client()), &store(client())).await;
}

fn piece(text: &str) -> Piece {
    Piece { kind: PieceKind::Statement, bytes: text.as_bytes().to_vec() }
}

async fn add(at: &Remote, subject: Digest, piece: &Piece) {
    OciEvidence::new(at.clone()).add(&subject, piece).await.expect("it can be added");
}

async fn evidence_on_an_image_is_evidence_to_other_tools(registry: &str) {
    let client = client();
    let (at, to) = (remote(&client, registry, "from"), remote(&client, registry, "to"));
    let image = image(&at, "evident").await;
    add(&at, image.digest(), &piece("said")).await;
    let listed = at.attached(image.digest(), Some(PieceKind::Statement.media_type())).await;
    assert_eq!(listed.expect("an answer").len(), 1);
    promote(&order(&at, &to, image.digest(), "v1")).await.expect("it arrives");
    let there = OciEvidence::new(to);
    let entries = there.list(&image.digest()).await.expect("an answer");
    assert_eq!(entries, [piece("said").entry()], "it came along with the image");
    let read = there.read(&image.digest(), &piece("said").entry()).await.expect("it is there");
    assert_eq!(read, piece("said"));
}

async fn what_was_said_before_the_image_came_is_found(registry: &str) {
    let client = client();
    let (elsewhere, at) = (remote(&client, registry, "built"), remote(&client, registry, "kept"));
    let image = image(&elsewhere, "late").await;
    add(&at, image.digest(), &piece("before")).await;
    promote(&order(&elsewhere, &at, image.digest(), "v1")).await.expect("it arrives");
    add(&at, image.digest(), &piece("after")).await;
    let entries = OciEvidence::new(at).list(&image.digest()).await.expect("an answer");
    assert_eq!(entries.len(), 2, "{entries:?}");
}

/// Without the annotation, and beside evidence of kinds that say nothing of releases.
async fn what_another_tool_attached_is_listed(registry: &str) {
    let at = remote(&client(), registry, "others");
    let image = image(&at, "others").await;
    for kind in [PieceKind::Statement.media_type(), "application/spdx+json"] {
        let payload = Payload { media_type: kind.into(), bytes: "signed elsewhere".into() };
        let (artifact_type, annotations) = (kind.into(), [].into());
        let artifact = Artifact { artifact_type, annotations, payloads: vec![payload] };
        at.attach(image.digest(), &artifact).await.expect("it is taken");
    }
    let entries = OciEvidence::new(at).list(&image.digest()).await.expect("an answer");
    assert_eq!(entries, [piece("signed elsewhere").entry()]);
}

/// Every piece of evidence has the same empty configuration, which all of them upload at once.
async fn writers_that_share_a_blob_lose_nothing(registry: &str) {
    let at = remote(&patient(), registry, "crowd");
    let subject = Digest::of(b"whom all speak of");
    let pieces: Vec<Piece> = (0..CROWD).map(|n| piece(&format!("said by {n}"))).collect();
    let mut writers = tokio::task::JoinSet::new();
    for said in pieces.clone() {
        let at = at.clone();
        writers.spawn(async move { add(&at, subject, &said).await });
    }
    writers.join_all().await;
    let mut listed = OciEvidence::new(at).list(&subject).await.expect("an answer");
    let mut wanted: Vec<_> = pieces.iter().map(Piece::entry).collect();
    listed.sort();
    wanted.sort();
    assert_eq!(listed, wanted);
}

#[tokio::test]
async fn what_is_called_wrong_while_another_writes_is_added_again() {
    let registry = fake().await;
    let at = remote(&client(), &registry.name(), "relinked");
    registry.fail(Fault::BlobRelinked);
    add(&at, Digest::of(b"subject"), &piece("said")).await;
    assert!(registry.has_failed(), "the fault did not happen");
    let entries = OciEvidence::new(at).list(&Digest::of(b"subject")).await.expect("an answer");
    assert_eq!(entries, [piece("said").entry()]);
}

#[tokio::test]
async fn what_cannot_be_listed_or_is_damaged_is_told() {
    let registry = fake().await;
    let at = remote(&client(), &registry.name(), "away");
    let image = image(&at, "away").await;
    add(&at, image.digest(), &piece("said")).await;
    let store = OciEvidence::new(at);
    registry.fail(Fault::OtherBytes);
    let damaged = store.read(&image.digest(), &piece("said").entry()).await;
    assert!(matches!(damaged, Err(EvidenceError::Damaged { .. })), "{damaged:?}");
    for status in [401, 403, 429, 500] {
        registry.behave(|behaviour| behaviour.referrers = List::Refused(status));
        let listed = store.list(&image.digest()).await;
        assert!(matches!(listed, Err(EvidenceError::Unavailable { .. })), "{status} {listed:?}");
    }
}
