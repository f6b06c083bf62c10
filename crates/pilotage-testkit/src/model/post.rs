//! The post: what was sent and has not arrived.

use pilotage_lease::Proposal;

use super::call::Answer;
use super::process::{At, Work};
use super::scenario::Scenario;
use super::step::hear;
use super::world::World;

/// A write on its way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Letter {
    pub(super) from: usize,
    /// The life of the sender; a later one does not wait for it.
    pub(super) life: u8,
    pub(super) content: Content,
    /// Whether the sender waits for the answer.
    pub(super) awaited: bool,
}

/// What a letter says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Content {
    /// To the store of the lease.
    Lease(Box<Proposal>),
    /// To the register: under this fence, this content, with this change in it.
    Register { fence: u64, content: u16, change: u16 },
}

/// What may become of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Fate {
    /// It arrives, and the answer does.
    Arrives,
    /// It arrives; the answer is lost.
    InVain,
    /// It is lost.
    Lost,
    /// It is given up by its sender, and still on its way.
    Late,
    /// It arrives, and so does a copy, later.
    Twice,
}

impl Fate {
    pub(super) const FAULTS: [Self; 4] = [Self::InVain, Self::Lost, Self::Late, Self::Twice];
}

impl PartialOrd for Letter {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Letter {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

impl Letter {
    fn key(&self) -> (usize, u8, bool, u64, u16) {
        match &self.content {
            Content::Lease(proposal) => {
                (self.from, self.life, self.awaited, proposal.record.revision, 0)
            }
            Content::Register { fence, content, .. } => {
                (self.from, self.life, self.awaited, *fence, content | 1 << 15)
            }
        }
    }
}

/// Lets something become of a letter.
pub(super) fn befall(world: &mut World, place: usize, fate: Fate, scenario: &Scenario) {
    let letter = world.post.remove(place);
    let awaited = letter.awaited;
    match fate {
        Fate::Arrives => deliver(world, &letter, awaited, scenario),
        Fate::InVain => {
            deliver(world, &letter, false, scenario);
            give_up(world, &letter);
        }
        Fate::Lost => give_up(world, &letter),
        Fate::Late => {
            give_up(world, &letter);
            world.send(Letter { awaited: false, ..letter });
        }
        Fate::Twice => {
            deliver(world, &letter, awaited, scenario);
            world.send(Letter { awaited: false, ..letter });
        }
    }
}

fn deliver(world: &mut World, letter: &Letter, awaited: bool, scenario: &Scenario) {
    match &letter.content {
        Content::Lease(proposal) => {
            let answer = world.swap(proposal, scenario.plant);
            if awaited {
                answered(world, letter, &answer);
            }
        }
        Content::Register { fence, content, change } => {
            let accepted = world.register.write(*fence, *content, scenario.plant);
            if awaited && is_alive(world, letter) {
                if accepted {
                    world.acknowledged |= change;
                }
                worked(world, letter.from);
            }
        }
    }
}

fn give_up(world: &mut World, letter: &Letter) {
    match &letter.content {
        Content::Lease(_) => answered(world, letter, &Answer::Lost),
        Content::Register { .. } if is_alive(world, letter) => worked(world, letter.from),
        Content::Register { .. } => {}
    }
}

fn answered(world: &mut World, letter: &Letter, answer: &Answer) {
    if is_alive(world, letter) {
        hear(world, letter.from, answer);
    }
}

fn worked(world: &mut World, number: usize) {
    if let Some(At::Holding(_, _, work)) = world.processes.get_mut(number).map(|it| &mut it.at)
        && *work == Work::Sent
    {
        *work = Work::Over;
    }
}

fn is_alive(world: &World, letter: &Letter) -> bool {
    world.processes.get(letter.from).is_some_and(|process| process.life() == letter.life)
}
