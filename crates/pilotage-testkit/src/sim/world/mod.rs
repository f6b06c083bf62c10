//! A target as a state machine: the executable reference model that the engine is tried against.
//!
//! One model serves all kinds; [`Physics`] says how they differ. It is stricter than the real
//! thing: an order for an unknown release, a scale below what traffic needs or a second migration
//! is remembered as a violation rather than forgiven.

mod apply;
mod external;
mod look;
mod physics;
mod platform;
mod units;

use pilotage_artifact::{Digest, Release};
use pilotage_rollout::target::{Fence, Order, Stamp};
use pilotage_rollout::{Moment, Observation, Share};

use super::choices::Choices;
use super::scenario::{Behaviour, Old, Scenario, Schema, Start};

pub use external::Meddling;
pub use look::has_data;
pub use physics::Physics;
pub use platform::Platform;
pub use units::Units;

/// When simulated time begins: long enough after the epoch that warm units are old.
pub const DAWN: Moment = Moment::from_millis(10_000_000);

/// A simulated target with everything around it.
#[derive(Debug, Clone, PartialEq)]
pub struct World {
    /// The time.
    pub now: Moment,
    /// The rules.
    pub physics: Physics,
    /// The highest claim.
    pub fence: Fence,
    /// Which target of that name this is.
    pub incarnation: u64,
    /// The release that the run begins with.
    pub old: Units,
    /// The release that the run is to bring.
    pub new: Units,
    /// A release that nobody ordered.
    pub stranger: Option<Units>,
    /// Whether an old release exists at all.
    pub has_old: bool,
    /// What makes life hard around it.
    pub nuisances: Nuisances,
    /// Whether it takes writes of an owner who lost it: a planted bug.
    pub ignores_fences: bool,
    /// Whether the platform's own controller moves the traffic.
    pub delegated: bool,
    /// The router.
    pub router: Router,
    /// The platform's own rollout controller.
    pub platform: Platform,
    /// The database.
    pub schema: Database,
    /// Writes that are still on their way.
    pub late: Vec<Late>,
    /// What somebody else did to it.
    pub meddling: Meddling,
    /// What has occurred, for the coverage marks.
    pub seen: Occurred,
    /// The order that started the last migration.
    migrated_by: Option<Stamp>,
    /// The last write that was accepted, for targets that compare.
    last: Option<Stamp>,
    /// What it looked like lately, for reads that are old.
    past: Vec<(Moment, Observation)>,
}

/// What makes life hard around a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Nuisances {
    /// Smoke checks fail from now on.
    pub smokes: bool,
    /// The metrics have stopped coming.
    pub metrics_are_gone: bool,
    /// Requests take longer to finish than anybody waits.
    pub slow_requests: bool,
}

/// What has occurred at a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Occurred {
    /// Late writes that took effect.
    pub landed: u32,
    /// Late writes that were refused.
    pub refused: u32,
    /// Writes that were taken although their owner had lost the target.
    pub stale_taken: u32,
    /// Suspended senders that woke up and were refused.
    pub sleepers_refused: u32,
    /// Reads that showed an old state.
    pub old_answers: u32,
    /// Migrations that were started while one was running.
    pub second_migrations: u32,
    /// Migrations that were started although the last one had failed half-way.
    pub migrations_over_dirt: u32,
}

/// Who gets the traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Router {
    /// What it was told to give to the new release.
    pub told: Share,
    /// What it gives to the new release.
    pub gives: Share,
    /// When it will follow what it was told.
    pub follows_at: Moment,
}

/// The state of the migrations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// Not migrated.
    Old,
    /// Being migrated until then.
    Migrating {
        /// When it is done.
        until: Moment,
        /// Whether it fails half-way.
        fails: bool,
    },
    /// Migrated.
    New,
    /// Migrated half-way.
    Dirty,
}

/// A write that arrives after everybody has given it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    /// When.
    pub at: Moment,
    /// What.
    pub order: Order,
    /// Whether its sender was suspended and looks at the fence when it wakes up.
    pub checks: bool,
}

