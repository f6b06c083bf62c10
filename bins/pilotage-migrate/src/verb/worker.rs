//! `worker`: what `run` starts, and what outlives it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use pilotage_cli::Out;
use pilotage_lease::client::Waiting;
use pilotage_migration::local::Desk;
use pilotage_migration::saga::database::Database;
use pilotage_migration::saga::escort::Escort;
use pilotage_migration::saga::serve::{Service, Task, serve};
use pilotage_migration::saga::told::Told;
use pilotage_migration::saga::work::Work;
use pilotage_rollout::{ExitCode, Span};

use crate::args::worker::WorkerArgs;
use crate::failure::Failure;
use crate::place::Place;
use crate::set::Set;
use crate::verb::guard::{Calls, guarded};

/// How long a worker waits for the session lock of another.
pub(crate) const PATIENCE: Span = Span::from_mins(10);

/// How many bytes of a program are passed on; a job reads along, and the disk is not endless.
const MOST_WORDS: usize = 16 << 20;

/// Works to the end, says why not if not, and leaves its exit code where it was told to.
pub(crate) async fn worker(args: &WorkerArgs, place: &Place, out: &Out) -> ExitCode {
    let unseated = |source| Failure::System { what: "begin a session of its own", source };
    let desk = match args.desk.clone().map(Desk::take).transpose().map_err(unseated) {
        Ok(desk) => desk,
        Err(failure) => return told(place, out, &failure),
    };
    let code = match apply(args, place, out).await {
        Ok(()) => ExitCode::Success,
        Err(failure) => told(place, out, &failure),
    };
    if let Some(desk) = desk {
        desk.leave(code.into());
    }
    code
}

async fn apply(args: &WorkerArgs, place: &Place, out: &Out) -> Result<(), Failure> {
    let set = Set::read(&place.settings)?;
    if set.digest != args.set {
        return Err(Failure::Changed);
    }
    let echo = echo(out);
    let program = place.program(move |line| echo(line));
    let database = place.database.as_ref().map(|database| database as &dyn Database);
    let clock = &*place.clock;
    let task = if set.scripts.is_empty() {
        Task::Program(Escort { program: &program, database, clock, waiting: PATIENCE })
    } else {
        Task::Scripts(Work {
            scripts: &set.scripts,
            gaps: place.settings.gaps,
            database: database.ok_or(Failure::NoDatabase)?,
            program: None,
            clock,
            waiting: PATIENCE,
            veil: &place.veil,
        })
    };
    let service = Service {
        set: set.digest,
        lease: &place.lease,
        ticket: Some(args.ticket),
        card: place.card(),
        waiting: Waiting::NOT,
        veil: &place.veil,
    };
    let mut tell = |told: &Told| out.mention(&place.veil.cover(&told.to_string()));
    let calls = Calls::listen()?;
    guarded(serve(service, task, &mut tell), calls, &program, clock).await
}

/// Passes lines on until it has been too many.
fn echo(out: &Out) -> impl Fn(&str) + Send + Sync + use<> {
    let (out, said) = (out.clone(), Arc::new(AtomicUsize::new(0)));
    move |line: &str| {
        let before = said.fetch_add(line.len() + 1, Ordering::Relaxed);
        if before < MOST_WORDS {
            out.mention(line);
        }
    }
}

fn told(place: &Place, out: &Out, failure: &Failure) -> ExitCode {
    let causes = failure.causes().into_iter().map(|cause| format!(": {cause}"));
    let words = std::iter::once(failure.to_string()).chain(causes).collect::<String>();
    out.mention(&place.veil.cover(&words));
    failure.exit_code()
}
