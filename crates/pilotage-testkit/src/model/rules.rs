//! What must hold in every state.

use super::process::At;
use super::report::Breach;
use super::scenario::Scenario;
use super::world::World;

/// The first promise that is broken in this state.
pub(super) fn broken(world: &World, scenario: &Scenario) -> Option<Breach> {
    let relying = world.processes.iter().filter(|process| process.relies()).count();
    let rules = [
        (world.fence_broken, Breach::FenceReused),
        (share_a_fence(world), Breach::TwoOwnersOfOneFence),
        (world.register.went_back, Breach::StaleWriteAccepted),
        (world.acknowledged & !world.register.content != 0, Breach::LostUpdate),
        (scenario.rates.is_some() && relying > 1, Breach::TwoRelyAtOnce),
    ];
    rules.into_iter().find_map(|(broken, breach)| broken.then_some(breach))
}

fn share_a_fence(world: &World) -> bool {
    let fences = world.processes.iter().filter_map(|process| match &process.at {
        At::Holding(grip, ..) => Some(grip.fence()),
        _ => None,
    });
    let mut fences: Vec<_> = fences.collect();
    fences.sort_unstable();
    fences.windows(2).any(|pair| pair.first() == pair.last())
}
