//! What a target promises.

use pilotage_artifact::{Release, ReleaseId};
use pilotage_driver::role::{Clock, Target};
use pilotage_rollout::journal::RunId;
use pilotage_rollout::target::{Action, Group, Observation, Order, Outcome, Rejection, Stamp};
use pilotage_rollout::{Fence, Share, Span};

/// How often a state is looked for until it must be there.
const LOOKS: u32 = 600;

/// A target on which units of `stable` carry all traffic, and what to try on it.
#[derive(Debug)]
pub struct TargetBench<'a> {
    /// The target.
    pub target: &'a dyn Target,
    /// The clock by which it is waited for.
    pub clock: &'a dyn Clock,
    /// What serves.
    pub stable: Release,
    /// What can be brought up beside it.
    pub candidate: Release,
}

/// Checks a target that can move all traffic at once, and leaves it as it was found.
pub async fn target(bench: &TargetBench<'_>) {
    let claimed = bench.claims_are_raised_and_stale_ones_refused().await;
    bench.capacity_is_declared(claimed).await;
    bench.traffic_is_read_back(claimed).await;
    bench.a_stale_order_changes_nothing(claimed).await;
    bench.what_was_brought_up_can_be_stopped(claimed).await;
}

impl TargetBench<'_> {
    async fn claims_are_raised_and_stale_ones_refused(&self) -> Fence {
        let before = self.look().await;
        assert_eq!(self.look().await, before, "a look changes nothing");
        let (stale, fence) = (Fence(before.fence.0 + 1), Fence(before.fence.0 + 2));
        for number in 0..2 {
            self.applied(fence, number, Action::Claim).await;
            self.until("the claim", |seen| seen.fence == fence).await;
        }
        let refused = self.apply(stale, 0, Action::Claim).await;
        let expected = Outcome::NotApplied(Rejection::StaleFence { current: fence });
        assert_eq!(refused, expected, "a stale claim is refused");
        fence
    }

    async fn capacity_is_declared(&self, fence: Fence) {
        let (release, units) = (self.candidate.id.clone(), 2);
        for number in 10..12 {
            let release = release.clone();
            self.applied(fence, number, Action::Capacity { release, units }).await;
            self.until("the units", |seen| group(seen, &self.candidate).desired == units).await;
        }
        self.until("health", |seen| group(seen, &self.candidate).ready == units).await;
        let seen = self.look().await;
        assert_eq!(group(&seen, &self.candidate).share, Share::NONE, "units come without traffic");
        assert_eq!(group(&seen, &self.stable).share, Share::ALL, "and take none away");
    }

    async fn traffic_is_read_back(&self, fence: Fence) {
        for (number, share) in [(20, Share::ALL), (21, Share::ALL), (22, Share::NONE)] {
            self.applied(fence, number, self.traffic(share)).await;
            self.until("the traffic", |seen| {
                group(seen, &self.candidate).share == share
                    && group(seen, &self.stable).share == share.rest()
            })
            .await;
        }
    }

    async fn a_stale_order_changes_nothing(&self, fence: Fence) {
        let before = self.look().await;
        let refused = self.apply(Fence(fence.0 - 1), 30, self.traffic(Share::ALL)).await;
        assert!(
            matches!(refused, Outcome::NotApplied(Rejection::StaleFence { .. })),
            "a stale order is refused: {refused:?}"
        );
        let after = self.look().await;
        assert_eq!(group(&after, &self.candidate).share, group(&before, &self.candidate).share);
    }

    async fn what_was_brought_up_can_be_stopped(&self, fence: Fence) {
        for number in 40..42 {
            let release = self.candidate.id.clone();
            self.applied(fence, number, Action::Capacity { release, units: 0 }).await;
            let gone = |seen: &Observation| is_gone(seen, &self.candidate.id);
            self.until("the end of the units", gone).await;
        }
    }

    fn traffic(&self, share: Share) -> Action {
        let (stable, candidate) = (Some(self.stable.id.clone()), self.candidate.id.clone());
        Action::Traffic { stable, candidate, share }
    }

    async fn applied(&self, fence: Fence, number: u32, action: Action) {
        let outcome = self.apply(fence, number, action.clone()).await;
        assert_eq!(outcome, Outcome::Applied, "{action}");
    }

    async fn apply(&self, fence: Fence, number: u32, action: Action) -> Outcome {
        let order = Order { stamp: Stamp { fence, number }, action };
        self.target.apply(&RunId("contract".into()), &order).await
    }

    async fn look(&self) -> Observation {
        self.target.observe().await.expect("the target can be read")
    }

    async fn until(&self, what: &str, holds: impl Fn(&Observation) -> bool) {
        for _ in 0..LOOKS {
            if holds(&self.look().await) {
                return;
            }
            self.clock.sleep(Span::from_millis(200)).await;
        }
        panic!("{what} did not show after {LOOKS} looks; last seen: {:?}", self.look().await);
    }
}

fn is_gone(seen: &Observation, release: &ReleaseId) -> bool {
    seen.group(release).is_none_or(|group| !group.is_live())
}

/// The group of this release, or an empty one.
fn group(seen: &Observation, release: &Release) -> Group {
    seen.group(&release.id).cloned().unwrap_or_else(|| Group {
        release: release.clone(),
        desired: 0,
        ready: 0,
        restarts: 0,
        in_flight: None,
        share: Share::NONE,
        failing: Vec::new(),
    })
}
