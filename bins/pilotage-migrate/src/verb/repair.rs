//! `repair`: a person says what became of a migration. It changes the ledger and nothing else.

use pilotage_lease::client::{Acquisition, Held, Waiting};
use pilotage_lease::machine::Claim;
use pilotage_lease::{Card, OwnerId};
use pilotage_migration::saga::database::{Database as _, Lock};
use pilotage_migration::saga::ledger::{Entry, State};
use pilotage_migration::saga::script::Script;
use pilotage_rollout::{ExitCode, Fence};
use serde_json::json;

use crate::args::repair::{RepairArgs, Truth};
use crate::failure::Failure;
use crate::place::Place;
use crate::set::Set;
use crate::voice::Voice;

pub(crate) async fn repair(
    args: &RepairArgs,
    place: &Place,
    voice: &Voice,
) -> Result<ExitCode, Failure> {
    let set = Set::read(&place.settings)?;
    let script = set.scripts.iter().find(|script| script.name.0 == args.migration);
    let script = script.ok_or_else(|| no_such(&args.migration, &set))?;
    let before = line(&place.ledger().await?, script);
    let after = repaired(script, before.as_ref(), args.truth, Fence::default())?;
    let change = format!("{}: {} -> {}", script.name, told(before.as_ref()), told(Some(&after)));
    let is_confirmed = match &args.yes {
        None => false,
        Some(name) if *name == args.migration => true,
        Some(name) => {
            let what = format!("`--yes` names `{name}`, and `{}` is to be repaired", script.name);
            return Err(Failure::Refused { what, help: "name the same migration twice".into() });
        }
    };
    if is_confirmed {
        write(args, place, script).await?;
    }
    let object = json!({ "change": change, "written": is_confirmed });
    let rest = if is_confirmed { "written" } else { "not written; add `--yes` and its name" };
    voice.show(&object, &format!("{change}\n  {rest}"))?;
    Ok(ExitCode::Success)
}

/// Writes it as the only one: under the lease, the session lock and the fence.
async fn write(args: &RepairArgs, place: &Place, script: &Script) -> Result<(), Failure> {
    let mut held = take(place, &args.migration).await?;
    let written = noted(args.truth, place, script, held.fence()).await;
    let word = if written.is_ok() { "repaired" } else { "could not repair" };
    held.release(format!("{word} `{}`", args.migration)).await?;
    written
}

async fn noted(truth: Truth, place: &Place, script: &Script, fence: Fence) -> Result<(), Failure> {
    let database = place.database.as_ref().ok_or(Failure::NoDatabase)?;
    let mut session = database.open(fence).await?;
    if let Lock::Others { who } = session.try_lock().await? {
        return Err(Failure::Busy { who });
    }
    session.claim().await?;
    let before = line(&session.ledger().await?, script);
    session.note(&repaired(script, before.as_ref(), truth, fence)?).await?;
    Ok(session.close().await?)
}

async fn take(place: &Place, migration: &str) -> Result<Held, Failure> {
    let card = Card { doing: format!("repairing `{migration}`"), ..place.card() };
    let claim = Claim { at: place.clock.now(), ..Claim::new(OwnerId::random()?, card) };
    match place.lease.acquire(claim, Waiting::NOT, &mut |_| ()).await? {
        Acquisition::Held(held) => Ok(held),
        Acquisition::Busy(busy) => Err(Failure::Busy { who: busy.to_string() }),
    }
}

fn line(ledger: &[Entry], script: &Script) -> Option<Entry> {
    ledger.iter().find(|entry| entry.script == script.name).cloned()
}

/// The line that a person's word makes of the one that is there.
fn repaired(
    script: &Script,
    before: Option<&Entry>,
    truth: Truth,
    fence: Fence,
) -> Result<Entry, Failure> {
    let blank = Entry::blank(script, fence);
    let under_way = || {
        let begun = before.filter(|entry| entry.state == State::Leaping);
        begun.map(|entry| Entry { fence, ..entry.clone() }).ok_or_else(|| Failure::Refused {
            what: format!("no step of `{}` is under way", script.name),
            help: "see what there is with `status`".into(),
        })
    };
    match truth {
        Truth::Absent => Ok(blank),
        Truth::Applied => Ok(Entry { done: blank.of, ..blank }),
        Truth::StepApplied => Ok(under_way()?.leapt()),
        Truth::StepAbsent => Ok(under_way()?.with(State::Resting)),
    }
}

fn told(entry: Option<&Entry>) -> String {
    let Some(entry) = entry else { return "not known".into() };
    let Entry { done, of, .. } = entry;
    match entry.state {
        State::Resting => format!("{done} of {of} steps applied"),
        State::Leaping => format!("{done} of {of} steps applied, the next one begun"),
        State::Failed { .. } => format!("{done} of {of} steps applied, the next one failed"),
    }
}

fn no_such(name: &str, set: &Set) -> Failure {
    let known = set.scripts.iter().map(|script| script.name.to_string()).collect::<Vec<_>>();
    let what = format!("there is no migration `{name}`");
    Failure::Refused { what, help: format!("there is {}", known.join(", ")) }
}

#[cfg(test)]
mod tests {
    use pilotage_artifact::Digest;
    use pilotage_migration::saga::script::{Leap, ScriptName};

    use super::*;

    fn script() -> Script {
        let (name, leaps) = (ScriptName("1.sql".into()), vec![Leap::Program; 3]);
        Script { name, checksum: Digest::of(b"now"), leaps }
    }

    #[test]
    fn a_step_that_was_begun_is_applied_or_absent() {
        let (script, fence) = (script(), Fence(7));
        let begun = Entry { done: 1, ..Entry::blank(&script, Fence(3)).with(State::Leaping) };
        let applied = repaired(&script, Some(&begun), Truth::StepApplied, fence).unwrap();
        assert_eq!((applied.done, applied.state, applied.fence), (2, State::Resting, fence));
        let absent = repaired(&script, Some(&begun), Truth::StepAbsent, fence).unwrap();
        assert_eq!((absent.done, absent.state), (1, State::Resting));
    }

    #[test]
    fn without_a_step_under_way_there_is_nothing_to_say_of_one() {
        let (script, fence) = (script(), Fence(7));
        let done = Entry { done: 3, ..Entry::blank(&script, fence) };
        for before in [None, Some(&done)] {
            assert!(repaired(&script, before, Truth::StepApplied, fence).is_err());
        }
    }

    #[test]
    fn a_whole_file_is_applied_as_it_is_now() {
        let (script, fence) = (script(), Fence(7));
        let old = Entry { checksum: Digest::of(b"old"), done: 1, ..Entry::blank(&script, fence) };
        let applied = repaired(&script, Some(&old), Truth::Applied, fence).unwrap();
        assert!(applied.is_done() && applied.checksum == script.checksum);
        assert!(repaired(&script, Some(&old), Truth::Absent, fence).unwrap().is_untouched());
    }
}
