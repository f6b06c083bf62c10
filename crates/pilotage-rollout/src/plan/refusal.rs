//! Why no plan was made, and what would satisfy the planner.

use alloc::string::String;

use pilotage_artifact::ReleaseId;

use super::InvalidLimits;
use crate::Share;
use crate::ramp::InvalidStrategy;

/// A request that the planner will not turn into a plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The strategy contradicts itself.
    #[error("the strategy cannot be planned")]
    Strategy(#[from] InvalidStrategy),
    /// The limits contradict the target.
    #[error("the limits cannot be planned with")]
    Limits(#[from] InvalidLimits),
    /// More than one release serves or runs already.
    #[error(
        "`{one}` and `{other}` are both live: an earlier run is unfinished; `resume` or `abort` it \
         first"
    )]
    Unfinished {
        /// One of them.
        one: ReleaseId,
        /// Another.
        other: ReleaseId,
    },
    /// The platform's controller is busy with something.
    #[error("the platform is still rolling to `{release}`: wait for it or stop it first")]
    PlatformBusy {
        /// Where it rolls to.
        release: ReleaseId,
    },
    /// An older release would land over a newer one.
    #[error(
        "`{to}` (sequence {to_sequence}) is older than the live `{live}` ({live_sequence}): use \
         `rollback`, or allow the downgrade explicitly"
    )]
    Older {
        /// What was asked for.
        to: ReleaseId,
        /// Its place in the order.
        to_sequence: u64,
        /// What is live.
        live: ReleaseId,
        /// Its place in the order.
        live_sequence: u64,
    },
    /// The same identity with different content.
    #[error(
        "`{release}` is live with another digest than the requested one: a release never changes, \
         give the new content a new identity"
    )]
    SameNameOtherContent {
        /// The identity in question.
        release: ReleaseId,
    },
    /// What is asked for is live, but not well.
    #[error(
        "`{release}` is live already with {ready} of {desired} units healthy and {share} of the \
         traffic: deploying it again changes nothing; repair it, or `rollback`"
    )]
    LiveButUnwell {
        /// The release.
        release: ReleaseId,
        /// Its healthy units.
        ready: u16,
        /// The units that it should have.
        desired: u16,
        /// The traffic that it gets.
        share: Share,
    },
    /// There is nothing to roll back from.
    #[error("nothing is live, so there is nothing to roll back from: use `deploy`")]
    NothingToRollBack,
    /// Zero units prove nothing and serve nothing.
    #[error("the size is zero: a rollout of no units verifies nothing; ask for at least one unit")]
    NoUnits,
    /// The target cannot divide traffic that way.
    #[error("{wanted} of the traffic is not possible here: {why}")]
    Traffic {
        /// What was asked for.
        wanted: Share,
        /// What the target can do, and what to ask for instead.
        why: String,
    },
    /// A judge without anything to compare.
    #[error(
        "step {step} asks the judge to compare at {traffic} of the traffic, where one side has no \
         requests: move the judge to a step between 0 % and 100 %"
    )]
    IdleJudge {
        /// Which step, counted from one.
        step: usize,
        /// The candidate's share in it.
        traffic: Share,
    },
    /// The candidate cannot be reached apart.
    #[error(
        "smoke check `{check}` needs a preview address and the target has none: move it behind \
         the first traffic, or give the target a preview"
    )]
    NoPreview {
        /// Which check.
        check: String,
    },
    /// The plan could not be kept within any limit.
    #[error("the plan would live for {lifetime}: an expiry of zero cannot be met")]
    BornExpired {
        /// How long it would be valid.
        lifetime: crate::Span,
    },
}
