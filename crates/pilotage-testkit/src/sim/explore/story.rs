//! A run told line by line, for the person who has to understand a tape.

use pilotage_rollout::Event;
use pilotage_rollout::journal::{Entry, Record};
use pilotage_rollout::target::{Group, Observation};

use crate::sim::world::DAWN;
use crate::sim::{Bug, Choices, Tape, trial};

/// Replays a tape and tells what happened, with the end as the last line.
pub fn tell(tape: &Tape, bug: Option<Bug>) -> Vec<String> {
    let mut records = Vec::new();
    let choices = Choices::tape(&tape.deviations);
    let (ended, ..) = trial(&tape.scenario, choices, bug, Some(&mut records));
    let mut lines: Vec<String> = records.iter().map(line).collect();
    lines.push(match ended {
        Ok(ending) => format!("{ending:?}, 0 violations"),
        Err(failure) => format!("violation of {}", failure.violation),
    });
    lines
}

fn line(record: &Record) -> String {
    let at = record.at.since(DAWN).to_string();
    match &record.entry {
        Entry::Opened { plan, fence, .. } => format!("{at:>9}  opened under {fence}\n{plan}"),
        Entry::Intent(order) => {
            let stamp = order.stamp;
            format!("{at:>9}  -> {}  ({}/{})", order.action, stamp.fence, stamp.number)
        }
        Entry::Happened(Event::Observed(Ok(seen))) => format!("{at:>9}  saw {}", view(seen)),
        Entry::Happened(event) => format!("{at:>9}  {event:?}"),
    }
}

fn view(seen: &Observation) -> String {
    let groups: Vec<String> = seen.groups.iter().map(group).collect();
    format!("{} [{}] {:?}", seen.fence, groups.join("; "), seen.delegation)
}

fn group(group: &Group) -> String {
    let Group { release, desired, ready, restarts, in_flight, share, .. } = group;
    let busy = in_flight.map_or_else(|| "?".into(), |count| count.to_string());
    format!(
        "{} {ready}/{desired} units, {share}, {restarts} restarts, {busy} in flight",
        release.id
    )
}
