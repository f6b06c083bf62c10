//! `run`: lint, look, and have what is not applied applied by a worker.

use std::sync::atomic::{AtomicBool, Ordering};

use pilotage_cli::Io;
use pilotage_migration::lint::{Options, Outcome};
use pilotage_migration::render;
use pilotage_migration::saga::dispatch::{Job, Watched, dispatch};
use pilotage_migration::saga::ledger::Entry;
use pilotage_migration::saga::next::{Next, next};
use pilotage_rollout::ExitCode;

use crate::args::run::RunArgs;
use crate::ending::Ending;
use crate::failure::Failure;
use crate::place::Place;
use crate::set::Set;
use crate::verb::guard::Calls;
use crate::voice::Voice;

/// Runs to an ending.
pub(crate) async fn run(
    args: &RunArgs,
    place: &Place,
    voice: &Voice,
    io: &Io,
) -> Result<Ending, Failure> {
    let set = Set::read(&place.settings)?;
    // Where the database is out of reach, all files count as new: the worker knows which are applied.
    let is_unknown = set.scripts.is_empty() || place.is_blind();
    let ledger = if is_unknown { Vec::new() } else { place.ledger().await? };
    if let Some(refused) = linted(args, place, &set, &ledger, io)? {
        return Ok(refused);
    }
    if is_applied(place, &set, &ledger) {
        return Ok(Ending::UNCHANGED);
    }
    let begun = AtomicBool::new(false);
    let job = Job {
        set: set.digest,
        lease: &place.lease,
        runner: &*place.runner,
        clock: &*place.clock,
        limit: args.limit,
        hold: args.wait_for_hold,
    };
    let mut tell = |watched: &Watched| {
        if matches!(watched, Watched::Attached { .. } | Watched::Started) {
            begun.store(true, Ordering::Relaxed);
        }
        voice.watched(watched);
    };
    let mut calls = Calls::listen()?;
    tokio::select! {
        biased;
        name = calls.next() => {
            voice.tell("interrupted", &format!("{name}: leaving"));
            Ok(Ending::interrupted(begun.load(Ordering::Relaxed)))
        }
        dispatched = dispatch(job, place.card(), &mut tell) => Ok(dispatched?.into()),
    }
}

/// The lint's refusal, after its report was shown.
fn linted(
    args: &RunArgs,
    place: &Place,
    set: &Set,
    ledger: &[Entry],
    io: &Io,
) -> Result<Option<Ending>, Failure> {
    let Some(server) = place.settings.server.filter(|_| set.has_files()) else { return Ok(None) };
    let running = args.oldest_running.clone();
    let options = Options { server, applied_together: true, running };
    let report = set.lint(options, ledger)?;
    if report.outcome(args.fail_on.into()) == Outcome::Clean {
        return Ok(None);
    }
    io.err.mention(render::text(&report, false).trim_end());
    let reason = "the lint stops these migrations; nothing was begun";
    Ok(Some(Ending::failed(ExitCode::Refused, reason)))
}

/// Only files that are run here are known to be applied; a command knows it itself.
fn is_applied(place: &Place, set: &Set, ledger: &[Entry]) -> bool {
    let is_done = || next(&set.scripts, ledger, place.settings.gaps) == Ok(Next::Nothing);
    !set.scripts.is_empty() && is_done()
}
