//! Does the verdict agree with the world?

use pilotage_rollout::{Share, Verdict};

use super::Ledger;
use crate::sim::violation::{Violation, require};
use crate::sim::world::World;

/// How a simulated run ended, all processes together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// With a verdict, and the world agrees.
    Over(Verdict),
    /// Standing still, and there is a reason that no engine can remove.
    Still(Verdict),
}

/// Holds the end of a run against the world, after everything late has landed.
pub fn ending(ledger: &Ledger, verdict: Verdict, world: &World) -> Result<Ending, Violation> {
    match &verdict {
        Verdict::Deployed { .. } => {
            wholly_new(ledger, world)?;
            ledger.gates_agree()?;
        }
        Verdict::Reverted { .. } => wholly_old(ledger, world)?,
        Verdict::Refused { .. } => untouched(ledger)?,
        _ => return standing_still(ledger, verdict, world),
    }
    Ok(Ending::Over(verdict))
}

fn wholly_new(ledger: &Ledger, world: &World) -> Result<(), Violation> {
    let (units, share) = (world.new.desired(), world.router.gives);
    let whole = share == Share::ALL || ledger.is_deceived(world);
    require(whole, "I11", || format!("deployed with {share} of the traffic"))?;
    let size = ledger.whole(world);
    require(units >= size, "I11", || format!("deployed with {units} of {size} units"))?;
    let left = world.old.desired();
    require(left == 0, "I11", || format!("deployed with {left} units of the old release"))?;
    let stranger = ledger.seen.is_some_and(|seen| seen.stranger);
    require(!stranger, "I9", || "deployed with a stranger beside it".into())?;
    let digest = world.new.release.digest == ledger.plan.to.digest;
    require(digest, "I26", || "another digest than the planned one runs".into())
}

fn wholly_old(ledger: &Ledger, world: &World) -> Result<(), Violation> {
    let (units, share) = (world.new.desired(), world.router.gives);
    require(share == Share::NONE, "I11", || format!("reverted with {share} on the candidate"))?;
    require(units == 0, "I11", || format!("reverted with {units} units of the candidate"))?;
    let (old, size) = (world.old.desired(), ledger.whole(world));
    require(!world.has_old || old >= size, "I11", || format!("reverted to {old} of {size} units"))
}

fn untouched(ledger: &Ledger) -> Result<(), Violation> {
    use pilotage_rollout::target::Action;
    let wrote = ledger.actions.iter().find(|order| order.action != Action::Claim);
    require(wrote.is_none(), "I34", || "refused after something was written".into())
}

/// A run may stand still for ever only if no healthy way out exists, or it is not its own target
/// any more.
fn standing_still(ledger: &Ledger, verdict: Verdict, world: &World) -> Result<Ending, Violation> {
    let nothing_healthy = world.old.ready(world.now) == 0 && !world.new.is_reliable();
    let old_is_down = world.has_old && world.old.ready(world.now) < ledger.whole(world);
    let excused = world.meddling.remade || nothing_healthy || old_is_down;
    require(excused, "I30", || format!("the run stands still for ever: {verdict}"))?;
    Ok(Ending::Still(verdict))
}
