//! What is needed of a place where secrets are kept.

use core::fmt::Debug;
use core::num::NonZeroUsize;
use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use pilotage_rollout::Moment;

use crate::{Failure, Locator, Secret, Stage, VersionId};

/// A place where secrets are kept: read, or described without reading.
///
/// # Contract
///
/// - **One answer for each locator, in the order of the question**, whatever becomes of the call:
///   one that fails as a whole fails for each of them. What the service leaves out of its answer
///   (`Errors`, `InvalidParameters`, nothing at all) is a [`Failure`] of that locator.
/// - **One call, one request.** The caller asks only for locators whose [`lane`](Self::lane) for
///   this errand is the same, without repetition, and for no more than the lane's `batch`.
/// - **Nothing is retried inside**, not by an SDK either: whoever asks counts and waits. Throttling
///   is [`Failure::Throttled`], with the service's own word on how long to wait.
/// - **`describe` reads no value** and needs no right to read one. A source that cannot describe
///   without reading answers [`Failure::NoSource`] and says so.
/// - **Nothing of a value is in a failure**, a log line or a trace.
/// - **Cancellation.** Both only read; dropping them leaves nothing behind.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait SecretSource: Debug + Send + Sync {
    /// Where this is, in words for a person.
    fn place(&self) -> String;

    /// With which others a locator may be asked for in one call; none if this source does not read
    /// this kind of locator.
    fn lane(&self, errand: Errand, locator: &Locator) -> Option<Lane>;

    /// Reads values, each in the version that its locator names.
    async fn fetch(&self, wanted: &[Locator]) -> Vec<Result<Fetched, Failure>>;

    /// Says what there is, without reading values.
    async fn describe(&self, wanted: &[Locator]) -> Vec<Result<Description, Failure>>;
}

/// What a source is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Errand {
    /// The value.
    Fetch,
    /// What there is, without the value.
    Describe,
}

/// Locators that may be asked for in one call, and how many of them.
///
/// Locators are asked for together if their lanes are equal. So the name holds whatever divides
/// them: the region and the account, the vault, whether the batch interface can name their version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lane {
    /// What they have in common.
    pub name: String,
    /// How many locators go into one call.
    pub batch: NonZeroUsize,
    /// How many calls may be under way at once.
    pub parallel: NonZeroUsize,
}

/// A value that was read.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// Which version it is, where the source has versions.
    pub version: Option<VersionId>,
    /// The value.
    pub value: Secret,
}

/// What is known of a secret without its value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Description {
    /// The full name by which policies name it, with the random suffix where it has one.
    pub full_name: Option<String>,
    /// The version that the locator names now, where the source has versions.
    pub version: Option<VersionId>,
    /// The versions that are known, with their stages or labels; perhaps not all there are.
    pub versions: BTreeMap<VersionId, BTreeSet<Stage>>,
    /// The version that a rotation has made and not finished.
    pub pending: Option<VersionId>,
    /// When it will be gone; only of a secret that is scheduled for deletion.
    pub gone_at: Option<Moment>,
    /// The key that encrypts it, if it is one that a policy must name.
    pub key: Option<KmsKey>,
    /// The names of its keys, where the source tells them without the values.
    pub keys: Option<BTreeSet<String>>,
}

/// The key of a key management service, as a policy names it: an ARN, an alias or an address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KmsKey(pub String);
