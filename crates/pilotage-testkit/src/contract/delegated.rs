//! What a target promises whose platform rolls for it.

use pilotage_artifact::{Release, ReleaseId};
use pilotage_driver::role::{Clock, Target};
use pilotage_rollout::journal::RunId;
use pilotage_rollout::target::{
    Action, Delegation, Observation, Order, Outcome, Rejection, RollingControl, Stamp,
};
use pilotage_rollout::{Fence, Share, Span};

/// How often a state is looked for until it must be there.
const LOOKS: u32 = 600;

/// A target on which units of `stable` carry all traffic, and what it can be rolled to.
#[derive(Debug)]
pub struct DelegatedBench<'a> {
    /// The target.
    pub target: &'a dyn Target,
    /// The clock by which it is waited for.
    pub clock: &'a dyn Clock,
    /// What serves.
    pub stable: Release,
    /// What it can be rolled to.
    pub candidate: Release,
}

/// Checks a target whose platform rolls, and leaves it as it was found.
pub async fn delegated_target(bench: &DelegatedBench<'_>) {
    assert_ne!(bench.target.capabilities().rolling, RollingControl::Driven);
    let fence = bench.claims_are_raised_and_stale_ones_refused().await;
    bench.a_stale_order_changes_nothing(fence).await;
    bench.a_roll_is_declared(fence, &bench.candidate, &bench.stable).await;
    bench.what_is_unknown_is_refused(fence).await;
    bench.a_roll_is_declared(fence, &bench.stable, &bench.candidate).await;
}

impl DelegatedBench<'_> {
    async fn claims_are_raised_and_stale_ones_refused(&self) -> Fence {
        let before = self.look().await;
        assert_eq!(self.look().await, before, "a look changes nothing");
        let (stale, fence) = (Fence(before.fence.0 + 1), Fence(before.fence.0 + 2));
        for number in 0..2 {
            let outcome = self.apply(fence, number, Action::Claim).await;
            assert_eq!(outcome, Outcome::Applied, "a claim, and the same again");
            self.until("the claim", |seen| seen.fence == fence).await;
        }
        let refused = self.apply(stale, 0, Action::Claim).await;
        let expected = Outcome::NotApplied(Rejection::StaleFence { current: fence });
        assert_eq!(refused, expected, "a stale claim is refused");
        fence
    }

    async fn a_stale_order_changes_nothing(&self, fence: Fence) {
        let before = self.look().await;
        let refused = self.apply(Fence(fence.0 - 1), 5, roll(&self.candidate.id)).await;
        let is_stale = matches!(refused, Outcome::NotApplied(Rejection::StaleFence { .. }));
        assert!(is_stale, "a stale order is refused: {refused:?}");
        assert_eq!(self.look().await, before, "and changes nothing");
    }

    async fn a_roll_is_declared(&self, fence: Fence, to: &Release, from: &Release) {
        for number in [10, 11] {
            let outcome = self.apply(fence, number, roll(&to.id)).await;
            assert_eq!(outcome, Outcome::Applied, "a roll, and the same again");
        }
        let done = Delegation::Complete { release: to.id.clone() };
        let seen = self.until("its completion", |seen| seen.delegation == done).await;
        let group = seen.group(&to.id).expect("what was rolled to runs");
        assert!(group.runs(to), "by its content: {group:?}");
        assert_eq!((group.share, group.ready), (Share::ALL, group.desired), "and serves");
        let left = seen.group(&from.id).filter(|group| group.is_live());
        assert!(left.is_none(), "nothing is left of the other: {left:?}");
        assert_eq!(self.apply(fence, 12, roll(&to.id)).await, Outcome::Applied);
        assert_eq!(self.look().await.delegation, done, "and once more changes nothing");
    }

    async fn what_is_unknown_is_refused(&self, fence: Fence) {
        let unheard_of = "nobody-has-heard-of-it".parse().expect("a name");
        let refused = self.apply(fence, 20, roll(&unheard_of)).await;
        let is_refused = matches!(refused, Outcome::NotApplied(Rejection::Refused { .. }));
        assert!(is_refused, "there is no such release: {refused:?}");
    }

    async fn apply(&self, fence: Fence, number: u32, action: Action) -> Outcome {
        let order = Order { stamp: Stamp { fence, number }, action };
        self.target.apply(&RunId("contract".into()), &order).await
    }

    async fn look(&self) -> Observation {
        self.target.observe().await.expect("the target can be read")
    }

    async fn until(&self, what: &str, holds: impl Fn(&Observation) -> bool) -> Observation {
        for _ in 0..LOOKS {
            let seen = self.look().await;
            if holds(&seen) {
                return seen;
            }
            self.clock.sleep(Span::from_millis(200)).await;
        }
        panic!("{what} did not show after {LOOKS} looks; last seen: {:?}", self.look().await);
    }
}

fn roll(release: &ReleaseId) -> Action {
    Action::Roll { release: release.clone() }
}
