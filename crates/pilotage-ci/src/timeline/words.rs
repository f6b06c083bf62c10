//! What a record says, in words.

use pilotage_rollout::Plan;
use pilotage_rollout::run::{Answer as Word, Event};
use pilotage_rollout::target::{Delegation, Group, Observation, Outcome, ReadFailure, Schema};

use super::{Kind, Look, Tone};

/// The words of one record, and how they are meant; not yet cleaned.
pub(super) type Said = (Kind, Tone, String);

pub(super) fn opened(plan: &Plan) -> Said {
    let from = plan.from.as_ref().map_or_else(|| "nothing".to_owned(), |from| from.id.to_string());
    let text =
        format!("{} {} at {}, from {from}; plan {}", plan.kind, plan.to.id, plan.target, plan.id());
    (Kind::Opened, Tone::Plain, text)
}

/// What an event says; the judge's look is told from what it made of the readings.
pub(super) fn event(event: &Event, look: Option<&Look>) -> Said {
    match event {
        Event::Acted(outcome) => acted(outcome),
        Event::Observed(Ok(seen)) => observed(seen),
        Event::Observed(Err(failure)) => unread(Kind::Observed, failure),
        Event::Inspected(Ok(schema)) => inspected(schema),
        Event::Inspected(Err(failure)) => unread(Kind::Schema, failure),
        Event::Probed(Ok(())) => (Kind::Smoke, Tone::Good, "the smoke check passed".into()),
        Event::Probed(Err(reason)) => {
            (Kind::Smoke, Tone::Bad, format!("the smoke check failed: {reason}"))
        }
        Event::Measured(readings) => match look {
            Some(look) => (Kind::Judge, tone(look), judged(look)),
            None => (Kind::Judge, Tone::Plain, format!("{} metrics were read", readings.len())),
        },
        Event::Answered(word) => answered(word),
        Event::Woke => (Kind::Woke, Tone::Plain, "the wait is over".into()),
        Event::Aborted { by } => (Kind::Signal, Tone::Odd, format!("given up by {by}")),
        Event::Interrupted => {
            (Kind::Signal, Tone::Odd, "the process was told to stop; the run is held".into())
        }
        Event::LeaseLost { reason } => {
            (Kind::Signal, Tone::Bad, format!("the lease was lost: {reason}"))
        }
        Event::Resumed { fence, dangling } => resumed(&fence.to_string(), *dangling),
    }
}

fn acted(outcome: &Outcome) -> Said {
    let answer = super::Answer::of(pilotage_rollout::Moment::default(), outcome);
    let tone = match answer.applied {
        Some(true) => Tone::Good,
        Some(false) => Tone::Bad,
        None => Tone::Odd,
    };
    (Kind::Outcome, tone, answer.words)
}

fn observed(seen: &Observation) -> Said {
    let groups: Vec<_> = seen.groups.iter().map(group).collect();
    let failing = seen.groups.iter().flat_map(|group| &group.failing);
    let words = failing.map(|failing| format!("; {}: {}", failing.unit, failing.reason));
    let words: String = words.collect();
    let groups = if groups.is_empty() { "nothing runs".to_owned() } else { groups.join(", ") };
    let tone = if words.is_empty() { Tone::Plain } else { Tone::Bad };
    (Kind::Observed, tone, format!("{groups}{}{words}", delegation(&seen.delegation)))
}

fn group(group: &Group) -> String {
    let Group { release, desired, ready, restarts, share, in_flight, .. } = group;
    let restarts = if *restarts > 0 { format!(", {restarts} restarts") } else { String::new() };
    let flying = in_flight.map_or_else(String::new, |count| format!(", {count} in flight"));
    format!("{}: {ready}/{desired} ready, {share}{restarts}{flying}", release.id)
}

fn delegation(delegation: &Delegation) -> String {
    match delegation {
        Delegation::Idle => String::new(),
        Delegation::Rolling { release } => format!("; the platform rolls to {release}"),
        Delegation::Awaiting { release, hook } => {
            format!("; the platform waits at {hook} on its way to {release}")
        }
        Delegation::Complete { release } => format!("; the platform has rolled to {release}"),
        Delegation::Failed { release, reason } => {
            format!("; the platform gave up on {release}: {reason}")
        }
        Delegation::RolledBack { release, reason } => {
            format!("; the platform went back from {release}: {reason}")
        }
    }
}

fn unread(kind: Kind, failure: &ReadFailure) -> Said {
    match failure {
        ReadFailure::Unavailable { reason, .. } => {
            (kind, Tone::Odd, format!("no answer: {reason}"))
        }
        ReadFailure::Refused { reason } => (kind, Tone::Bad, format!("refused: {reason}")),
    }
}

fn inspected(schema: &Schema) -> Said {
    let (tone, text) = match schema {
        Schema::Absent => (Tone::Plain, "the expand migrations are not applied".to_owned()),
        Schema::Applying => (Tone::Plain, "the expand migrations are being applied".to_owned()),
        Schema::Applied => (Tone::Good, "the expand migrations are applied".to_owned()),
        Schema::Dirty { reason } => {
            (Tone::Bad, format!("the expand migrations failed half-way: {reason}"))
        }
    };
    (Kind::Schema, tone, text)
}

fn tone(look: &Look) -> Tone {
    match &look.judgement {
        judgement if judgement.is_pass() => Tone::Good,
        judgement if judgement.is_fail() => Tone::Bad,
        _ => Tone::Plain,
    }
}

fn judged(look: &Look) -> String {
    let seen: Vec<_> = look.seen.iter().map(ToString::to_string).collect();
    format!("{}; {}", look.words, seen.join(", "))
}

fn answered(word: &Word) -> Said {
    match word {
        Word::Approved { by } => (Kind::Person, Tone::Good, format!("approved by {by}")),
        Word::Declined { reason } => (Kind::Person, Tone::Bad, format!("declined: {reason}")),
        Word::Pending => (Kind::Person, Tone::Plain, "nobody has decided yet".to_owned()),
    }
}

fn resumed(fence: &str, dangling: bool) -> Said {
    let order = if dangling { "; what became of the last order is read back" } else { "" };
    (Kind::Signal, Tone::Plain, format!("another process goes on under fence {fence}{order}"))
}
