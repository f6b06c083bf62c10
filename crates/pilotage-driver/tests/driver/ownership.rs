//! One writer.

use std::sync::Arc;

use async_trait::async_trait;
use pilotage_driver::drive::{DriverError, Interruptions};
use pilotage_driver::role::{Acquired, Holder, Lease, LeaseFailure, Renewed};
use pilotage_rollout::gate::Gate;
use pilotage_rollout::journal::Entry;
use pilotage_rollout::target::Action;
use pilotage_rollout::{Event, ExitCode, Fence, Span, Verdict};
use pilotage_testkit::fake::{FakeJournals, FakeLease};

use crate::harbour::{DAWN, Harbour, blue_green, canary, driver, new, run};

#[tokio::test(start_paused = true)]
async fn whoever_finds_the_lease_busy_writes_nothing_and_says_who_has_it() {
    let harbour = Harbour::new();
    harbour.lease.steal("https://ci.example/jobs/7, run `other`");
    let finished = harbour.deploy(blue_green(vec![])).await.expect("nothing fails");
    let reason = "https://ci.example/jobs/7, run `other`, for 0ms".into();
    assert_eq!(finished.verdict, Verdict::Busy { reason });
    assert_eq!(finished.verdict.exit_code(), ExitCode::Busy);
    assert_eq!((finished.written, harbour.bytes().await), (0, vec![]));
    assert!(harbour.target.world(|world| world.applied.is_empty()));
}

#[tokio::test(start_paused = true)]
async fn a_lease_is_renewed_for_as_long_as_the_run_takes() {
    let harbour = Harbour::new();
    let hour = canary(vec![Gate::Soak(Span::from_mins(60))]);
    let finished = harbour.deploy(hour).await.expect("nothing fails");
    assert!(matches!(finished.verdict, Verdict::Deployed { .. }), "{:?}", finished.verdict);
    assert!(harbour.lease.renewals() >= 120, "{} renewals in an hour", harbour.lease.renewals());
}

