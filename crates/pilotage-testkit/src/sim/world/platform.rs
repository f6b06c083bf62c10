//! The platform's own rollout controller, for ramps that are delegated.

use pilotage_artifact::ReleaseId;
use pilotage_rollout::target::Delegation;
use pilotage_rollout::{Moment, Share, Span};

use super::World;
use crate::sim::choices::Choices;

/// How long the controller tries before it gives up.
const PATIENCE: Span = Span::from_secs(120);

/// What the controller is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// Nothing.
    Idle,
    /// Bringing up the new release, or the old one again.
    Rolling {
        /// Whether it is the new one.
        forward: bool,
        /// Since when.
        since: Moment,
        /// Whether it may move traffic without being asked again.
        proceeds: bool,
    },
    /// The new release is up and waits at a hook.
    Awaiting,
    /// Done.
    Complete {
        /// Whether with the new release.
        forward: bool,
    },
    /// Gave up on the new release and left everything as it was.
    Failed,
    /// Gave up on the new release and went back.
    RolledBack,
}

impl Platform {
    /// No rollout yet.
    pub const fn idle() -> Self {
        Self::Idle
    }

    /// A person or an engine lets it go on.
    pub(super) const fn proceed(&mut self) {
        if matches!(self, Self::Awaiting) {
            *self = Self::Rolling { forward: true, since: super::NEVER, proceeds: true };
        }
    }

    /// What it says of itself.
    pub(super) fn says(self, old: &ReleaseId, new: &ReleaseId) -> Delegation {
        let which = |forward: bool| if forward { new.clone() } else { old.clone() };
        match self {
            Self::Idle => Delegation::Idle,
            Self::Rolling { forward, .. } => Delegation::Rolling { release: which(forward) },
            Self::Awaiting => {
                Delegation::Awaiting { release: new.clone(), hook: "before-traffic".into() }
            }
            Self::Complete { forward } => Delegation::Complete { release: which(forward) },
            Self::Failed => {
                Delegation::Failed { release: new.clone(), reason: "tasks failed to start".into() }
            }
            Self::RolledBack => Delegation::RolledBack {
                release: new.clone(),
                reason: "circuit breaker: tasks failed to start".into(),
            },
        }
    }
}

impl World {
    pub(super) fn roll(&mut self, forward: bool, _choices: &mut Choices) {
        if let Platform::Rolling { forward: already, .. } = self.platform
            && already == forward
        {
            return;
        }
        if matches!(self.platform, Platform::Complete { forward: done } if done == forward) {
            return;
        }
        let size = self.size();
        let (now, group) = (self.now, if forward { &mut self.new } else { &mut self.old });
        if group.desired() < size {
            group.resize(size, now);
        }
        let proceeds = !(self.physics.pauses && forward);
        self.platform = Platform::Rolling { forward, since: now, proceeds };
    }

    /// Brings one side up completely, moves all traffic, then stops the other side.
    pub(super) fn run_platform(&mut self) {
        let Platform::Rolling { forward, since, proceeds } = self.platform else { return };
        let up = if forward { &self.new } else { &self.old };
        let is_up = up.ready(self.now) >= up.desired();
        match (is_up, proceeds) {
            (true, false) => self.platform = Platform::Awaiting,
            (true, true) => self.finish(forward),
            (false, _) if forward && self.now.since(since) >= PATIENCE => self.give_up(),
            (false, _) => {}
        }
    }

    fn finish(&mut self, forward: bool) {
        self.remember();
        let now = self.now;
        if forward {
            self.route(Share::ALL);
            self.old.resize(0, now);
        } else {
            self.route(Share::NONE);
            self.new.resize(0, now);
        }
        self.platform = Platform::Complete { forward };
    }

    fn give_up(&mut self) {
        self.remember();
        if !self.physics.rolls_back || !self.has_old {
            self.platform = Platform::Failed;
            return;
        }
        let now = self.now;
        self.route(Share::NONE);
        self.new.resize(0, now);
        self.platform = Platform::RolledBack;
    }

    fn size(&self) -> u16 {
        self.old.desired().max(self.new.desired()).max(self.meddling.size)
    }
}
