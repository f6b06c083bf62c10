//! `lock`: the lease, as people see it and hold it.

use pilotage_ci::text::date_and_time;
use pilotage_lease::client::{Acquisition, HoldOutcome, UnholdOutcome, Waiting};
use pilotage_lease::machine::Claim;
use pilotage_lease::{Hold, OwnerId, Record, Tenancy, Tenure, Ticket};
use pilotage_rollout::{ExitCode, Span};
use serde_json::{Value, json};

use crate::args::lock::{LockHoldArgs, LockReleaseArgs};
use crate::failure::Failure;
use crate::place::Place;
use crate::store;
use crate::voice::Voice;

/// How much longer than the term of a dead owner it may take to prove its death.
const SLACK: Span = Span::from_secs(5);

pub(crate) async fn show(place: &Place, voice: &Voice) -> Result<ExitCode, Failure> {
    let record = place.lease.show().await?;
    let object = json!({ "lease": object(place, record.as_ref()) });
    voice.show(&object, &words(place, record.as_ref()))?;
    Ok(ExitCode::Success)
}

pub(crate) async fn create(place: &Place, voice: &Voice) -> Result<ExitCode, Failure> {
    let done = store::create(&place.settings.lease).await?;
    voice.show(&json!({ "created": done }), &done)?;
    Ok(ExitCode::Success)
}

pub(crate) async fn hold(
    args: &LockHoldArgs,
    place: &Place,
    voice: &Voice,
) -> Result<ExitCode, Failure> {
    let (by, reason) = (args.by.clone(), args.reason.clone());
    let hold = Hold { by, reason, since: place.clock.now() };
    match place.lease.hold(hold).await? {
        HoldOutcome::Already(hold) => Err(Failure::Busy { who: hold.to_string() }),
        HoldOutcome::OnHold(record) => {
            let object = json!({ "lease": object(place, Some(&record)) });
            voice.show(&object, &words(place, Some(&record)))?;
            Ok(ExitCode::Success)
        }
    }
}

pub(crate) async fn release(
    args: &LockReleaseArgs,
    place: &Place,
    voice: &Voice,
) -> Result<ExitCode, Failure> {
    let done = match (&args.by, args.ticket) {
        (Some(by), _) => unhold(by, place).await?,
        (None, Some(ticket)) => set_free(ticket, place, voice).await?,
        (None, None) => "nothing was to be released",
    };
    voice.show(&json!({ "released": done }), done)?;
    Ok(ExitCode::Success)
}

async fn unhold(by: &str, place: &Place) -> Result<&'static str, Failure> {
    match place.lease.unhold(by).await? {
        UnholdOutcome::Lifted => Ok("the hold is taken back"),
        UnholdOutcome::NotOnHold => Ok("nobody holds the lease"),
        UnholdOutcome::Others(hold) => Err(Failure::Refused {
            what: hold.to_string(),
            help: format!("only they take it back; in their name: `--by '{}'`", hold.by),
        }),
    }
}

/// Takes the place of a dead owner, and leaves it free. The proof is that of everybody who waits
/// for the lease: the kernel's word, or a whole term without a sign of life.
async fn set_free(ticket: Ticket, place: &Place, voice: &Voice) -> Result<&'static str, Failure> {
    let record = place.lease.show().await?;
    let Some(tenure) = record.as_ref().and_then(Record::tenure) else {
        return Ok("nobody has the lease");
    };
    if record.as_ref().and_then(Record::ticket) != Some(ticket) {
        let what = format!("that ownership is over; now it is {}", tenure.card);
        return Err(Failure::Refused { what, help: "look again with `lock show`".into() });
    }
    voice.tell("waiting", "looking for a sign of life of its owner");
    let limit = Span::from_millis(tenure.term.span().as_millis() + SLACK.as_millis());
    let claim = Claim { at: place.clock.now(), ..Claim::new(OwnerId::random()?, place.card()) };
    match place.lease.acquire(claim, Waiting::up_to(limit), &mut |_| ()).await? {
        Acquisition::Held(mut held) => {
            held.release(format!("set free by a person, after the death of {}", tenure.card))
                .await?;
            Ok("its owner is dead, and the lease is free")
        }
        Acquisition::Busy(busy) => Err(Failure::Busy { who: format!("{busy}, who is alive") }),
    }
}

/// The lease for programs.
pub(crate) fn object(place: &Place, record: Option<&Record>) -> Value {
    let tenure = record.and_then(Record::tenure);
    let last = match record.map(|record| &record.tenancy) {
        Some(Tenancy::Free(Some(card))) => Some(card.doing.clone()),
        _ => None,
    };
    json!({
        "name": place.settings.name.to_string(),
        "place": place.kept(),
        "fence": record.map(|record| record.fence.0),
        "holder": tenure.map(|tenure| json!({
            "who": tenure.card.who,
            "link": tenure.card.link,
            "doing": tenure.card.doing,
            "since": since(tenure),
            "ticket": record.and_then(Record::ticket).map(|ticket| ticket.to_string()),
        })),
        "last": last,
        "hold": record.and_then(|record| record.hold.as_ref()).map(|hold| json!({
            "by": hold.by,
            "reason": hold.reason,
            "since": date_and_time(hold.since),
        })),
    })
}

/// The lease for people.
pub(crate) fn words(place: &Place, record: Option<&Record>) -> String {
    let head = format!("lease `{}` in {}", place.settings.name, place.kept());
    let Some(record) = record else { return format!("{head}: free; it was never taken") };
    let tenancy = match &record.tenancy {
        Tenancy::Free(card) => {
            let last = card.as_ref().filter(|card| !card.doing.is_empty());
            let last = last.map(|card| format!("; last: {}", card.doing.trim_end()));
            format!("{head}: free{}", last.unwrap_or_default())
        }
        Tenancy::Held(tenure) => {
            let ticket = record.ticket().map(|ticket| ticket.to_string()).unwrap_or_default();
            let since = since(tenure).map(|since| format!("\n  since {since}")).unwrap_or_default();
            format!("{head}: {}{since}\n  ticket {ticket}", tenure.card)
        }
    };
    let hold = record
        .hold
        .as_ref()
        .map(|hold| format!("\n  on hold since {}: {hold}", date_and_time(hold.since)));
    format!("{tenancy}{}", hold.unwrap_or_default())
}

/// A claim that tells no time tells the beginning of all times.
fn since(tenure: &Tenure) -> Option<String> {
    (tenure.since.as_millis() > 0).then(|| date_and_time(tenure.since))
}
