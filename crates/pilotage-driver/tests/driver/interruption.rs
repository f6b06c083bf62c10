//! Being told to stop.

use std::sync::Arc;

use pilotage_driver::drive::{Finished, Interrupter, Interruption, interruptions};
use pilotage_driver::role::{News, Watcher};
use pilotage_rollout::gate::Gate;
use pilotage_rollout::journal::{Entry, Record};
use pilotage_rollout::ramp::Strategy;
use pilotage_rollout::{Cause, Event, ExitCode, Span, Verdict};
use pilotage_testkit::fake::ApplyFault;

use crate::harbour::{Harbour, blue_green, canary, driver, new, old, run};

fn long() -> Strategy {
    canary(vec![Gate::Soak(Span::from_mins(10))])
}

/// Drives until it is told this after so long; how it ended, and how long that took.
async fn tell(
    harbour: &Harbour,
    strategy: Strategy,
    after: Span,
    interruption: Interruption,
) -> (Finished, Span) {
    let plan = harbour.plan(strategy).await;
    let (interrupter, stop) = interruptions();
    let driver = harbour.driver();
    let teller = async {
        harbour.clock_reaches(after).await;
        interrupter.interrupt(interruption);
    };
    let (finished, ()) = tokio::join!(driver.drive(run(), plan, stop), teller);
    let took = pilotage_driver::role::Clock::elapsed(&*harbour.clock).as_millis();
    (finished.expect("nothing fails"), Span::from_millis(took - after.as_millis()))
}

#[tokio::test(start_paused = true)]
async fn an_interrupt_cuts_a_wait_short_and_the_run_can_be_resumed() {
    let harbour = Harbour::new();
    let (finished, took) =
        tell(&harbour, long(), Span::from_millis(180_123), Interruption::Interrupt).await;
    assert_eq!(finished.verdict, Verdict::Interrupted);
    assert_eq!(finished.verdict.exit_code(), ExitCode::Interrupted);
    assert_eq!(took, Span::ZERO, "it waited on");
    assert_eq!(harbour.events().last(), Some(&Event::Interrupted));
    assert_eq!(harbour.lease.owner(), None, "the lease was given up");
    let finished = harbour.resume().await.expect("nothing fails");
    assert_eq!(finished.verdict, Verdict::Deployed { release: new().id });
    assert_eq!(harbour.serves(), Some(new().id));
}

#[tokio::test(start_paused = true)]
async fn an_interrupt_before_the_first_order_does_nothing() {
    let harbour = Harbour::new();
    let (finished, _) = tell(&harbour, long(), Span::ZERO, Interruption::Interrupt).await;
    assert_eq!(finished.verdict, Verdict::Interrupted);
    assert!(harbour.intents().len() <= 1, "{:?}", harbour.intents());
    assert_eq!(harbour.serves(), Some(old().id));
}

/// Interrupts as soon as an intent is durable.
#[derive(Debug)]
struct Hasty(Interrupter);

impl Watcher for Hasty {
    fn see(&self, news: &News<'_>) {
        if let News::Recorded { record: Record { entry: Entry::Intent(_), .. }, .. } = news {
            self.0.interrupt(Interruption::Interrupt);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_that_is_not_sent_yet_is_not_sent_any_more() {
    let harbour = Harbour::new();
    let plan = harbour.plan(blue_green(vec![])).await;
    let (interrupter, stop) = interruptions();
    let mut crew = harbour.crew();
    crew.watcher = Arc::new(Hasty(interrupter));
    let finished = driver(crew).drive(run(), plan, stop).await.expect("nothing fails");
    assert_eq!(finished.verdict, Verdict::Interrupted);
    assert_eq!(harbour.intents().len(), 1);
    assert!(harbour.target.world(|world| world.applied.is_empty()));
}

#[tokio::test(start_paused = true)]
async fn an_order_under_way_gets_a_short_grace() {
    for (answer, waited) in [(3, 2), (20, 5)] {
        let harbour = Harbour::new();
        harbour.target.fault_after(0, ApplyFault::LateAnswer(Span::from_secs(answer)));
        let (finished, took) =
            tell(&harbour, long(), Span::from_secs(1), Interruption::Interrupt).await;
        assert_eq!(finished.verdict, Verdict::Interrupted);
        assert_eq!(took, Span::from_secs(waited), "an answer after {answer} s");
        let acted = harbour.events().iter().any(|event| matches!(event, Event::Acted(_)));
        assert_eq!(acted, answer == 3, "the answer is written down if it came");
        let finished = harbour.resume().await.expect("nothing fails");
        assert_eq!(finished.verdict, Verdict::Deployed { release: new().id });
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_without_an_answer_is_left_dangling_in_the_journal() {
    let harbour = Harbour::new();
    harbour.target.fault_after(0, ApplyFault::Slow(Span::from_secs(20)));
    tell(&harbour, long(), Span::from_secs(1), Interruption::Interrupt).await;
    let entries: Vec<_> =
        harbour.journals.records(&run()).into_iter().map(|record| record.entry).collect();
    let [.., Entry::Intent(_), Entry::Happened(Event::Interrupted)] = &entries[..] else {
        panic!("{entries:?}")
    };
}

#[tokio::test(start_paused = true)]
async fn an_abort_brings_the_old_release_back() {
    let harbour = Harbour::new();
    let abort = Interruption::Abort { by: "ana".into() };
    let (finished, _) = tell(&harbour, long(), Span::from_mins(3), abort).await;
    let cause = Cause::Aborted { by: "ana".into() };
    assert_eq!(finished.verdict, Verdict::Reverted { cause });
    assert_eq!(harbour.serves(), Some(old().id));
}

#[tokio::test(start_paused = true)]
async fn a_run_that_was_left_can_be_given_up_later() {
    for after in [Span::from_secs(2), Span::from_secs(61), Span::from_mins(5)] {
        let harbour = Harbour::new();
        tell(&harbour, long(), after, Interruption::Interrupt).await;
        let stop = pilotage_driver::drive::Interruptions::none();
        let finished = harbour.driver().abort(run(), "ana".into(), stop).await;
        let cause = Cause::Aborted { by: "ana".into() };
        let verdict = finished.expect("nothing fails").verdict;
        assert_eq!(verdict, Verdict::Reverted { cause }, "left after {after}");
        assert_eq!(harbour.serves(), Some(old().id), "left after {after}");
    }
}

#[tokio::test(start_paused = true)]
async fn many_interruptions_are_one() {
    let harbour = Harbour::new();
    let plan = harbour.plan(blue_green(vec![])).await;
    let (interrupter, stop) = interruptions();
    for _ in 0..100 {
        interrupter.interrupt(Interruption::Interrupt);
    }
    let finished = harbour.driver().drive(run(), plan, stop).await.expect("nothing fails");
    assert_eq!(finished.verdict, Verdict::Interrupted);
}
