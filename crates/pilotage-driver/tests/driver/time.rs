//! Clocks that jump.

use std::sync::Arc;

use pilotage_driver::drive::{Interruption, Interruptions, Warning, interruptions};
use pilotage_driver::role::Clock;
use pilotage_judge::Reading;
use pilotage_rollout::gate::Gate;
use pilotage_rollout::{Cause, Moment, Span, Verdict};
use pilotage_testkit::fake::{FakeMetrics, Seen};

use crate::harbour::{DAWN, Harbour, canary, driver, new, run};

#[tokio::test(start_paused = true)]
async fn a_wall_clock_behind_the_journal_is_told_and_not_followed() {
    let harbour = Harbour::new();
    let plan = harbour.plan(canary(vec![Gate::Soak(Span::from_mins(10))])).await;
    let (interrupter, stop) = interruptions();
    let driver = harbour.driver();
    let teller = async {
        harbour.clock_reaches(Span::from_mins(3)).await;
        interrupter.interrupt(Interruption::Interrupt);
    };
    let (left, ()) = tokio::join!(driver.drive(run(), plan, stop), teller);
    assert_eq!(left.expect("nothing fails").verdict, Verdict::Interrupted);
    let last = harbour.journals.records(&run()).pop().expect("there is one").at;

    harbour.clock.set(Moment::from_millis(last.as_millis() - 3_600_000));
    let finished = harbour.resume().await.expect("nothing fails");
    assert_eq!(finished.verdict, Verdict::Deployed { release: new().id });
    let warning = Warning::ClockBehind { by: Span::from_mins(60) };
    assert_eq!(finished.warnings, std::slice::from_ref(&warning));
    assert!(harbour.watcher.seen().contains(&Seen::Warned(warning)));
    let times: Vec<_> = harbour.journals.records(&run()).iter().map(|record| record.at).collect();
    assert!(times.is_sorted(), "the run's clock ran backwards");
}

#[tokio::test(start_paused = true)]
async fn a_wall_clock_that_jumps_within_a_run_changes_nothing() {
    for hours in [-1_i64, 24] {
        let harbour = Harbour::new();
        let plan = harbour.plan(canary(vec![Gate::Soak(Span::from_mins(10))])).await;
        let driver = harbour.driver();
        let jump = async {
            harbour.clock_reaches(Span::from_mins(3)).await;
            let now = harbour.clock.now().as_millis();
            harbour.clock.set(Moment::from_millis(now.saturating_add_signed(hours * 3_600_000)));
        };
        let (finished, ()) = tokio::join!(driver.drive(run(), plan, Interruptions::none()), jump);
        let verdict = finished.expect("nothing fails").verdict;
        assert_eq!(verdict, Verdict::Deployed { release: new().id });
        let last = harbour.journals.records(&run()).pop().expect("there is one").at;
        assert_eq!(last, DAWN + harbour.clock.elapsed(), "the run's clock jumped as well");
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_that_was_left_for_a_month_goes_on_at_todays_time() {
    let harbour = Harbour::new();
    let plan = harbour.plan(canary(vec![])).await;
    let (interrupter, stop) = interruptions();
    interrupter.interrupt(Interruption::Interrupt);
    harbour.driver().drive(run(), plan, stop).await.expect("nothing fails");
    let month = Span::from_mins(30 * 24 * 60);
    harbour.clock.set(DAWN + month);
    let finished = harbour.resume().await.expect("nothing fails");
    let Verdict::Refused { reason } = &finished.verdict else { panic!("{:?}", finished.verdict) };
    assert!(reason.contains("the plan expired"), "{reason}");
}

fn judge() -> Gate {
    let json = r#"{
        "panel": {"rules": [{"metric": "errors", "method": {"kind": "threshold", "max": 0.5}}]},
        "interval": 30000, "horizon": 300000, "inconclusive": "revert"
    }"#;
    Gate::Judge(serde_json::from_str(json).expect("it is a judge"))
}

fn healthy() -> Reading {
    Reading::Gauge { stable: 0.1, candidate: 0.1 }
}

#[tokio::test(start_paused = true)]
async fn metrics_are_asked_for_by_the_wall_clock() {
    for behind in [Span::ZERO, Span::from_mins(60)] {
        let harbour = Harbour::new();
        let plan = harbour.plan(canary(vec![judge()])).await;
        let metrics = Arc::new(FakeMetrics::showing(healthy()));
        let mut crew = harbour.crew();
        crew.metrics = metrics.clone();
        let jump = async {
            harbour.clock_reaches(Span::from_secs(5)).await;
            let wall = DAWN.as_millis() + 5_000 - behind.as_millis();
            harbour.clock.set(Moment::from_millis(wall));
        };
        let driver = driver(crew);
        let (finished, ()) = tokio::join!(driver.drive(run(), plan, Interruptions::none()), jump);
        let verdict = finished.expect("nothing fails").verdict;
        assert_eq!(verdict, Verdict::Deployed { release: new().id });
        let asked = harbour.asked();
        assert!(!asked.is_empty(), "the judge never looked");
        let shifted = asked.into_iter().map(|(from, to)| (back(from, behind), back(to, behind)));
        assert_eq!(metrics.windows(), shifted.collect::<Vec<_>>());
    }
}

const fn back(at: Moment, by: Span) -> Moment {
    Moment::from_millis(at.as_millis() - by.as_millis())
}

#[tokio::test(start_paused = true)]
async fn readings_that_do_not_fit_are_no_readings() {
    let harbour = Harbour::new();
    let plan = harbour.plan(canary(vec![judge()])).await;
    let mut crew = harbour.crew();
    crew.metrics = Arc::new(FakeMetrics::unfit(healthy(), 1));
    let finished = driver(crew).drive(run(), plan, Interruptions::none()).await;
    let finished = finished.expect("the metrics cannot stop a run");
    let Verdict::Reverted { cause: Cause::Inconclusive { .. } } = finished.verdict else {
        panic!("{:?}", finished.verdict)
    };
    let odd = |warning: &Warning| matches!(warning, Warning::UnfitReadings { .. });
    assert!(finished.warnings.iter().any(odd), "{:?}", finished.warnings);
}