#[tokio::test(start_paused = true)]
async fn a_lost_lease_stops_the_run_before_its_next_order() {
    let harbour = Harbour::new();
    let plan = harbour.plan(canary(vec![Gate::Soak(Span::from_mins(10))])).await;
    let driver = harbour.driver();
    let thief = async {
        harbour.clock_reaches(Span::from_mins(3)).await;
        harbour.lease.steal("somebody else");
        harbour.target.world(|world| world.applied.len())
    };
    let (finished, applied) = tokio::join!(driver.drive(run(), plan, Interruptions::none()), thief);
    let finished = finished.expect("nothing fails");
    let Verdict::Busy { reason } = &finished.verdict else { panic!("{:?}", finished.verdict) };
    assert!(reason.contains("somebody else"), "{reason}");
    assert_eq!(harbour.target.world(|world| world.applied.len()), applied, "it went on writing");
    assert!(matches!(harbour.events().last(), Some(Event::LeaseLost { .. })));
    assert_eq!(harbour.lease.owner().as_deref(), Some("somebody else"), "it is left to them");
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_was_suspended_looks_at_its_lease_before_the_next_order() {
    let harbour = Harbour::new();
    let plan = harbour.plan(blue_green(vec![])).await;
    let driver = harbour.driver();
    let suspended = async {
        harbour.clock_reaches(Span::from_millis(1)).await;
        harbour.clock.set(DAWN + Span::from_mins(10));
        harbour.lease.steal("somebody else");
    };
    let (finished, ()) = tokio::join!(driver.drive(run(), plan, Interruptions::none()), suspended);
    let verdict = finished.expect("nothing fails").verdict;
    assert!(matches!(verdict, Verdict::Busy { .. }), "{verdict:?}");
    assert_eq!(harbour.target.world(|world| world.applied.clone()), [Action::Claim]);
    assert_eq!(harbour.migrator.started(), 0);
    let entries: Vec<_> =
        harbour.journals.records(&run()).into_iter().map(|record| record.entry).collect();
    let [.., Entry::Intent(_), Entry::Happened(Event::LeaseLost { .. })] = &entries[..] else {
        panic!("{entries:?}")
    };
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_cannot_be_renewed_is_taken_for_lost_before_it_ends() {
    let harbour = Harbour::new();
    let plan = harbour.plan(canary(vec![Gate::Soak(Span::from_mins(10))])).await;
    let driver = harbour.driver();
    let outage = async {
        harbour.clock_reaches(Span::from_mins(3)).await;
        harbour.lease.set_away(true);
    };
    let (finished, ()) = tokio::join!(driver.drive(run(), plan, Interruptions::none()), outage);
    let finished = finished.expect("nothing fails");
    assert!(matches!(finished.verdict, Verdict::Busy { .. }), "{:?}", finished.verdict);
    assert!(harbour.lease.owner().is_some(), "it stopped only after the lease had ended");
    harbour.lease.set_away(false);
    harbour.lease.expire();
    let finished = harbour.resume().await.expect("nothing fails");
    assert_eq!(finished.verdict, Verdict::Deployed { release: new().id });
}

#[tokio::test(start_paused = true)]
async fn an_outage_that_is_shorter_than_the_lease_is_survived() {
    let harbour = Harbour::new();
    let plan = harbour.plan(canary(vec![Gate::Soak(Span::from_mins(10))])).await;
    let driver = harbour.driver();
    let outage = async {
        for minute in 2..8 {
            harbour.clock_reaches(Span::from_mins(minute)).await;
            harbour.lease.set_away(true);
            harbour.clock_reaches(Span::from_mins(minute) + Span::from_secs(19)).await;
            harbour.lease.set_away(false);
        }
    };
    let (finished, ()) = tokio::join!(driver.drive(run(), plan, Interruptions::none()), outage);
    let verdict = finished.expect("nothing fails").verdict;
    assert_eq!(verdict, Verdict::Deployed { release: new().id });
}

#[tokio::test(start_paused = true)]
async fn of_two_drivers_on_one_journal_one_is_refused() {
    let harbour = Harbour::new();
    let plan = harbour.plan(canary(vec![Gate::Soak(Span::from_mins(10))])).await;
    // A lease that fails to exclude: each of the two drivers has one of its own.
    let death = harbour.death.clone();
    let broken = FakeLease::new(Span::from_secs(60), harbour.clock.clone(), death);
    let mut crew = harbour.crew();
    crew.lease = Arc::new(broken);
    let (first, second) = (harbour.driver(), driver(crew));
    let intruder = async {
        harbour.clock_reaches(Span::from_mins(3)).await;
        second.resume(run(), Interruptions::none()).await
    };
    let (first, second) = tokio::join!(first.drive(run(), plan, Interruptions::none()), intruder);
    let error = first.expect_err("the journal went on without it");
    assert!(matches!(error, DriverError::Overtaken { .. }), "{error}");
    assert_eq!(error.exit_code(), ExitCode::Busy);
    let second = second.expect("nothing fails");
    assert_eq!(second.verdict, Verdict::Deployed { release: new().id });
    let fence = harbour.target.world(|world| world.fence);
    assert_eq!(fence, Fence(2), "the second one owns the target");
}

/// A lease that is granted only after its last holder has gone on to the end.
#[derive(Debug)]
struct Late {
    lease: FakeLease,
    journals: Arc<FakeJournals>,
    end: Vec<u8>,
}

#[async_trait]
impl Lease for Late {
    async fn acquire(&self, holder: &str, above: Fence) -> Result<Acquired, LeaseFailure> {
        self.journals.put(&run(), self.end.clone());
        self.lease.acquire(holder, above).await
    }

    async fn renew(&self, fence: Fence) -> Result<Renewed, LeaseFailure> {
        self.lease.renew(fence).await
    }

    async fn release(&self, fence: Fence) -> Result<(), LeaseFailure> {
        self.lease.release(fence).await
    }

    async fn holder(&self) -> Result<Option<Holder>, LeaseFailure> {
        self.lease.holder().await
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_last_holder_still_did_is_seen() {
    let harbour = Harbour::new();
    let first = harbour.deploy(blue_green(vec![])).await.expect("nothing fails");
    let end = harbour.bytes().await;
    let half = end.len() / 2;
    harbour.journals.put(&run(), end[..half].to_vec());
    let (lease, journals) = (harbour.lease.clone(), harbour.journals.clone());
    let mut crew = harbour.crew();
    crew.lease = Arc::new(Late { lease, journals, end: end.clone() });
    let finished = driver(crew).resume(run(), Interruptions::none()).await;
    let finished = finished.expect("there is nothing left to do");
    assert_eq!((finished.verdict, finished.written), (first.verdict, 0));
    assert_eq!(harbour.bytes().await, end);
    assert_eq!(harbour.lease.owner(), None, "the lease was given up");
}

#[tokio::test(start_paused = true)]
async fn a_run_is_opened_once() {
    let harbour = Harbour::new();
    let plan = harbour.plan(blue_green(vec![])).await;
    harbour.deploy(blue_green(vec![])).await.expect("nothing fails");
    let bytes = harbour.bytes().await;
    let again = harbour.driver().drive(run(), plan, Interruptions::none()).await;
    let error = again.expect_err("there is a journal of that name");
    assert!(matches!(error, DriverError::Exists { .. }), "{error}");
    assert_eq!(error.exit_code(), ExitCode::Usage);
    assert_eq!(harbour.bytes().await, bytes);
    assert_eq!(harbour.lease.owner(), None, "the lease was given up");
}
