//! The units of one release: when they were started, and what becomes of them.

use pilotage_artifact::Release;
use pilotage_rollout::target::Failing;
use pilotage_rollout::{Moment, Span};

use crate::sim::scenario::Behaviour;

/// The units of one release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Units {
    /// What they run.
    pub release: Release,
    /// When each of them was started.
    started: Vec<Moment>,
    behaviour: Behaviour,
    warm_up: Span,
    /// Since when they get no traffic.
    pub idle_since: Moment,
    /// When the last of them was started.
    pub changed_at: Moment,
}

/// A crashing unit lives this long.
const LIFE: Span = Span::from_secs(75);
/// A flapping unit changes its mind this often.
const MOOD: Span = Span::from_secs(10);
/// A fading unit is well for this long.
const BLOOM: Span = Span::from_secs(150);

impl Units {
    /// No units yet.
    pub const fn none(release: Release, behaviour: Behaviour, warm_up: Span) -> Self {
        let never = Moment::from_millis(0);
        let started = Vec::new();
        Self { release, started, behaviour, warm_up, idle_since: never, changed_at: never }
    }

    /// Units that have been running for a long time.
    pub fn warm(release: Release, behaviour: Behaviour, count: u16) -> Self {
        let mut units = Self::none(release, behaviour, Span::ZERO);
        units.started = vec![Moment::from_millis(0); usize::from(count)];
        units
    }

    /// From now on, new units take this long to become healthy.
    pub const fn warm_up_from_now(&mut self, warm_up: Span) {
        self.warm_up = warm_up;
    }

    /// How many there shall be.
    pub fn desired(&self) -> u16 {
        u16::try_from(self.started.len()).unwrap_or(u16::MAX)
    }

    /// Starts or stops units until there are this many.
    pub fn resize(&mut self, count: u16, now: Moment) {
        if count > self.desired() {
            self.changed_at = now;
        }
        self.started.resize(usize::from(count), now);
    }

    /// One unit is lost and started again.
    pub fn lose_one(&mut self, now: Moment) {
        if let Some(unit) = self.started.last_mut() {
            *unit = now;
            self.changed_at = now;
        }
    }

    /// How many are healthy.
    pub fn ready(&self, now: Moment) -> u16 {
        let ready = self.started.iter().filter(|started| self.is_ready(now.since(**started)));
        u16::try_from(ready.count()).unwrap_or(u16::MAX)
    }

    fn is_ready(&self, age: Span) -> bool {
        let warm = age >= self.warm_up;
        match self.behaviour {
            Behaviour::Good | Behaviour::Wrong => warm,
            Behaviour::Slow => age >= self.warm_up * 5,
            Behaviour::Never | Behaviour::Hopeless => false,
            Behaviour::Crashing => age.as_millis() % LIFE.as_millis() >= self.warm_up.as_millis(),
            Behaviour::Flapping => warm && age.as_millis() / MOOD.as_millis() % 2 == 1,
            Behaviour::Fading => warm && age < BLOOM,
        }
    }

    /// How often units were restarted.
    pub fn restarts(&self, now: Moment) -> u32 {
        if self.behaviour != Behaviour::Crashing {
            return 0;
        }
        let lives = |started: &Moment| now.since(*started).as_millis() / LIFE.as_millis();
        u32::try_from(self.started.iter().map(lives).sum::<u64>()).unwrap_or(u32::MAX)
    }

    /// Units that do not become ready.
    pub fn failing(&self, now: Moment) -> Vec<Failing> {
        let hopeless = self.behaviour == Behaviour::Hopeless;
        if self.started.is_empty() || self.ready(now) >= self.desired() {
            return Vec::new();
        }
        let reason = if hopeless { "image not found" } else { "health check failed" };
        vec![Failing { unit: "unit-0".into(), reason: reason.into(), hopeless }]
    }

    /// Whether its own behaviour, and nothing from outside, can make it unhealthy.
    pub fn is_reliable(&self) -> bool {
        matches!(self.behaviour, Behaviour::Good | Behaviour::Wrong | Behaviour::Slow)
    }

    /// Errors in so many requests.
    pub fn errors_of(&self, requests: u64) -> u64 {
        if self.behaviour == Behaviour::Wrong { requests / 10 } else { requests / 1_000 }
    }
}
