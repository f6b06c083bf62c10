//! Whether everybody comes to an end once nothing more goes wrong.

use std::collections::HashSet;

use super::explore::fingerprint;
use super::plant::Plant;
use super::post::{Fate, befall};
use super::scenario::Scenario;
use super::step::step;
use super::world::World;

/// More rounds than any fair continuation needs: each is a turn for everybody.
const ROUNDS: usize = 400;

/// Whether the fair continuation of this state ends: everybody takes turns, every letter arrives,
/// and time passes only when nobody has anything to do. States that are known to come to their
/// end are kept, so that common ways are gone once.
pub(super) fn ends(world: &World, scenario: &Scenario, known: &mut HashSet<u64>) -> bool {
    let mut way = Vec::new();
    let mut world = world.clone();
    for _ in 0..ROUNDS {
        let print = fingerprint(&world);
        if world.is_over() || known.contains(&print) {
            known.extend(way);
            return true;
        }
        way.push(print);
        turn(&mut world, scenario);
    }
    false
}

fn turn(world: &mut World, scenario: &Scenario) {
    if !world.post.is_empty() {
        return befall(world, 0, Fate::Arrives, scenario);
    }
    let before = world.clone();
    for number in 0..world.processes.len() {
        step(world, number, scenario);
    }
    // Those who only look again and again wait for time to pass.
    if *world == before && scenario.plant != Some(Plant::EndlessPatience) {
        world.processes.iter_mut().for_each(|process| process.tick(2));
    }
}
