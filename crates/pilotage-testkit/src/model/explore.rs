//! Every state that can be reached, once.

use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use super::liveness::ends;
use super::plant::Plant;
use super::post::{Fate, befall};
use super::report::{Breach, Report};
use super::rules::broken;
use super::scenario::Scenario;
use super::step::{look_slowly, step};
use super::world::World;

/// Explores a scenario until everything is seen or a promise is broken.
pub fn explore(scenario: &Scenario) -> Report {
    let mut walk = Walk {
        scenario,
        seen: HashSet::new(),
        known: HashSet::new(),
        report: Report {
            scenario: scenario.name,
            states: 0,
            steps: 0,
            ends: 0,
            depth: 0,
            breach: None,
        },
    };
    walk.all();
    walk.report
}

/// Tells states apart.
pub(super) fn fingerprint(world: &World) -> u64 {
    let mut hasher = DefaultHasher::new();
    world.hash(&mut hasher);
    hasher.finish()
}

struct Walk<'a> {
    scenario: &'a Scenario,
    seen: HashSet<u64>,
    known: HashSet<u64>,
    report: Report,
}

/// A state on the way, with what can still be done in it.
struct Crossing {
    world: World,
    acts: Vec<Act>,
    taken: Option<Act>,
}

/// Something that can happen.
#[derive(Debug, Clone, Copy)]
enum Act {
    Step(usize),
    Post(usize, Fate),
    SlowLook(usize),
    Tick(usize),
    Death(usize),
}

impl Walk<'_> {
    /// Depth first, so that only one way is in memory at a time.
    fn all(&mut self) {
        let mut way: Vec<Crossing> = Vec::new();
        if let Some(first) = self.arrive(World::new(self.scenario)) {
            way.push(first);
        }
        while let Some(crossing) = way.last_mut() {
            let Some(act) = crossing.acts.pop() else {
                way.pop();
                continue;
            };
            crossing.taken = Some(act);
            let mut world = crossing.world.clone();
            if !self.happen(&mut world, act) {
                continue;
            }
            self.report.steps += 1;
            if let Some(next) = self.arrive(world) {
                way.push(next);
                self.report.depth = self.report.depth.max(way.len());
            }
            if let Some((_, told)) = &mut self.report.breach {
                let taken = way.iter().filter_map(|crossing| crossing.taken);
                *told = taken.map(|act| format!("{act:?}")).collect();
                return;
            }
        }
    }

    /// Notes a state; nothing if it is known.
    fn arrive(&mut self, world: World) -> Option<Crossing> {
        if !self.seen.insert(fingerprint(&world)) {
            return None;
        }
        self.report.states += 1;
        self.report.ends += u64::from(world.is_over());
        let breach = broken(&world, self.scenario);
        let patient = matches!(self.scenario.plant, None | Some(Plant::EndlessPatience));
        let breach = breach.or_else(|| (patient && self.is_stuck(&world)).then_some(Breach::NoEnd));
        self.report.breach = breach.map(|breach| (breach, Vec::new()));
        let acts = self.acts(&world);
        Some(Crossing { world, acts, taken: None })
    }

    fn is_stuck(&mut self, world: &World) -> bool {
        !ends(world, self.scenario, &mut self.known)
    }

    fn acts(&self, world: &World) -> Vec<Act> {
        let numbers = || 0..world.processes.len();
        let clocks = if self.scenario.rates.is_some() { 0..1 } else { numbers() };
        let mut acts: Vec<Act> = numbers().map(Act::Step).chain(clocks.map(Act::Tick)).collect();
        if world.deaths > 0 {
            acts.extend(numbers().map(Act::Death));
        }
        if world.faults > 0 {
            acts.extend(numbers().map(Act::SlowLook));
        }
        for place in 0..world.post.len() {
            acts.push(Act::Post(place, Fate::Arrives));
            if world.faults > 0 {
                acts.extend(Fate::FAULTS.map(|fate| Act::Post(place, fate)));
            }
        }
        acts
    }

    /// Lets something happen, if it can.
    fn happen(&self, world: &mut World, act: Act) -> bool {
        match act {
            Act::Step(number) => return step(world, number, self.scenario),
            Act::Post(place, fate) => {
                world.faults -= u8::from(fate != Fate::Arrives);
                befall(world, place, fate, self.scenario);
            }
            Act::SlowLook(number) => {
                world.faults -= 1;
                return look_slowly(world, number);
            }
            Act::Tick(number) => self.tick(world, number),
            Act::Death(number) => return die(world, number),
        }
        true
    }

    fn tick(&self, world: &mut World, number: usize) {
        match self.scenario.rates {
            None => {
                if let Some(process) = world.processes.get_mut(number) {
                    process.tick(2);
                }
            }
            Some(rates) => {
                world
                    .processes
                    .iter_mut()
                    .zip(rates)
                    .for_each(|(process, rate)| process.tick(rate));
            }
        }
    }
}

fn die(world: &mut World, number: usize) -> bool {
    let Some(process) = world.processes.get_mut(number) else { return false };
    if process.call().is_none() {
        return false;
    }
    process.again();
    world.deaths -= 1;
    true
}