impl World {
    /// The world at the beginning of a scenario.
    pub fn new(scenario: Scenario) -> Self {
        let physics = Physics::of(scenario.kind);
        let has_old = scenario.start != Start::First;
        let old = match (has_old, scenario.old) {
            (false, _) => Units::none(old_release(scenario), Behaviour::Good, physics.warm_up),
            (true, Old::Good) => warm(scenario, Behaviour::Good, &physics),
            (true, Old::Down) => warm(scenario, Behaviour::Never, &physics),
        };
        let mut new = Units::none(new_release(), scenario.new, physics.warm_up);
        if scenario.start == Start::Staged {
            new.resize(1, DAWN);
        }
        let router = Router { told: Share::NONE, gives: Share::NONE, follows_at: DAWN };
        let migrated = scenario.schema == Schema::None;
        Self {
            now: DAWN,
            physics,
            fence: Fence(7),
            incarnation: 1,
            old,
            new,
            stranger: None,
            has_old,
            nuisances: Nuisances::default(),
            ignores_fences: false,
            delegated: false,
            router,
            platform: Platform::idle(),
            schema: if migrated { Database::New } else { Database::Old },
            late: Vec::new(),
            meddling: Meddling::default(),
            seen: Occurred::default(),
            migrated_by: None,
            last: None,
            past: Vec::new(),
        }
    }

    /// Lets time pass: late writes land, the router follows, the platform's controller works.
    pub fn advance(&mut self, to: Moment, choices: &mut Choices) {
        while let Some(index) = self.next_late(to) {
            let late = self.late.swap_remove(index);
            self.now = self.now.max(late.at);
            self.turn();
            self.land(&late, choices);
        }
        self.now = self.now.max(to);
        self.turn();
    }

    fn next_late(&self, to: Moment) -> Option<usize> {
        let due = self.late.iter().enumerate().filter(|(_, late)| late.at <= to);
        due.min_by_key(|(_, late)| late.at).map(|(index, _)| index)
    }

    /// What happens by itself.
    fn turn(&mut self) {
        if self.router.gives != self.router.told && self.now >= self.router.follows_at {
            self.follow(self.router.told);
        }
        if let Database::Migrating { until, fails } = self.schema
            && self.now >= until
        {
            self.schema = if fails { Database::Dirty } else { Database::New };
        }
        self.run_platform();
    }

    /// The router does what it was told, whatever somebody else had told it before.
    fn follow(&mut self, share: Share) {
        self.meddling.rerouted = None;
        self.route(share);
    }

    pub(super) fn route(&mut self, share: Share) {
        self.router.told = share;
        self.router.gives = share;
        if share == Share::NONE && self.new.idle_since > self.now {
            self.new.idle_since = self.now;
        }
        if share == Share::ALL && self.old.idle_since > self.now {
            self.old.idle_since = self.now;
        }
        if share > Share::NONE {
            self.new.idle_since = NEVER;
        }
        if share < Share::ALL {
            self.old.idle_since = NEVER;
        }
    }

    /// The traffic of the old release.
    pub fn old_share(&self) -> Share {
        if self.has_old { self.router.gives.rest() } else { Share::NONE }
    }
}

/// A moment that does not come.
pub(super) const NEVER: Moment = Moment::from_millis(u64::MAX);

fn warm(scenario: Scenario, behaviour: Behaviour, physics: &Physics) -> Units {
    let mut units = Units::warm(old_release(scenario), behaviour, scenario.size);
    units.warm_up_from_now(physics.warm_up);
    units.idle_since = NEVER;
    units
}

/// The release that serves when the scenario begins.
pub fn old_release(scenario: Scenario) -> Release {
    release("v1", if scenario.start == Start::Rollback { 3 } else { 1 })
}

/// The release that the scenario is to bring.
pub fn new_release() -> Release {
    release("v2", 2)
}

fn release(name: &str, sequence: u64) -> Release {
    // The names are constants of this module that satisfy the rule.
    let id = name.parse().unwrap_or_else(|_| unreachable!("`{name}` names a release"));
    Release { id, digest: Digest::of(name.as_bytes()), sequence }
}
