//! What releases are: task definitions that were looked at, and what can be registered for others.
//!
//! What is registered never changes, so that services which run the same releases share one catalogue.
//! All of it can be lost: what is registered is found again by its tags.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use pilotage_artifact::{Release, ReleaseId};

use crate::candidate::Candidate;
use crate::known::Known;

/// A catalogue that services may share.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shared(Arc<Mutex<Catalogue>>);

/// What is known of releases.
#[derive(Debug, Default)]
pub(crate) struct Catalogue {
    /// Task definitions that were looked at, by ARN.
    pub(crate) known: BTreeMap<String, Known>,
    /// What can be brought up.
    pub(crate) candidates: Vec<Candidate>,
    /// Whether a revision may have been registered of which nothing is known.
    pub(crate) may_have_registered: bool,
}

impl Shared {
    pub(crate) fn visit<T>(&self, visit: impl FnOnce(&mut Catalogue) -> T) -> T {
        visit(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Catalogue {
    /// The release of a task definition that was looked at.
    pub(crate) fn release(&self, arn: &str) -> Option<Release> {
        self.known.get(arn).map(|known| known.release.clone())
    }

    /// A revision that runs this release and can still be run.
    pub(crate) fn runnable(&self, release: &ReleaseId) -> Option<&Known> {
        let fits = |known: &&Known| known.release.id == *release && known.is_runnable();
        self.known.values().rev().find(fits)
    }

    /// The release of this name, registered or not.
    pub(crate) fn named(&self, id: &ReleaseId) -> Option<Release> {
        let known = self.known.values().rev().find(|known| known.release.id == *id);
        let candidate = || self.candidate(id).map(|candidate| candidate.release().clone());
        known.map(|known| known.release.clone()).or_else(candidate)
    }

    pub(crate) fn candidate(&self, release: &ReleaseId) -> Option<&Candidate> {
        self.candidates.iter().find(|candidate| candidate.release().id == *release)
    }
}
