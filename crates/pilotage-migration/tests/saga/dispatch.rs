//! The CI job.

use std::sync::Arc;

use pilotage_artifact::Digest;
use pilotage_clock::Clock as _;
use pilotage_lease::client::Waiting;
use pilotage_lease::{Card, Hold};
use pilotage_migration::saga::dispatch::{DispatchError, Dispatched, Job, Watched, dispatch};
use pilotage_migration::saga::next::Gaps;
use pilotage_migration::saga::runner::Assignment;
use pilotage_migration::saga::serve::{ServeError, Service, Task, serve};
use pilotage_migration::saga::word::{Says, Word};
use pilotage_migration::saga::work::Work;
use pilotage_redact::Veil;
use pilotage_rollout::{Moment, Span};
use pilotage_testkit::fake::FakeRunner;

use crate::harbour::{ALL, Harbour, scripts};

/// A harbour whose workers run apart from whoever has them started.
struct Yard {
    harbour: Arc<Harbour>,
    runner: Arc<FakeRunner>,
}

impl Yard {
    fn new() -> Self {
        let runner = Arc::new(FakeRunner::default());
        Self { harbour: Arc::new(Harbour::new()), runner }
    }

    async fn dispatch(&self, set: &[u8]) -> Result<(Dispatched, Vec<Watched>), DispatchError> {
        let mut seen = Vec::new();
        let job = Job {
            set: Digest::of(set),
            lease: &self.harbour.lease,
            runner: self.runner.as_ref(),
            clock: self.harbour.clock.as_ref(),
            limit: Span::from_mins(10),
            hold: Span::from_mins(1),
        };
        let told = &mut |what: &Watched| seen.push(what.clone());
        dispatch(job, Card::of("a job"), told).await.map(|ended| (ended, seen))
    }

    /// Carries out assignments as they come, each in a task of its own that nobody ends.
    fn open(&self) {
        let (harbour, runner) = (Arc::clone(&self.harbour), Arc::clone(&self.runner));
        tokio::spawn(async move {
            loop {
                if let Some(assignment) = runner.take() {
                    tokio::spawn(carry_out(Arc::clone(&harbour), assignment));
                }
                harbour.clock.sleep(Span::from_millis(700)).await;
            }
        });
    }
}

async fn carry_out(harbour: Arc<Harbour>, assignment: Assignment) -> Result<u32, ServeError> {
    let all = scripts();
    let veil = Veil::default();
    let work = Work {
        scripts: &all,
        gaps: Gaps::Refused,
        database: harbour.database.as_ref(),
        program: Some(harbour.program.as_ref()),
        clock: harbour.clock.as_ref(),
        waiting: Span::from_mins(1),
        veil: &veil,
    };
    let service = Service {
        set: assignment.set,
        lease: &harbour.lease,
        ticket: Some(assignment.ticket),
        card: Card::of("a worker"),
        waiting: Waiting::NOT,
        veil: &veil,
    };
    serve(service, Task::Scripts(work), &mut |_| ()).await
}

