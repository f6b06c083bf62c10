//! Where values come from, opened only when something refers to it.
//!
//! A session with a cloud costs files, variables and sometimes requests, and a person without an
//! account there has none. So a place is opened when the first reference leads to it. A place that
//! cannot be opened is no end of the program: it becomes a source that tells each of its references
//! why, beside the answers of all the others.

mod aws;
mod azure;
mod closed;
mod kubernetes;

use std::collections::BTreeSet;
use std::sync::Arc;

use pilotage_cli::Reader;
use pilotage_clock::Clock;
use pilotage_identity::Identity;
use pilotage_secrets::{Errand, Locator, SecretSource};

use crate::world::Variables;

/// Where secrets are kept besides this machine.
#[derive(Debug, Clone)]
pub enum Sources {
    /// In these places, whoever asks.
    Given(Vec<Arc<dyn SecretSource>>),
    /// In the clouds and clusters that the references name.
    Remote,
}

/// As whom and with what a place is opened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opening<'a> {
    pub(crate) reader: &'a Reader,
    pub(crate) variables: Variables<'a>,
    pub(crate) clock: &'a Arc<dyn Clock>,
}

impl Opening<'_> {
    /// The identity that the CI system gives to this job, if it does.
    fn job(&self) -> Result<Option<Arc<dyn Identity>>, String> {
        let variable = |name: &str| self.variables.text(name).map(str::to_owned);
        pilotage_identity::of_job(variable, self.clock).map_err(|error| error.to_string())
    }
}

impl Sources {
    /// The sources that these locators need.
    pub(crate) async fn open(
        &self,
        wanted: &BTreeSet<Locator>,
        opening: Opening<'_>,
    ) -> Vec<Arc<dyn SecretSource>> {
        match self {
            Self::Given(sources) => sources.clone(),
            Self::Remote => remote(wanted, opening).await,
        }
    }
}

async fn remote(wanted: &BTreeSet<Locator>, opening: Opening<'_>) -> Vec<Arc<dyn SecretSource>> {
    let mut sources = Vec::new();
    if wanted.iter().any(aws::is_there) {
        sources.extend(aws::open(wanted, opening).await);
    }
    if wanted.iter().any(azure::is_there) {
        sources.push(azure::open(opening));
    }
    if wanted.iter().any(kubernetes::is_there) {
        sources.push(kubernetes::open().await);
    }
    sources
}

/// Whether one of these sources reads it.
pub(crate) fn reads(sources: &[Arc<dyn SecretSource>], locator: &Locator) -> bool {
    sources.iter().any(|source| source.lane(Errand::Fetch, locator).is_some())
}
