//! Checks of the candidate from outside.

use core::fmt::Debug;

use async_trait::async_trait;
use pilotage_artifact::Release;
use pilotage_rollout::gate::Smoke;

/// Whoever performs smoke checks: an HTTP request or a command, by name.
///
/// # Contract
///
/// - **One attempt.** `check` tries once; how often and when it is tried again is the plan's word.
/// - **A failure says what was seen**, bounded and free of secrets, for it is journalled.
/// - **An unknown check fails**; it never passes for want of a definition.
/// - **It is the candidate that is checked**: an answer that names another release is no pass,
///   whatever else it says.
/// - **Idempotent and free to drop**: a check changes nothing that a second one would notice, and
///   a dropped one leaves no process behind.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Probe: Debug + Send + Sync {
    /// Checks this candidate once; the error is what was seen instead of success.
    async fn check(&self, candidate: &Release, smoke: &Smoke) -> Result<(), String>;
}

/// For plans without smoke checks: each check fails, for it is not known.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoProbes;

#[async_trait]
impl Probe for NoProbes {
    async fn check(&self, _: &Release, smoke: &Smoke) -> Result<(), String> {
        Err(format!("no smoke check is configured, so `{}` is not known", smoke.check))
    }
}
