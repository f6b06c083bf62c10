//! Runs without any mishap.

use pilotage_driver::drive::{Finished, Interruptions};
use pilotage_rollout::gate::{Gate, Smoke, Via};
use pilotage_rollout::journal::Entry;
use pilotage_rollout::target::Action;
use pilotage_rollout::{Cause, Share, Span, Verdict};
use pilotage_testkit::fake::{FakeProbe, Seen};

use crate::harbour::{Harbour, blue_green, canary, driver, new, old, run};

fn smoke() -> Gate {
    let (check, interval) = ("front page".into(), Span::from_secs(5));
    Gate::Smoke(Smoke { check, via: Via::Preview, attempts: 3, interval })
}

#[tokio::test(start_paused = true)]
async fn a_deploy_ends_wholly_new_and_is_written_down() {
    for strategy in [blue_green(vec![]), canary(vec![Gate::Soak(Span::from_mins(1))])] {
        let harbour = Harbour::new();
        let finished = harbour.deploy(strategy).await.expect("nothing fails");
        let release = new().id;
        assert_eq!(finished.verdict, Verdict::Deployed { release: release.clone() });
        assert_eq!(harbour.serves(), Some(release));
        assert_eq!(finished.warnings, []);
        let records = harbour.journals.records(&run());
        assert_eq!(finished.written, records.len() as u64);
        assert_eq!(harbour.migrator.started(), 1);
        assert_eq!(harbour.lease.owner(), None, "the lease was given up");
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_target_did_is_what_the_journal_announced() {
    let harbour = Harbour::new();
    harbour.deploy(blue_green(vec![])).await.expect("nothing fails");
    let mut announced = harbour.intents();
    announced.retain(|action| !matches!(action, Action::Migrate { .. }));
    assert_eq!(harbour.target.world(|world| world.applied.clone()), announced);
    let (release, candidate, stable) = (new().id, new().id, Some(old().id));
    let expected = [
        Action::Claim,
        Action::Capacity { release, units: 4 },
        Action::Traffic { stable, candidate, share: Share::ALL },
        Action::Capacity { release: old().id, units: 0 },
        Action::Prune { keep: vec![old().id, new().id] },
    ];
    assert_eq!(announced, expected);
}

#[tokio::test(start_paused = true)]
async fn a_watcher_sees_every_record_once_it_is_durable() {
    let harbour = Harbour::new();
    let Finished { verdict, .. } = harbour.deploy(blue_green(vec![])).await.expect("no failure");
    let mut expected: Vec<_> =
        harbour.journals.records(&run()).into_iter().map(Seen::Recorded).collect();
    expected.push(Seen::Ended(verdict));
    assert_eq!(harbour.watcher.seen(), expected);
}

#[tokio::test(start_paused = true)]
async fn a_release_that_never_becomes_healthy_is_taken_back() {
    let harbour = Harbour::new();
    harbour.target.break_release(&new().id);
    let finished = harbour.deploy(canary(vec![])).await.expect("nothing fails");
    let Verdict::Reverted { cause: Cause::Unhealthy { .. } } = finished.verdict else {
        panic!("{:?}", finished.verdict)
    };
    assert_eq!(harbour.serves(), Some(old().id));
}

#[tokio::test(start_paused = true)]
async fn a_smoke_check_may_fail_as_often_as_the_plan_says() {
    for (failures, serves) in [(2, new().id), (3, old().id)] {
        let harbour = Harbour::new();
        let mut crew = harbour.crew();
        crew.probe = std::sync::Arc::new(FakeProbe::default().with("front page", failures));
        let plan = harbour.plan(blue_green(vec![smoke()])).await;
        let driver = driver(crew);
        driver.drive(run(), plan, Interruptions::none()).await.expect("nothing fails");
        assert_eq!(harbour.serves(), Some(serves), "{failures} failures");
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_over_stays_as_it_is() {
    let harbour = Harbour::new();
    let first = harbour.deploy(blue_green(vec![])).await.expect("nothing fails");
    let (bytes, applied) = (harbour.bytes().await, harbour.target.world(|w| w.applied.len()));
    let again = harbour.resume().await.expect("nothing fails");
    let stop = Interruptions::none();
    let aborted = harbour.driver().abort(run(), "ana".into(), stop).await.expect("nothing fails");
    for later in [again, aborted] {
        assert_eq!((later.verdict, later.written), (first.verdict.clone(), 0));
    }
    assert_eq!(harbour.bytes().await, bytes);
    assert_eq!(harbour.target.world(|world| world.applied.len()), applied);
}

#[tokio::test(start_paused = true)]
async fn the_journal_begins_with_the_plan_and_the_fence() {
    let harbour = Harbour::new();
    let plan = harbour.plan(blue_green(vec![])).await;
    let stop = Interruptions::none();
    harbour.driver().drive(run(), plan.clone(), stop).await.expect("nothing fails");
    let first = harbour.journals.records(&run()).swap_remove(0).entry;
    let Entry::Opened { run: id, plan: written, fence, .. } = first else { panic!("{first:?}") };
    assert_eq!((id, written, fence.0), (run(), plan, 1));
}

/// A driver may be moved to any thread of any runtime.
#[test]
fn driving_is_send() {
    fn is_send<T: Send>(_: impl FnOnce() -> T) {}
    let unreachable = || -> pilotage_driver::drive::Driver { unreachable!("only its type counts") };
    is_send(move || async move {
        let driver = unreachable();
        driver.resume(run(), Interruptions::none()).await
    });
}
