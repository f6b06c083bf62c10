//! A target and a journal store that misbehave.

use pilotage_driver::drive::{DriverError, Hint, Interruptions};
use pilotage_rollout::journal::Entry;
use pilotage_rollout::target::{Action, Outcome, ReadFailure};
use pilotage_rollout::{Event, ExitCode, Span, Verdict};
use pilotage_testkit::fake::{ApplyFault, StoreFault};

use crate::harbour::{Harbour, blue_green, new, old, run};

#[tokio::test(start_paused = true)]
async fn whatever_becomes_of_any_one_order_the_end_is_the_same() {
    let faults = [
        ApplyFault::UnknownApplied,
        ApplyFault::UnknownNotApplied,
        ApplyFault::Throttled,
        ApplyFault::Slow(Span::from_secs(300)),
        ApplyFault::LateAnswer(Span::from_secs(300)),
    ];
    for fault in faults {
        for order in 0..5 {
            let harbour = Harbour::new();
            harbour.target.fault_after(order, fault);
            let finished = harbour.deploy(blue_green(vec![])).await.expect("nothing fails");
            let verdict = Verdict::Deployed { release: new().id };
            assert_eq!(finished.verdict, verdict, "{fault:?} at order {order}");
            assert_eq!(harbour.serves(), Some(new().id), "{fault:?} at order {order}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_without_an_answer_is_unknown_after_its_deadline() {
    let harbour = Harbour::new();
    harbour.target.fault_after(0, ApplyFault::Slow(Span::from_mins(10)));
    harbour.deploy(blue_green(vec![])).await.expect("nothing fails");
    let reason = "no answer within 30s".into();
    assert_eq!(harbour.events().first(), Some(&Event::Acted(Outcome::Unknown { reason })));
}

#[tokio::test(start_paused = true)]
async fn reads_may_fail_for_a_while_but_not_for_ever() {
    let failure = ReadFailure::Unavailable { reason: "503".into(), retry_after: None };
    let harbour = Harbour::new();
    let plan = harbour.plan(blue_green(vec![])).await;
    harbour.target.fail_reads(10, &failure);
    let stop = Interruptions::none();
    let finished = harbour.driver().drive(run(), plan, stop).await.expect("nothing fails");
    assert_eq!(finished.verdict, Verdict::Deployed { release: new().id });

    let harbour = Harbour::new();
    let plan = harbour.plan(blue_green(vec![])).await;
    harbour.target.fail_reads(1_000, &failure);
    let stop = Interruptions::none();
    let finished = harbour.driver().drive(run(), plan, stop).await.expect("nothing fails");
    assert_eq!(finished.verdict, Verdict::Unknown { reason: "503".into() });
}

/// The error of a deploy whose journal store fails like this after so many lines.
async fn fail_store(harbour: &Harbour, lines: u32, fault: StoreFault) -> DriverError {
    harbour.journals.fault_after(lines, fault);
    harbour.deploy(blue_green(vec![])).await.expect_err("the journal cannot be written")
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_before_an_intent_means_that_nothing_is_done() {
    for lines in [0, 1] {
        let harbour = Harbour::new();
        let error = fail_store(&harbour, lines, StoreFault::Full).await;
        let DriverError::Unrecorded { record, .. } = &error else { panic!("{error}") };
        assert!(!matches!(record.entry, Entry::Happened(_)), "{record:?}");
        assert!(harbour.target.world(|world| world.applied.is_empty()));
        assert_eq!(error.exit_code(), ExitCode::Interrupted);
        let room = Hint::FreeSpace { place: "memory".into() };
        assert_eq!(error.hints(), [room, Hint::Resume { run: run() }]);
        assert_eq!(harbour.lease.owner(), None, "the lease was given up");
    }
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_after_an_order_names_exactly_what_is_not_recorded() {
    let harbour = Harbour::new();
    let error = fail_store(&harbour, 2, StoreFault::Full).await;
    let DriverError::Unrecorded { record, .. } = &error else { panic!("{error}") };
    assert_eq!(record.entry, Entry::Happened(Event::Acted(Outcome::Applied)));
    assert_eq!(harbour.target.world(|world| world.applied.clone()), [Action::Claim]);
    assert_eq!(error.exit_code(), ExitCode::Unknown);
    let text = error.to_string();
    assert!(text.contains("its outcome is not: Applied"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn whatever_becomes_of_any_one_line_the_run_can_be_resumed() {
    let faults = [
        StoreFault::Full,
        StoreFault::Away,
        StoreFault::Torn,
        StoreFault::WrittenUnheard,
        StoreFault::Silent,
    ];
    let undisturbed = Harbour::new();
    let lines = undisturbed.deploy(blue_green(vec![])).await.expect("nothing fails").written;
    for fault in faults {
        for line in 1..u32::try_from(lines).expect("there are few") {
            let harbour = Harbour::new();
            let error = fail_store(&harbour, line, fault).await;
            assert!(matches!(error, DriverError::Unrecorded { .. }), "{error}");
            let finished = harbour.resume().await.expect("nothing fails any more");
            let serves = match finished.verdict {
                Verdict::Deployed { .. } => new().id,
                Verdict::Reverted { .. } => old().id,
                other => panic!("{fault:?} at line {line}: {other:?}"),
            };
            assert_eq!(harbour.serves(), Some(serves), "{fault:?} at line {line}");
        }
    }
}
