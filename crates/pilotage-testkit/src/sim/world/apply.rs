//! What the target does with an order.

use pilotage_rollout::target::{Action, Fencing, Order, Outcome, Rejection, Stamp};
use pilotage_rollout::{Fence, Share, Span};

use super::{Database, Late, Platform, World};
use crate::sim::choices::Choices;
use crate::sim::label::Label;

impl World {
    /// Carries out an order, or does not, and says so, or does not.
    pub fn apply(&mut self, order: &Order, choices: &mut Choices) -> Outcome {
        if let Some(stale) = self.stale(order) {
            return stale;
        }
        match choices.pick(Label::Write) {
            1 => busy("throttled"),
            2 => busy("conflict"),
            3 => unknown(),
            4 => self.done_unheard(order, choices),
            5 => self.done_late(order),
            6 => {
                self.done_unheard(order, choices);
                self.done_late(order)
            }
            7 => {
                let reason = String::from("access denied");
                Outcome::NotApplied(Rejection::Refused { reason })
            }
            8 => {
                let slow = self.now + Span::from_secs(4);
                self.advance(slow, choices);
                self.perform(order, choices);
                Outcome::Applied
            }
            _ => {
                self.perform(order, choices);
                Outcome::Applied
            }
        }
    }

    fn done_unheard(&mut self, order: &Order, choices: &mut Choices) -> Outcome {
        self.perform(order, choices);
        unknown()
    }

    /// The order takes effect when nobody expects it any more, but within the declared time.
    pub fn done_late(&mut self, order: &Order) -> Outcome {
        let physics = &self.physics;
        let longest = physics.can.settle.as_millis() - physics.router_delay.as_millis();
        let at = self.now + Span::from_millis(longest - 1);
        self.late.push(Late { at, order: order.clone(), checks: false });
        unknown()
    }

    /// A suspended sender sends it whenever it wakes up; its adapter looks at the fence first.
    pub fn sent_by_a_sleeper(&mut self, order: &Order, after: Span) {
        self.late.push(Late { at: self.now + after, order: order.clone(), checks: true });
    }

    pub(super) fn land(&mut self, late: &Late, choices: &mut Choices) {
        let compares = self.physics.can.fencing == Fencing::Enforced || late.checks;
        let stale = compares && self.stale(&late.order).is_some();
        self.seen.stale_taken += u32::from(stale && self.ignores_fences);
        if stale && !self.ignores_fences {
            self.seen.refused += 1;
            self.seen.sleepers_refused += u32::from(late.checks);
            return;
        }
        self.seen.landed += 1;
        self.perform(&late.order, choices);
    }

    /// A target that enforces compares the whole stamp, so that even an older order of the same
    /// owner is refused; one that is only checked compares owners.
    fn stale(&self, order: &Order) -> Option<Outcome> {
        let enforced = self.physics.can.fencing == Fencing::Enforced;
        let overtaken = enforced && self.last.is_some_and(|last| order.stamp < last);
        let current = self.fence;
        (order.stamp.fence < current || overtaken)
            .then_some(Outcome::NotApplied(Rejection::StaleFence { current }))
    }

    fn perform(&mut self, order: &Order, choices: &mut Choices) {
        self.remember();
        self.last = self.last.max(Some(order.stamp));
        match &order.action {
            Action::Claim => self.fence = self.fence.max(order.stamp.fence),
            Action::Migrate { .. } => self.migrate(order.stamp, choices),
            Action::Capacity { release, units } => {
                let (now, new) = (self.now, *release == self.new.release.id);
                let group = if new { &mut self.new } else { &mut self.old };
                group.resize(*units, now);
                if new && *units == 0 {
                    self.platform = Platform::idle();
                }
            }
            Action::Traffic { share, .. } => self.tell(*share, choices),
            Action::Roll { release } => {
                let forward = *release == self.new.release.id;
                self.roll(forward, choices);
            }
            Action::Proceed { .. } => self.platform.proceed(),
            Action::Prune { .. } => {}
        }
    }

    /// Starts a migration. The stamp is its idempotency token: a copy of an order that was
    /// carried out starts nothing.
    fn migrate(&mut self, stamp: Stamp, choices: &mut Choices) {
        if self.migrated_by == Some(stamp) {
            return;
        }
        self.migrated_by = Some(stamp);
        let (fails, long) = match choices.pick(Label::Migration) {
            1 => (true, false),
            2 => (false, true),
            _ => (false, false),
        };
        if let Database::Migrating { .. } = self.schema {
            self.seen.second_migrations += 1;
        }
        if self.schema == Database::Dirty {
            self.seen.migrations_over_dirt += 1;
        }
        if self.schema != Database::New {
            let until = self.now + Span::from_secs(if long { 600 } else { 20 });
            self.schema = Database::Migrating { until, fails };
        }
    }

    fn tell(&mut self, share: Share, choices: &mut Choices) {
        self.nuisances.slow_requests = choices.pick(Label::Drain) > 0;
        let slow = choices.pick(Label::Router) > 0;
        if slow && share != self.router.gives {
            self.router.told = share;
            self.router.follows_at = self.now + self.physics.router_delay;
        } else {
            self.follow(share);
        }
    }

    /// The fence that a new owner gets from the lease.
    pub fn next_fence(&self, last: Fence) -> Fence {
        Fence(self.fence.0.max(last.0) + 1)
    }
}

fn busy(reason: &str) -> Outcome {
    Outcome::NotApplied(Rejection::Busy { reason: reason.into(), retry_after: None })
}

fn unknown() -> Outcome {
    Outcome::Unknown { reason: String::from("connection reset") }
}
