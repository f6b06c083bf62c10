//! People who decide and people who are told.

use std::sync::Arc;

use pilotage_driver::drive::{Finished, Interruptions, Warning};
use pilotage_driver::role::{Clock, Notice};
use pilotage_rollout::gate::{Gate, Manual};
use pilotage_rollout::run::Answer;
use pilotage_rollout::{Cause, Span, Verdict};
use pilotage_testkit::fake::{FakeApprovals, FakeNotifier, StoreFault};

use crate::harbour::{Harbour, blue_green, driver, new, old, run};

const QUESTION: &str = "is the preview fine?";

fn ask() -> Gate {
    Gate::Manual(Manual { question: QUESTION.into() })
}

#[tokio::test(start_paused = true)]
async fn silence_pauses_and_a_later_word_decides() {
    let approved = Answer::Approved { by: "ana".into() };
    let declined = Answer::Declined { reason: "ana: not today".into() };
    for (answer, serves) in [(approved, new().id), (declined, old().id)] {
        let harbour = Harbour::new();
        let approvals = Arc::new(FakeApprovals::default());
        let mut crew = harbour.crew();
        crew.approvals = approvals.clone();
        let driver = driver(crew);
        let plan = harbour.plan(blue_green(vec![ask()])).await;
        let paused = driver.drive(run(), plan, Interruptions::none()).await;
        let reason = QUESTION.into();
        assert_eq!(paused.expect("nothing fails").verdict, Verdict::Paused { reason });
        assert_eq!(harbour.lease.owner(), None, "nobody else could work meanwhile");

        approvals.decide(&run(), QUESTION, answer);
        driver.resume(run(), Interruptions::none()).await.expect("nothing fails");
        assert_eq!(harbour.serves(), Some(serves));
    }
}

/// A deploy whose people are told like this, and how long it took.
async fn deploy(harbour: &Harbour, notifier: &Arc<FakeNotifier>) -> (Finished, Span) {
    let mut crew = harbour.crew();
    crew.notifier = notifier.clone();
    let plan = harbour.plan(blue_green(vec![])).await;
    let finished = driver(crew).drive(run(), plan, Interruptions::none()).await;
    (finished.expect("nothing fails"), harbour.clock.elapsed())
}

#[tokio::test(start_paused = true)]
async fn people_are_told_how_it_begins_and_ends() {
    let harbour = Harbour::new();
    let notifier = Arc::new(FakeNotifier::slow(harbour.clock.clone(), Span::ZERO));
    let (finished, _) = deploy(&harbour, &notifier).await;
    assert_eq!(notifier.told(), [Notice::Started, Notice::Ended(finished.verdict)]);
    assert_eq!(finished.warnings, []);
}

#[tokio::test(start_paused = true)]
async fn people_are_told_when_it_goes_back() {
    let harbour = Harbour::new();
    harbour.target.break_release(&new().id);
    let notifier = Arc::new(FakeNotifier::slow(harbour.clock.clone(), Span::ZERO));
    let (finished, _) = deploy(&harbour, &notifier).await;
    let told = notifier.told();
    let [Notice::Started, Notice::Reverting { cause }, Notice::Ended(verdict)] = &told[..] else {
        panic!("{told:?}")
    };
    assert!(matches!(cause, Cause::Unhealthy { .. }), "{cause}");
    assert_eq!(verdict, &finished.verdict);
}

#[tokio::test(start_paused = true)]
async fn people_are_told_when_the_process_cannot_go_on() {
    let harbour = Harbour::new();
    harbour.journals.fault_after(5, StoreFault::Full);
    let notifier = Arc::new(FakeNotifier::slow(harbour.clock.clone(), Span::ZERO));
    let mut crew = harbour.crew();
    crew.notifier = notifier.clone();
    let plan = harbour.plan(blue_green(vec![])).await;
    let error = driver(crew).drive(run(), plan, Interruptions::none()).await;
    let reason = error.expect_err("there is no room").to_string();
    assert_eq!(notifier.told(), [Notice::Started, Notice::Left { reason }]);
}

#[tokio::test(start_paused = true)]
async fn a_slow_or_failing_notifier_costs_no_time_and_is_told_of() {
    let quick = Harbour::new();
    let notifier = Arc::new(FakeNotifier::slow(quick.clock.clone(), Span::ZERO));
    let (_, usual) = deploy(&quick, &notifier).await;

    let harbour = Harbour::new();
    let notifier = Arc::new(FakeNotifier::slow(harbour.clock.clone(), Span::from_mins(60)));
    let (finished, took) = deploy(&harbour, &notifier).await;
    assert_eq!(finished.verdict, Verdict::Deployed { release: new().id });
    assert_eq!(took, usual + Span::from_secs(1), "only the farewell may wait for it");
    assert_eq!(finished.warnings, [Warning::NotesLost { dropped: 1, failed: 1 }]);
    assert_eq!(notifier.told(), []);

    let harbour = Harbour::new();
    let notifier = Arc::new(FakeNotifier::failing(harbour.clock.clone()));
    let (finished, took) = deploy(&harbour, &notifier).await;
    assert_eq!(took, usual);
    assert_eq!(finished.warnings, [Warning::NotesLost { dropped: 0, failed: 2 }]);
}
