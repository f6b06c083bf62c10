//! Pins: from "whatever is current" to "exactly this version".

use super::{Locator, Parameter, Pick, Reference, SecretsManager, Selector};
use crate::VersionId;

impl Locator {
    /// The version that it names for good; none if what it means may change.
    pub fn pinned(&self) -> Option<VersionId> {
        match self {
            Self::SecretsManager(SecretsManager { pick: Pick::Id(id), .. }) => Some(id.clone()),
            Self::Parameter(Parameter { selector: Selector::Version(number), .. }) => {
                number.to_string().parse().ok()
            }
            Self::KeyVault(secret) => secret.version().cloned(),
            _ => None,
        }
    }

    /// The same in exactly this version; none where a place keeps no versions, or this is none of
    /// its ids.
    pub fn pin(&self, version: &VersionId) -> Option<Self> {
        match self {
            Self::SecretsManager(secret) => {
                let pick = Pick::Id(version.clone());
                Some(Self::SecretsManager(SecretsManager { pick, ..secret.clone() }))
            }
            Self::Parameter(parameter) => match Selector::parse(version.as_str()) {
                Ok(selector @ Selector::Version(_)) => {
                    Some(Self::Parameter(Parameter { selector, ..parameter.clone() }))
                }
                _ => None,
            },
            Self::KeyVault(secret) => secret.at(version.clone()).ok().map(Self::KeyVault),
            Self::Kubernetes(_) | Self::Env(_) | Self::File(_) => None,
        }
    }

    /// The same without a version: what a policy names, and what a pin belongs to.
    pub fn unpinned(&self) -> Self {
        match self {
            Self::SecretsManager(secret) => {
                Self::SecretsManager(SecretsManager { pick: Pick::Current, ..secret.clone() })
            }
            Self::Parameter(parameter) => {
                let selector = Selector::Latest;
                Self::Parameter(Parameter { selector, ..parameter.clone() })
            }
            Self::KeyVault(secret) => Self::KeyVault(secret.newest()),
            other => other.clone(),
        }
    }

    /// Whether places of this kind keep versions that can be pinned.
    pub const fn keeps_versions(&self) -> bool {
        matches!(self, Self::SecretsManager(_) | Self::Parameter(_) | Self::KeyVault(_))
    }
}

impl Reference {
    /// The same value in exactly this version; see [`Locator::pin`].
    pub fn pin(&self, version: &VersionId) -> Option<Self> {
        let locator = self.locator.pin(version)?;
        Some(Self { locator, pointer: self.pointer.clone() })
    }
}
