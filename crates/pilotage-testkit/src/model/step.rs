//! What a process does next, if it is let.

use pilotage_lease::machine::{Ask, Gone, Grip, Regard, Seeker, Sought, Want, Wish};
use pilotage_lease::{Proposal, Record, Span, Ticket};

use super::call::{Answer, Call};
use super::plant::Plant;
use super::post::{Content, Letter};
use super::process::{At, NOW, Process, Work};
use super::scenario::Scenario;
use super::world::World;

/// Lets a process do its next step; says whether there was one.
pub(super) fn step(world: &mut World, number: usize, scenario: &Scenario) -> bool {
    let Some(process) = world.processes.get_mut(number) else { return false };
    match core::mem::replace(&mut process.at, At::Done) {
        At::Shore => return begin(world, number, scenario),
        At::Seeking(seeker, Call::Quiet) => seek(world, number, seeker, scenario),
        At::Holding(grip, Call::Quiet, work) => return act(world, number, grip, work, scenario),
        At::Seeking(seeker, Call::Slow(found)) => sought(process, seeker.looked(NOW, *found)),
        At::Holding(grip, Call::Slow(found), work) => regarded(process, grip.looked(*found), work),
        waiting => {
            process.at = waiting;
            return false;
        }
    }
    true
}

/// Lets a process begin a look whose answer is slow; says whether it wanted one.
pub(super) fn look_slowly(world: &mut World, number: usize) -> bool {
    let stored = world.stored();
    let Some(process) = world.processes.get_mut(number) else { return false };
    match &mut process.at {
        At::Seeking(seeker, call @ Call::Quiet) if !matches!(seeker.want(NOW), Want::Write(_)) => {
            seeker.look_again();
            *call = Call::Slow(Box::new(stored));
        }
        At::Holding(grip, call @ Call::Quiet, _) if grip.ask(&Wish::Keep(None)) == Ask::Look => {
            *call = Call::Slow(Box::new(stored));
        }
        _ => return false,
    }
    true
}

/// A process hears what came of its write.
pub(super) fn hear(world: &mut World, number: usize, answer: &Answer) {
    let Some(process) = world.processes.get_mut(number) else { return };
    match core::mem::replace(&mut process.at, At::Done) {
        At::Seeking(seeker, Call::Sent) => sought(process, seeker.wrote(&answer.written())),
        At::Holding(grip, Call::Sent, work) => {
            regarded(process, grip.wrote(&answer.written()), work);
        }
        other => process.at = other,
    }
}

fn begin(world: &mut World, number: usize, scenario: &Scenario) -> bool {
    let waits = scenario.handover && number == 1;
    let ticket = waits.then(|| world.processes.first().and_then(ticket)).flatten();
    // The worker is started by the first process; without it, it is not.
    let orphaned = world.processes.first().is_some_and(|first| first.at == At::Done);
    let process = &mut world.processes[number];
    if waits && ticket.is_none() {
        process.at = if orphaned { At::Done } else { At::Shore };
        return orphaned;
    }
    process.begin(number, ticket);
    true
}

fn ticket(process: &Process) -> Option<Ticket> {
    match &process.at {
        At::Holding(grip, ..) => Some(grip.ticket()),
        _ => None,
    }
}

/// It looks or writes; while it is somebody else's, it looks again and again.
fn seek(world: &mut World, number: usize, mut seeker: Seeker, scenario: &Scenario) {
    if let (Some(Plant::HastyThief), Want::Busy(busy)) = (scenario.plant, seeker.want(NOW))
        && let Some(victim) = busy.ticket()
    {
        seeker.testify(victim);
    }
    if let Want::Write(proposal) = seeker.want(NOW) {
        seeker.sends(&proposal, NOW);
        post(world, number, proposal);
        world.processes[number].at = At::Seeking(seeker, Call::Sent);
    } else {
        let found = world.stored();
        sought(&mut world.processes[number], seeker.looked(NOW, found));
    }
}

