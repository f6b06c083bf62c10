//! Reading all that a store knows of a release, and adding to it in the right place.

use pilotage_artifact::Digest;
use serde::Serialize;

use super::{Entry, EvidenceError, EvidenceStore, Piece, PieceKind};
use crate::canonical::{self, CanonicalError};
use crate::event::{Deed, Event, History, Proven, Scope};
use crate::record::{Record, RecordError, RecordId};
use crate::sign::Signer;
use crate::statement::predicate::Predicate;
use crate::statement::{Bundle, BundleError, Subject, subjects};
use crate::text::{Actor, EnvironmentName, SourceUrl};
use crate::time::Time;
use crate::trust::{Distrust, TrustPolicy};

/// A store, seen with the eyes of a trust policy.
#[derive(Debug, Clone, Copy)]
pub struct Archive<'a> {
    store: &'a dyn EvidenceStore,
    trust: &'a TrustPolicy,
}

/// All that is known about one subject.
#[derive(Debug, Default)]
pub struct Dossier {
    /// The records.
    pub records: Vec<Record>,
    /// The events that are believed.
    pub events: Vec<Proven>,
    /// What is there and counts for nothing.
    pub doubtful: Vec<Doubt>,
}

/// Something that is there and counts for nothing.
#[derive(Debug)]
pub struct Doubt {
    /// Which piece.
    pub entry: Entry,
    /// Why.
    pub reason: DoubtReason,
}

