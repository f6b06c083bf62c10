//! What is known of one version of a secret, beside its value.

use pilotage_rollout::{Moment, Span};
use pilotage_secrets::{Failure, VersionId};
use serde::Deserialize;

use super::refusal::unreadable;

/// A version and when it may be used.
#[derive(Debug, Deserialize)]
pub(super) struct Dated {
    id: String,
    #[serde(default)]
    attributes: Attributes,
}

/// Moments are seconds since the epoch.
#[derive(Debug, Default, Deserialize)]
struct Attributes {
    enabled: Option<bool>,
    nbf: Option<u64>,
    exp: Option<u64>,
    created: Option<u64>,
}

#[derive(Deserialize)]
struct Deleted {
    #[serde(rename = "scheduledPurgeDate")]
    gone_at: Option<u64>,
}

impl Dated {
    /// The version that the address of the answer ends in.
    pub(super) fn version(&self) -> Result<VersionId, Failure> {
        let id = self.id.rsplit('/').next().unwrap_or_default();
        let is_id = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        let id = id.parse().ok().filter(|_| is_id);
        id.ok_or_else(|| unreadable("the answer names no version"))
    }

    /// When it was made: the newest is the one that is meant where none is named.
    pub(super) fn made(&self) -> Option<u64> {
        self.attributes.created
    }

    /// Whether it may be used now.
    pub(super) fn usable(&self, now: Moment) -> Result<(), Failure> {
        let Attributes { enabled, nbf, exp, .. } = self.attributes;
        if enabled == Some(false) {
            return Err(Failure::Disabled);
        }
        let is_early = nbf.is_some_and(|nbf| now < moment(nbf));
        let is_late = exp.is_some_and(|exp| now >= moment(exp));
        if is_early || is_late { Err(Failure::OutOfTime) } else { Ok(()) }
    }
}

/// When a deleted secret is gone for good, where that is told.
pub(super) fn gone_at(body: &[u8]) -> Option<Moment> {
    let deleted: Deleted = serde_json::from_slice(body).ok()?;
    deleted.gone_at.map(moment)
}

fn moment(seconds: u64) -> Moment {
    Moment::default() + Span::from_secs(seconds)
}
