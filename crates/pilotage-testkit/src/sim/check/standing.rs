//! What must hold at every instant.

use pilotage_rollout::{Moment, Share, Span};

use super::Ledger;
use crate::sim::violation::{Violation, require};
use crate::sim::world::{Database, Occurred, World};

/// How long a lost unit excuses missing capacity.
const MENDING: Span = Span::from_secs(120);

impl Ledger {
    /// Holds every standing promise against the world as it is.
    pub fn standing(&self, world: &World) -> Result<(), Violation> {
        self.stable_serves(world)?;
        self.candidate_serves(world)?;
        let (old, new) = (world.old.desired(), world.new.desired());
        let (total, ceiling) = (old.saturating_add(new), self.ceiling(world));
        require(total <= ceiling, "I10", || format!("{total} units, at most {ceiling} planned"))?;
        let ours = world.router.gives > Share::NONE && world.meddling.rerouted.is_none();
        let early = ours && world.schema != Database::New;
        require(!early || self.plan.migration.is_none(), "I23", || {
            "the candidate serves before the migrations".into()
        })?;
        require(world.seen.stale_taken == 0, "I19", || "a stale write was taken".into())?;
        let Occurred { second_migrations, migrations_over_dirt, .. } = world.seen;
        require(second_migrations == 0, "I21", || "two migrations at once".into())?;
        require(migrations_over_dirt == 0, "I24", || "migrated over dirt".into())
    }

    fn stable_serves(&self, world: &World) -> Result<(), Violation> {
        let share = world.old_share();
        let excused = !world.old.is_reliable()
            || world.meddling.rerouted.is_some()
            || mending(world.meddling.old_lost_at, world.now);
        if share == Share::NONE || excused {
            return Ok(());
        }
        let (ready, needed) = (world.old.ready(world.now), share.of(self.whole(world)));
        require(ready >= needed, "I1", || {
            format!("{ready} healthy stable units for {share} of the traffic, {needed} needed")
        })
    }

    fn candidate_serves(&self, world: &World) -> Result<(), Violation> {
        let share = world.router.gives;
        let excused = !world.new.is_reliable()
            || world.meddling.rerouted.is_some()
            || mending(world.meddling.new_lost_at, world.now);
        if share == Share::NONE || excused {
            return Ok(());
        }
        let (ready, needed) = (world.new.ready(world.now), share.of(self.whole(world)));
        require(ready >= needed, "I1", || {
            format!("{ready} healthy candidate units for {share} of the traffic, {needed} needed")
        })
    }
}

fn mending(lost_at: Option<Moment>, now: Moment) -> bool {
    lost_at.is_some_and(|lost_at| now.since(lost_at) < MENDING)
}