/// Why something counts for nothing.
#[derive(Debug, thiserror::Error)]
pub enum DoubtReason {
    /// It is no record.
    #[error("it is no record")]
    Record(#[from] RecordError),
    /// It is not believed.
    #[error("it is not believed")]
    Distrust(#[from] Distrust),
    /// It cannot be had.
    #[error("it cannot be read")]
    Unreadable(#[from] EvidenceError),
}

/// What is to be said about a release.
#[derive(Debug, Clone)]
pub struct Report {
    /// In which chain.
    pub scope: Scope,
    /// When.
    pub at: Time,
    /// By whom.
    pub by: Actor,
    /// Under which lease.
    pub fence: Option<u64>,
    /// What.
    pub deed: Deed,
}

/// Why nothing was added, or not everywhere; adding again is harmless.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] EvidenceError),
    /// It could not be signed.
    #[error("the event cannot be signed")]
    Sign(#[from] BundleError),
    /// Nobody would believe it.
    #[error("nobody would believe the event, so it was not added")]
    Distrust(#[from] Distrust),
    /// It has no text.
    #[error("the event has no text")]
    Text(#[from] CanonicalError),
}

/// What names an environment of a repository, as a subject.
#[derive(Debug, Serialize)]
struct PlaceName<'a> {
    environment: &'a EnvironmentName,
    repository: &'a SourceUrl,
}

impl<'a> Archive<'a> {
    /// What this store knows, as far as this policy believes it.
    pub const fn new(store: &'a dyn EvidenceStore, trust: &'a TrustPolicy) -> Self {
        Self { store, trust }
    }

    /// All that is known about a subject.
    pub async fn gather(&self, subject: &Digest) -> Result<Dossier, EvidenceError> {
        let mut dossier = Dossier::default();
        for entry in self.store.list(subject).await? {
            if let Err(reason) = self.take(&mut dossier, subject, &entry).await? {
                dossier.doubtful.push(Doubt { entry, reason });
            }
        }
        Ok(dossier)
    }

    /// A store that cannot be asked is an error; a piece that is not what it should be is a doubt.
    async fn take(
        &self,
        dossier: &mut Dossier,
        subject: &Digest,
        entry: &Entry,
    ) -> Result<Result<(), DoubtReason>, EvidenceError> {
        let piece = match self.store.read(subject, entry).await {
            Ok(piece) => piece,
            Err(error @ EvidenceError::Unavailable { .. }) => return Err(error),
            Err(error) => return Ok(Err(error.into())),
        };
        Ok(match entry.kind {
            PieceKind::Record => Record::parse(&piece.bytes)
                .map(|record| dossier.records.push(record))
                .map_err(DoubtReason::from),
            PieceKind::Statement => self
                .believe(&piece.bytes)
                .map(|proven| dossier.events.extend(proven))
                .map_err(DoubtReason::from),
        })
    }

    /// A statement of another kind than events is neither believed nor doubted here.
    fn believe(&self, bytes: &[u8]) -> Result<Option<Proven>, Distrust> {
        let bundle = Bundle::parse(bytes)?;
        match self.trust.believe(&bundle) {
            Err(Distrust::NotAnEvent { .. }) => Ok(None),
            believed => believed.map(Some),
        }
    }

    /// The record of this id, if the store has it.
    pub async fn record(&self, id: RecordId) -> Result<Option<Record>, EvidenceError> {
        let dossier = self.gather(&id.digest()).await?;
        Ok(dossier.records.into_iter().find(|record| record.id() == id))
    }

    /// All that is known of a release.
    pub async fn history(&self, record: &Record) -> Result<History, EvidenceError> {
        let dossier = self.gather(&record.anchor()).await?;
        Ok(History::of(record.id(), dossier.events))
    }

    /// All that is known of an environment: the events there, whatever release they are about.
    pub async fn events_in(
        &self,
        repository: &SourceUrl,
        environment: &EnvironmentName,
    ) -> Result<Vec<Proven>, ArchiveError> {
        let subject = place(repository, environment)?;
        Ok(self.gather(&subject).await?.events)
    }

    /// Keeps a record, where its id and where its artifacts lead to it.
    pub async fn keep(&self, record: &Record) -> Result<(), EvidenceError> {
        let piece = Piece { kind: PieceKind::Record, bytes: record.bytes().to_vec() };
        self.store.add(&record.anchor(), &piece).await?;
        self.store.add(&record.id().digest(), &piece).await
    }

    /// Signs what is to be said and adds it to the end of its chain.
    ///
    /// What the own policy does not believe is not added: it would be a gap to everybody.
    pub async fn say(
        &self,
        signer: &dyn Signer,
        record: &Record,
        report: Report,
    ) -> Result<Proven, ArchiveError> {
        let Report { scope, at, by, fence, deed } = report;
        let after = self.history(record).await?.ends(&scope);
        let event = Event { record: record.id(), scope, after, at, by, fence, deed };
        let bundle = Bundle::seal(signer, subjects(record), Event::TYPE, &event).await?;
        let proven = self.trust.believe(&bundle)?;
        self.add(record, &event.scope, &bundle).await?;
        Ok(proven)
    }

    /// Signs a statement of another kind and adds it; events can name it by the digest returned.
    pub async fn attest<P: Predicate>(
        &self,
        signer: &dyn Signer,
        record: &Record,
        subject: Vec<Subject>,
        predicate: &P,
    ) -> Result<Digest, ArchiveError> {
        let bundle = Bundle::seal(signer, subject, P::TYPE, predicate).await?;
        self.add(record, &Scope::Release, &bundle).await?;
        Ok(Digest::of(bundle.bytes()))
    }

    async fn add(
        &self,
        record: &Record,
        scope: &Scope,
        bundle: &Bundle,
    ) -> Result<(), ArchiveError> {
        let piece = Piece { kind: PieceKind::Statement, bytes: bundle.bytes().to_vec() };
        // First where the gates of this release look, then where those of others do.
        self.store.add(&record.anchor(), &piece).await?;
        if let Scope::In(environment) = scope {
            let subject = place(&record.content().source.repository, environment)?;
            self.store.add(&subject, &piece).await?;
        }
        Ok(())
    }
}

fn place(repository: &SourceUrl, environment: &EnvironmentName) -> Result<Digest, CanonicalError> {
    let name = PlaceName { environment, repository };
    Ok(Digest::of(&canonical::to_bytes(&name)?))
}
