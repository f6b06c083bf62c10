//! One secret of the fake: its versions and what they are called.

use std::collections::{BTreeMap, BTreeSet};

use pilotage_rollout::Moment;
use pilotage_secrets::reference::{Parameter, Pick, SecretsManager, Selector};
use pilotage_secrets::{Description, Failure, KmsKey, Locator, Stage, VersionId};

use super::stage;

/// One secret.
#[derive(Debug)]
pub(super) struct Kept {
    of: Locator,
    versions: Vec<Version>,
    pub(super) gone_at: Option<Moment>,
    pub(super) refused: Option<Failure>,
    pub(super) key: Option<KmsKey>,
}

#[derive(Debug)]
struct Version {
    id: VersionId,
    value: Vec<u8>,
    stages: BTreeSet<Stage>,
}

impl Kept {
    pub(super) fn new(of: &Locator) -> Self {
        Self { of: of.clone(), versions: Vec::new(), gone_at: None, refused: None, key: None }
    }

    /// A new version that is current; the one before it is the previous one.
    pub(super) fn put(&mut self, value: Vec<u8>) -> VersionId {
        let id = self.add(value);
        self.label(&id, Stage::PENDING);
        self.end_rotation();
        id
    }

    pub(super) fn begin_rotation(&mut self, value: Vec<u8>) -> VersionId {
        let id = self.add(value);
        self.label(&id, Stage::PENDING);
        id
    }

    pub(super) fn end_rotation(&mut self) {
        let pending = self.labelled(Stage::PENDING);
        let Some(pending) = pending else { panic!("no rotation is under way") };
        if let Some(current) = self.labelled(Stage::CURRENT) {
            self.label(&current, Stage::PREVIOUS);
        }
        self.label(&pending, Stage::CURRENT);
        for version in &mut self.versions {
            version.stages.remove(&stage(Stage::PENDING));
        }
    }

    pub(super) fn prune(&mut self) {
        self.versions.retain(|version| !version.stages.is_empty());
    }

    fn add(&mut self, value: Vec<u8>) -> VersionId {
        let number = self.versions.len() + 1;
        let id = match &self.of {
            Locator::SecretsManager(_) => format!("00000000-0000-4000-8000-{number:012}"),
            Locator::KeyVault(_) => format!("{number:032x}"),
            _ => number.to_string(),
        };
        let id: VersionId = id.parse().unwrap_or_else(|error| panic!("{id}: {error}"));
        self.versions.push(Version { id: id.clone(), value, stages: BTreeSet::new() });
        id
    }

    /// Moves a label to a version.
    fn label(&mut self, id: &VersionId, name: &str) {
        for version in &mut self.versions {
            version.stages.remove(&stage(name));
            if version.id == *id {
                version.stages.insert(stage(name));
            }
        }
    }

    fn labelled(&self, name: &str) -> Option<VersionId> {
        let has = |version: &&Version| version.stages.contains(&stage(name));
        self.versions.iter().find(has).map(|version| version.id.clone())
    }

    /// The version that a locator means.
    pub(super) fn meant(&self, locator: &Locator) -> Option<VersionId> {
        let id = match locator {
            Locator::SecretsManager(SecretsManager { pick: Pick::Stage(stage), .. }) => {
                self.labelled(stage.as_str())
            }
            Locator::Parameter(Parameter { selector: Selector::Label(label), .. }) => {
                self.labelled(label.as_str())
            }
            locator => locator.pinned().or_else(|| self.labelled(Stage::CURRENT)),
        };
        id.filter(|id| self.value(id).is_some())
    }

    pub(super) fn value(&self, id: &VersionId) -> Option<Vec<u8>> {
        let version = self.versions.iter().find(|version| version.id == *id);
        version.map(|version| version.value.clone())
    }

    pub(super) fn description(&self, locator: &Locator) -> Description {
        let versions = self.versions.iter();
        let versions: BTreeMap<_, _> =
            versions.map(|version| (version.id.clone(), version.stages.clone())).collect();
        Description {
            full_name: None,
            version: self.meant(locator),
            versions,
            pending: self.labelled(Stage::PENDING),
            gone_at: self.gone_at,
            key: self.key.clone(),
            keys: None,
        }
    }
}
