//! Resolves references: each thing is asked for once, and each reference is answered.
//!
//! Locators that several references share are read once; what a source takes together travels
//! together; what is throttled is asked again, as long as patience lasts. [`Resolution`] holds an
//! answer for every reference, and gives its values away only if all are there.
//!
//! It deliberately keeps nothing: a second question is asked anew.

mod gather;
mod patience;
mod resolution;
mod select;

use core::sync::atomic::{AtomicU32, Ordering};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use pilotage_clock::Clock;

use gather::Desk;

pub use patience::Patience;
pub use resolution::{Incomplete, Resolution, Resolved, Unresolved};
pub use select::{KeyFault, select};

use crate::{Description, Errand, Failure, Fetched, Locator, Reference, SecretSource, Words};

/// Reads and describes what references point at, through the sources that know them.
#[derive(Debug)]
pub struct Resolver(Desk);

impl Resolver {
    /// A resolver over sources; the first that knows a kind of locator is asked.
    pub fn new(sources: Vec<Arc<dyn SecretSource>>, clock: Arc<dyn Clock>) -> Self {
        let (patience, calls) = (Patience::default(), AtomicU32::new(0));
        Self(Desk { sources, clock, patience, calls })
    }

    /// The same with another patience.
    #[must_use]
    pub fn with_patience(self, patience: Patience) -> Self {
        Self(Desk { patience, ..self.0 })
    }

    /// How many calls were made up to now.
    pub fn calls(&self) -> u32 {
        self.0.calls.load(Ordering::Relaxed)
    }

    /// Reads the values.
    pub async fn resolve(&self, references: impl IntoIterator<Item = Reference>) -> Resolution {
        let before = self.calls();
        let references: BTreeSet<Reference> = references.into_iter().collect();
        let wanted = references.iter().map(|reference| reference.locator().clone()).collect();
        let ask = |source: Arc<dyn SecretSource>, some: Vec<Locator>| async move {
            source.fetch(&some).await
        };
        let fetched = self.0.gather(Errand::Fetch, wanted, ask).await;
        let answer = |reference: Reference| {
            let resolved = resolved(&reference, fetched.get(reference.locator()));
            (reference, resolved)
        };
        let answers: BTreeMap<_, _> = references.into_iter().map(answer).collect();
        Resolution::new(answers, self.calls().saturating_sub(before))
    }

    /// Says what there is, without reading values.
    pub async fn describe(
        &self,
        locators: impl IntoIterator<Item = Locator>,
    ) -> BTreeMap<Locator, Result<Description, Failure>> {
        let wanted = locators.into_iter().collect();
        let ask = |source: Arc<dyn SecretSource>, some: Vec<Locator>| async move {
            source.describe(&some).await
        };
        self.0.gather(Errand::Describe, wanted, ask).await
    }
}

fn resolved(
    reference: &Reference,
    fetched: Option<&Result<Fetched, Failure>>,
) -> Result<Resolved, Unresolved> {
    let said = |words| Unresolved::Source(Failure::NotUnderstood { said: Words::new(words) });
    let fetched = fetched.ok_or_else(|| said("there was no answer"))?;
    let Fetched { version, value } = fetched.as_ref().map_err(Clone::clone)?;
    let pinned = reference.locator().pinned();
    if pinned.is_some() && version.is_some() && pinned != *version {
        return Err(said("another version came than the one asked for"));
    }
    Ok(Resolved { version: version.clone(), value: select(value, reference.pointer())? })
}