#[tokio::test(start_paused = true)]
async fn a_worker_takes_over_and_its_word_is_the_answer() {
    let yard = Yard::new();
    let mut occupant = Some(yard.harbour.database.occupied());
    yard.open();
    let clock = Arc::clone(&yard.harbour.clock);
    let leave = async {
        clock.sleep(Span::from_secs(20)).await;
        drop(occupant.take());
    };
    let (dispatched, ()) = tokio::join!(yard.dispatch(b"set"), leave);
    let (ended, seen) = dispatched.unwrap();
    assert_eq!(ended, Dispatched::Applied);
    assert_eq!(seen, [Watched::Started, Watched::HandedOver]);
    assert_eq!(yard.harbour.database.world(|world| world.applied.clone()), ALL);
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_told_in_the_words_of_the_database() {
    let yard = Yard::new();
    yard.open();
    yard.harbour.database.world(|world| world.refused.insert("fill a".into()));
    let (ended, _) = yard.dispatch(b"set").await.unwrap();
    let Dispatched::Failed { reason, .. } = ended else { panic!("{ended:?}") };
    assert!(reason.contains("syntax error in `fill a`"), "{reason}");
}

#[tokio::test(start_paused = true)]
async fn a_job_that_is_killed_at_any_moment_changes_nothing_and_the_next_one_gets_the_answer() {
    for moment in (0..12_000).step_by(250) {
        let yard = Yard::new();
        let occupant = yard.harbour.database.occupied();
        yard.open();
        tokio::select! {
            biased;
            () = yard.harbour.clock.sleep(Span::from_millis(moment)) => {}
            _ = yard.dispatch(b"set") => panic!("the database is occupied"),
        }
        drop(occupant);
        let (ended, seen) = yard.dispatch(b"set").await.unwrap();
        assert_eq!(ended, Dispatched::Applied, "killed after {moment} ms: {seen:?}");
        assert_eq!(yard.harbour.database.world(|world| world.applied.clone()), ALL);
    }
}

#[tokio::test(start_paused = true)]
async fn the_next_job_attaches_to_a_worker_that_is_at_it() {
    let yard = Yard::new();
    let occupant = yard.harbour.database.occupied();
    yard.open();
    tokio::select! {
        biased;
        () = yard.harbour.clock.sleep(Span::from_secs(10)) => {}
        _ = yard.dispatch(b"set") => panic!("the database is occupied"),
    }
    drop(occupant);
    let (ended, seen) = yard.dispatch(b"set").await.unwrap();
    assert_eq!(ended, Dispatched::Applied);
    assert!(matches!(seen[..], [Watched::Attached { .. }]), "{seen:?}");
    assert_eq!(yard.runner.started(), 1, "no second worker was started");
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_cannot_be_started_or_ends_at_once_leaves_the_lease_free() {
    let yard = Yard::new();
    yard.runner.refuse("no capacity");
    let error = yard.dispatch(b"set").await.unwrap_err();
    assert!(error.to_string().contains("no capacity"), "{error}");

    let yard = Yard::new();
    let (harbour, runner) = (Arc::clone(&yard.harbour), Arc::clone(&yard.runner));
    tokio::spawn(async move {
        loop {
            if let Some(assignment) = runner.take() {
                runner.ended(assignment.ticket.owner, Some(1), "no such image\n");
            }
            harbour.clock.sleep(Span::from_millis(100)).await;
        }
    });
    let (ended, _) = yard.dispatch(b"set").await.unwrap();
    let Dispatched::Failed { reason, .. } = ended else { panic!("{ended:?}") };
    assert!(reason.contains("no such image") && reason.contains("code 1"), "{reason}");
    let record = yard.harbour.lease.show().await.unwrap().unwrap();
    assert!(record.tenure().is_none(), "nobody has to wait for a worker that never was");
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_died_at_this_very_set_is_replaced_once_its_lease_is_stale() {
    let yard = Yard::new();
    let doing = Word { set: Digest::of(b"set"), says: Says::Applying }.to_string();
    yard.harbour.leave_to_the_dead(doing).await;
    yard.open();
    let (ended, seen) = yard.dispatch(b"set").await.unwrap();
    assert_eq!(ended, Dispatched::Applied, "{seen:?}");
    assert!(matches!(seen.first(), Some(Watched::Attached { .. })), "{seen:?}");
    assert_eq!(yard.harbour.database.world(|world| world.applied.clone()), ALL);
}

#[tokio::test(start_paused = true)]
async fn what_a_person_holds_is_left_alone() {
    let yard = Yard::new();
    let hold = Hold { by: "ada".into(), reason: "audit".into(), since: Moment::default() };
    yard.harbour.lease.hold(hold).await.unwrap();
    let (ended, _) = yard.dispatch(b"set").await.unwrap();
    let Dispatched::Busy { who } = ended else { panic!("{ended:?}") };
    assert!(who.contains("ada"), "{who}");
    assert_eq!(yard.runner.started(), 0);
}

#[tokio::test(start_paused = true)]
async fn another_set_is_waited_for() {
    let yard = Yard::new();
    let occupant = yard.harbour.database.occupied();
    yard.open();
    tokio::select! {
        biased;
        () = yard.harbour.clock.sleep(Span::from_secs(10)) => {}
        _ = yard.dispatch(b"set") => panic!("the database is occupied"),
    }
    drop(occupant);
    let (ended, seen) = yard.dispatch(b"another set").await.unwrap();
    assert_eq!(ended, Dispatched::Applied);
    assert!(seen.contains(&Watched::Started), "{seen:?}");
    assert_eq!(yard.runner.started(), 2);
    assert_eq!(yard.harbour.database.world(|world| world.applied.clone()), ALL, "once");
}