fn sought(process: &mut Process, sought: Sought) {
    process.at = match sought {
        Sought::Seeking(seeker) => At::Seeking(seeker, Call::Quiet),
        Sought::Holding(grip) => At::Holding(grip, Call::Quiet, Work::Fresh),
    };
}

fn regarded(process: &mut Process, regard: Regard, work: Work) {
    match regard {
        Regard::Granted(grip) | Regard::Owned(grip) => {
            process.at = At::Holding(grip, Call::Quiet, work);
        }
        Regard::Gone(Gone::HandedOver(..)) => process.at = At::Done,
        Regard::Gone(Gone::Free) if work == Work::Over => process.at = At::Done,
        Regard::Gone(_) => process.again(),
    }
}

/// What an owner does while no call is under way: renew when it is time, work while that is safe.
fn act(world: &mut World, number: usize, grip: Grip, work: Work, scenario: &Scenario) -> bool {
    if grip.left(NOW) == Span::ZERO {
        world.processes[number].again();
        return true;
    }
    if scenario.handover && number == 0 {
        return oversee(world, number, grip, work);
    }
    let leave = Wish::Leave(String::new());
    if work == Work::Over || grip.ask(&leave) == Ask::Look {
        return ask(world, number, grip, work, &leave);
    }
    if world.processes[number].is_due(&grip) {
        return renew(world, number, grip, work);
    }
    labour(world, number, grip, work, scenario)
}

/// The first process of a hand-over only keeps the lease until its worker has it.
fn oversee(world: &mut World, number: usize, grip: Grip, work: Work) -> bool {
    if world.processes.get(1).is_some_and(|worker| worker.at == At::Done) {
        return ask(world, number, grip, Work::Over, &Wish::Leave(String::new()));
    }
    if world.processes[number].is_due(&grip) {
        return renew(world, number, grip, work);
    }
    world.processes[number].at = At::Holding(grip, Call::Quiet, work);
    false
}

fn renew(world: &mut World, number: usize, grip: Grip, work: Work) -> bool {
    world.processes[number].renewals -= 1;
    ask(world, number, grip, work, &Wish::Keep(None))
}

fn ask(world: &mut World, number: usize, mut grip: Grip, work: Work, wish: &Wish) -> bool {
    match grip.ask(wish) {
        Ask::Look => {
            let regard = grip.looked(world.stored());
            regarded(&mut world.processes[number], regard, work);
        }
        Ask::Write(proposal) => {
            grip.sends(&proposal, NOW);
            post(world, number, proposal);
            world.processes[number].at = At::Holding(grip, Call::Sent, work);
        }
    }
    true
}

/// One step of reading, changing and writing back.
fn labour(world: &mut World, number: usize, grip: Grip, work: Work, scenario: &Scenario) -> bool {
    let fence = grip.fence().0;
    let change = 1 << (number * 4 + usize::from(world.processes[number].lives));
    let unfenced = matches!(
        scenario.plant,
        Some(Plant::NoFence | Plant::CheckThenWrite | Plant::FenceOnWriteOnly)
    );
    let next = match work {
        Work::Fresh if unfenced || world.register.claim(fence) => Work::Claimed,
        Work::Fresh => Work::Over,
        Work::Claimed => Work::Read(world.register.content),
        Work::Read(content) if scenario.plant == Some(Plant::CheckThenWrite) => {
            let mine = world.record.as_ref().and_then(Record::ticket);
            if mine == Some(grip.ticket()) { Work::Checked(content) } else { Work::Over }
        }
        Work::Read(content) | Work::Checked(content) => {
            let letter = Content::Register { fence, content: content | change, change };
            let life = world.processes[number].life();
            world.send(Letter { from: number, life, content: letter, awaited: true });
            Work::Sent
        }
        Work::Sent | Work::Over => {
            world.processes[number].at = At::Holding(grip, Call::Quiet, work);
            return false;
        }
    };
    world.processes[number].at = At::Holding(grip, Call::Quiet, next);
    true
}

fn post(world: &mut World, from: usize, proposal: Proposal) {
    let life = world.processes[from].life();
    let content = Content::Lease(Box::new(proposal));
    world.send(Letter { from, life, content, awaited: true });
}
