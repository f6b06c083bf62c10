//! A run told line by line, for the person who has to understand a tape.

use pilotage_judge::{Counts, Reading};
use pilotage_rollout::Event;
use pilotage_rollout::journal::{Entry, Record};
use pilotage_rollout::target::{Delegation, Group, Observation, Order, Outcome};

use crate::sim::check::Ending;
use crate::sim::world::DAWN;
use crate::sim::{Bug, Choices, Tape, trial};

/// Replays a tape and tells what happened, with the end as the last line.
pub fn tell(tape: &Tape, bug: Option<Bug>) -> Vec<String> {
    let mut records = Vec::new();
    let choices = Choices::tape(&tape.deviations);
    let (ended, ..) = trial(tape.scenario, choices, bug, Some(&mut records));
    let mut lines = lines(&records);
    lines.push(match ended {
        Ok(Ending::Over(verdict)) => format!("{verdict}, 0 violations"),
        Ok(Ending::Still(verdict)) => format!("stands still: {verdict}, 0 violations"),
        Err(failure) => format!("violation of {}", failure.violation),
    });
    lines
}

/// A line for each record that tells something new: waits and unchanged views are left out.
fn lines(records: &[Record]) -> Vec<String> {
    let mut view = String::new();
    let mut lines = Vec::new();
    for record in records {
        let text = text(&record.entry);
        let seen = matches!(record.entry, Entry::Happened(Event::Observed(Ok(_))));
        if text.is_empty() || seen && text == view {
            continue;
        }
        let at = record.at.since(DAWN).to_string();
        lines.push(format!("{at:>9}  {text}"));
        if seen {
            view = text;
        }
    }
    lines
}

fn text(entry: &Entry) -> String {
    match entry {
        Entry::Opened { plan, fence, .. } => format!("opened under {fence}\n{plan}"),
        Entry::Intent(Order { stamp, action }) => {
            format!("-> {action}  ({}/{})", stamp.fence, stamp.number)
        }
        Entry::Happened(Event::Observed(Ok(seen))) => format!("saw {}", see(seen)),
        Entry::Happened(event) => word(event),
    }
}

fn word(event: &Event) -> String {
    match event {
        Event::Acted(Outcome::Applied) => "done".into(),
        Event::Acted(Outcome::Unknown { reason }) => format!("nobody knows: {reason}"),
        Event::Acted(Outcome::NotApplied(rejection)) => format!("not done: {rejection:?}"),
        Event::Woke => String::new(),
        Event::Resumed { fence, dangling: true } => {
            format!("resumed under {fence}, an order was under way")
        }
        Event::Resumed { fence, dangling: false } => format!("resumed under {fence}"),
        Event::Aborted { by } => format!("given up by {by}"),
        Event::Probed(Ok(())) => "smoke check passed".into(),
        Event::Probed(Err(reason)) => format!("smoke check failed: {reason}"),
        Event::Measured(readings) => format!("measured {}", measured(readings)),
        event => format!("{event:?}"),
    }
}

fn measured(readings: &[Reading]) -> String {
    let shown = readings.iter().map(|reading| match reading {
        Reading::Ratio { stable, candidate } => {
            let of = |counts: &Counts| format!("{} of {}", counts.events(), counts.total());
            format!("candidate {}, stable {}", of(candidate), of(stable))
        }
        Reading::Gauge { stable, candidate } => format!("candidate {candidate}, stable {stable}"),
        Reading::Missing { reason } => format!("nothing: {reason}"),
    });
    shown.collect::<Vec<_>>().join("; ")
}

fn see(seen: &Observation) -> String {
    let groups: Vec<String> = seen.groups.iter().map(group).collect();
    let platform = match &seen.delegation {
        Delegation::Idle => String::new(),
        delegation => format!("; platform {delegation:?}"),
    };
    format!("{} {}{platform}", seen.fence, groups.join("; "))
}

fn group(group: &Group) -> String {
    let Group { release, desired, ready, restarts, in_flight, share, .. } = group;
    let busy = in_flight.map_or_else(String::new, |count| format!(", {count} in flight"));
    let crashed = if *restarts > 0 { format!(", {restarts} restarts") } else { String::new() };
    format!("{} {ready}/{desired} ready, {share}{busy}{crashed}", release.id)
}
