//! Which version each locator meant when a release was planned.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::{Locator, Reference, VersionId};

/// Which version each locator meant; part of a release's record.
///
/// Written as a JSON object from the canonical text of a locator to the id of a version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pins(BTreeMap<Locator, VersionId>);

/// A text that holds no pins. It is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("these are no pins: {0}")]
pub struct BadPins(&'static str);

impl Pins {
    /// Remembers which version a locator means.
    pub fn insert(&mut self, locator: Locator, version: VersionId) {
        self.0.insert(locator, version);
    }

    /// The version that a locator meant.
    pub fn get(&self, locator: &Locator) -> Option<&VersionId> {
        self.0.get(locator)
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Locator, &VersionId)> {
        self.0.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is pinned.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same value in the version that was meant; as it is if nothing was pinned.
    pub fn applied(&self, reference: &Reference) -> Reference {
        let pinned = self.get(reference.locator()).and_then(|version| reference.pin(version));
        pinned.unwrap_or_else(|| reference.clone())
    }

    /// As JSON.
    pub fn to_json(&self) -> serde_json::Value {
        let pair = |(locator, version): (&Locator, &VersionId)| {
            (locator.to_string(), version.as_str().into())
        };
        serde_json::Value::Object(self.iter().map(pair).collect())
    }

    /// Reads JSON. What belongs to no pin is refused, for it would be lost.
    pub fn from_json(text: &str) -> Result<Self, BadPins> {
        let pairs: BTreeMap<String, String> = serde_json::from_str(text)
            .map_err(|_| BadPins("they are not one JSON object from references to versions"))?;
        let mut pins = Self::default();
        for (locator, version) in pairs {
            pins.note(&locator, &version)?;
        }
        Ok(pins)
    }

    /// Remembers a pin as it is written down: the canonical text of a locator, and a version.
    pub fn note(&mut self, locator: &str, version: &str) -> Result<(), BadPins> {
        let wrong = BadPins("a key is not a reference of its own, or a value no version");
        let reference: Reference = locator.parse().map_err(|_| wrong)?;
        let version: VersionId = version.parse().map_err(|_| wrong)?;
        let locator = reference.locator();
        if reference.pointer().is_some() || locator.pin(&version).is_none() {
            return Err(wrong);
        }
        self.insert(locator.clone(), version);
        Ok(())
    }
}
