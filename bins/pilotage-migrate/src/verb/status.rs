//! `status`: who has the lease, what they are doing, and what is applied.

use pilotage_lease::Record;
use pilotage_migration::saga::ledger::{Entry, State};
use pilotage_migration::saga::runner::Life;
use pilotage_migration::saga::script::Script;
use pilotage_rollout::ExitCode;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::place::Place;
use crate::set::Set;
use crate::verb::lock;
use crate::voice::Voice;

/// Where one migration stands.
struct Standing {
    name: String,
    state: &'static str,
    words: String,
    is_dirty: bool,
}

pub(crate) async fn status(place: &Place, voice: &Voice) -> Result<ExitCode, Failure> {
    let record = place.lease.show().await?;
    let worker = worker(place, record.as_ref()).await;
    let standings = standings(place).await?;
    let is_dirty = standings.iter().any(|standing| standing.is_dirty);
    let object = json!({
        "lease": lock::object(place, record.as_ref()),
        "worker": worker,
        "migrations": standings.iter().map(Standing::object).collect::<Vec<_>>(),
        "dirty": is_dirty,
    });
    let mut words = lock::words(place, record.as_ref());
    if let Some(worker) = worker {
        words = format!("{words}\n  its worker on {}: {worker}", place.runner.place());
    }
    for Standing { name, words: state, .. } in &standings {
        words = format!("{words}\n{name}: {state}");
    }
    voice.show(&object, &words)?;
    Ok(ExitCode::Success)
}

/// What the runner knows of the worker that has the lease.
async fn worker(place: &Place, record: Option<&Record>) -> Option<&'static str> {
    let attempt = record.and_then(Record::tenure)?.from?;
    match place.runner.look(attempt).await {
        Life::Running => Some("running"),
        Life::Ended { .. } => Some("dead"),
        Life::Unseen { .. } => None,
    }
}

/// A command keeps its own history, of which nothing is known here.
async fn standings(place: &Place) -> Result<Vec<Standing>, Failure> {
    let settings = &place.settings;
    if settings.files.is_empty() || !settings.command.is_empty() || place.database.is_none() {
        return Ok(Vec::new());
    }
    let (set, ledger) = (Set::read(settings)?, place.ledger().await?);
    let line = |script: &Script| ledger.iter().find(|entry| entry.script == script.name);
    Ok(set.scripts.iter().map(|script| Standing::of(script, line(script))).collect())
}

impl Standing {
    fn of(script: &Script, entry: Option<&Entry>) -> Self {
        let name = script.name.to_string();
        let is_dirty = entry.is_some_and(|it| !it.is_done() && !it.is_untouched());
        let (state, words) = match entry {
            None => ("absent", "not applied".to_owned()),
            Some(entry) => told(entry),
        };
        let is_changed = entry.is_some_and(|it| it.checksum != script.checksum && it.done > 0);
        let changed = if is_changed { ", and the file was changed since" } else { "" };
        Self { name, state, words: format!("{words}{changed}"), is_dirty }
    }

    fn object(&self) -> Value {
        let Self { name, state, words, is_dirty } = self;
        json!({ "name": name, "state": state, "words": words, "dirty": is_dirty })
    }
}

fn told(entry: &Entry) -> (&'static str, String) {
    let Entry { done, of, .. } = entry;
    match &entry.state {
        _ if entry.is_done() => ("applied", "applied".to_owned()),
        State::Resting if *done == 0 => ("absent", "not applied".to_owned()),
        State::Resting => ("half", format!("applied to step {done} of {of}")),
        State::Leaping => ("under_way", format!("step {} of {of} was begun", done + 1)),
        State::Failed { reason } => {
            ("failed", format!("step {} of {of} failed: {}", done + 1, reason.trim_end()))
        }
    }
}
