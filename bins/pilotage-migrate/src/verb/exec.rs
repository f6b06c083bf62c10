//! `exec`: a migrator, run here and now under the lease, the session lock and the fence.

use pilotage_artifact::Digest;
use pilotage_lease::Ticket;
use pilotage_lease::client::Waiting;
use pilotage_migration::saga::database::Database;
use pilotage_migration::saga::escort::Escort;
use pilotage_migration::saga::serve::{Service, Task, serve};
use pilotage_migration::saga::told::Told;

use crate::args::exec::ExecArgs;
use crate::ending::Ending;
use crate::failure::Failure;
use crate::place::Place;
use crate::set::Set;
use crate::surroundings;
use crate::verb::guard::{Calls, guarded};
use crate::voice::Voice;

/// Runs the command to an ending.
pub(crate) async fn exec(args: &ExecArgs, place: &Place, voice: &Voice) -> Result<Ending, Failure> {
    let speaker = voice.clone();
    let program = place.program(move |line| speaker.tell("said", line));
    let database = place.database.as_ref().map(|database| database as &dyn Database);
    let clock = &*place.clock;
    let task = Task::Program(Escort { program: &program, database, clock, waiting: args.wait });
    let service = Service {
        set: set(args, place)?,
        lease: &place.lease,
        ticket: ticket(args)?,
        card: place.card(),
        waiting: Waiting::up_to(args.wait).with_hold(args.wait_for_hold),
        veil: &place.veil,
    };
    let mut tell = |told: &Told| voice.tell("told", &told.to_string());
    let calls = Calls::listen()?;
    guarded(serve(service, task, &mut tell), calls, &program, clock).await?;
    Ok(Ending::APPLIED)
}

fn ticket(args: &ExecArgs) -> Result<Option<Ticket>, Failure> {
    let given = || surroundings::variable("PILOTAGE_TICKET").map(|text| text.parse());
    match args.ticket {
        Some(ticket) => Ok(Some(ticket)),
        None => given().transpose().map_err(|error: pilotage_lease::BadTicket| {
            let help = "leave it out to take the lease without one".to_owned();
            Failure::Refused { what: format!("PILOTAGE_TICKET: {error}"), help }
        }),
    }
}

fn set(args: &ExecArgs, place: &Place) -> Result<Digest, Failure> {
    let given = || surroundings::variable("PILOTAGE_SET").and_then(|text| text.parse().ok());
    match args.set.or_else(given) {
        Some(set) => Ok(set),
        None => Ok(Set::read(&place.settings)?.digest),
    }
}
