//! Workers that apply migrations to a real database.

use std::sync::Arc;

use pilotage_artifact::Digest;
use pilotage_clock::SystemClock;
use pilotage_lease::client::{Acquisition, LeaseClient, Waiting};
use pilotage_lease::machine::Claim;
use pilotage_lease::{Card, OwnerId};
use pilotage_migration::saga::error::Failed;
use pilotage_migration::saga::next::Gaps;
use pilotage_migration::saga::script::{Leap, Script, ScriptName};
use pilotage_migration::saga::work::{Work, work};
use pilotage_redact::Veil;
use pilotage_rollout::Span;
use pilotage_sql::Database;

use crate::raw::Own;

/// How long a worker waits for the session of another: longer than any statement takes here.
const WAITING: Span = Span::from_mins(2);

pub(crate) fn script(name: &str, leaps: Vec<Leap>) -> Script {
    Script { name: ScriptName(name.into()), checksum: Digest::of(name.as_bytes()), leaps }
}

/// A whole worker's life, with the lease of this name in the database itself.
pub(crate) async fn apply(
    own: &Own,
    through: &Database,
    lease: &str,
    scripts: &[Script],
) -> Result<u32, Failed> {
    let clock = Arc::new(SystemClock::new());
    let name: pilotage_lease::LeaseName = lease.parse().expect("a name");
    let client = LeaseClient::new(name.clone(), own.database().lease_store(), clock.clone());
    let claim = Claim::new(OwnerId::random().expect("random numbers"), Card::of("a worker"));
    let acquired = client.acquire(claim, Waiting::up_to(WAITING), &mut |_| ()).await;
    let mut held = match acquired.expect("the lease can be had") {
        Acquisition::Held(held) => held,
        Acquisition::Busy(busy) => panic!("it is {busy}'s"),
    };
    let database = through.migrated(name, "a test");
    let job = Work {
        scripts,
        gaps: Gaps::Refused,
        database: &database,
        program: None,
        clock: &*clock,
        waiting: WAITING,
        veil: &Veil::default(),
    };
    let ended = work(job, &mut held, &mut |_| ()).await;
    held.release("done").await.expect("it was held");
    ended
}

/// How many lines of the ledger say that all is applied, and how many there are.
pub(crate) async fn lines(own: &Own) -> (usize, usize) {
    let done = "select count(*) from pilotage_ledger where done = steps and state = '\"resting\"'";
    (own.number(done).await, own.number("select count(*) from pilotage_ledger").await)
}
