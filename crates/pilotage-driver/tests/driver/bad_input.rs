//! Journals and plans that cannot be gone on with.

use std::sync::Arc;

use pilotage_artifact::Digest;
use pilotage_driver::drive::{DriverError, Hint, Interruptions};
use pilotage_driver::journal::{Decoded, JournalError, decode, encode};
use pilotage_rollout::journal::{Entry, Record, ReplayError, RunId};
use pilotage_rollout::plan::Plan;
use pilotage_rollout::{Event, ExitCode, Span, Verdict};

use crate::harbour::{DAWN, Harbour, blue_green, new, old, run};

/// A run that was interrupted in the middle.
async fn left() -> Harbour {
    let harbour = Harbour::new();
    let plan = harbour.plan(blue_green(vec![])).await;
    harbour.death.strike_at(60);
    let driver = harbour.driver();
    tokio::select! {
        biased;
        finished = driver.drive(run(), plan, Interruptions::none()) => panic!("{finished:?}"),
        () = harbour.death.strikes() => {}
    }
    harbour.death.spare();
    harbour.lease.expire();
    harbour
}

async fn refused(harbour: &Harbour) -> DriverError {
    let (bytes, applied) = (harbour.bytes().await, harbour.target.world(|w| w.applied.clone()));
    let error = harbour.resume().await.expect_err("nobody can go on with it");
    assert_eq!(harbour.bytes().await, bytes, "it was changed");
    assert_eq!(harbour.target.world(|world| world.applied.clone()), applied, "it was gone on with");
    assert_eq!(harbour.lease.owner(), None, "the lease was kept");
    error
}

#[tokio::test(start_paused = true)]
async fn a_journal_that_does_not_exist() {
    let harbour = Harbour::new();
    let stop = Interruptions::none();
    let error = harbour.driver().resume(RunId("nowhere".into()), stop).await;
    let error = error.expect_err("there is none");
    assert!(matches!(error, DriverError::Load { .. }), "{error}");
    assert_eq!((error.exit_code(), error.hints()), (ExitCode::Usage, vec![Hint::History]));
}

#[tokio::test(start_paused = true)]
async fn a_corrupted_journal() {
    let harbour = left().await;
    let mut bytes = harbour.bytes().await;
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    harbour.journals.put(&run(), bytes);
    let error = refused(&harbour).await;
    let corrupted = |source: &_| matches!(source, JournalError::Corrupted { .. });
    assert!(matches!(&error, DriverError::Journal { source, .. } if corrupted(source)), "{error}");
    assert_eq!(error.exit_code(), ExitCode::Refused);
    assert_eq!(error.hints(), [Hint::RestoreJournal { run: run() }]);
}

#[tokio::test(start_paused = true)]
async fn a_forked_journal() {
    let harbour = left().await;
    let mut bytes = harbour.bytes().await;
    let last = bytes[..bytes.len() - 1].iter().rposition(|byte| *byte == b'\n').expect("a line");
    let Decoded { head, .. } = decode(&bytes[..=last]).expect("it is sound");
    let at = harbour.journals.records(&run()).pop().expect("there is one").at;
    let other = Record { at, entry: Entry::Happened(Event::Interrupted) };
    bytes.extend(encode(&head, &other).expect("it makes a line").bytes);
    harbour.journals.put(&run(), bytes);
    let error = refused(&harbour).await;
    let forked = |source: &_| matches!(source, JournalError::Forked { .. });
    assert!(matches!(&error, DriverError::Journal { source, .. } if forked(source)), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_journal_whose_chain_is_sound_and_whose_story_is_not() {
    let harbour = left().await;
    let mut bytes = harbour.bytes().await;
    let Decoded { head, .. } = decode(&bytes).expect("it is sound");
    let invented =
        Record { at: DAWN + Span::from_mins(99), entry: Entry::Happened(Event::Probed(Ok(()))) };
    bytes.extend(encode(&head, &invented).expect("it makes a line").bytes);
    harbour.journals.put(&run(), bytes);
    let error = refused(&harbour).await;
    let illegal = |source: &_| matches!(source, ReplayError::Illegal { .. });
    assert!(matches!(&error, DriverError::Replay { source, .. } if illegal(source)), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_journal_of_a_newer_version() {
    let harbour = left().await;
    let bytes = harbour.bytes().await;
    let text = String::from_utf8(bytes).expect("it is text");
    let first = text.lines().next().expect("there is one");
    let (body, _) = first.rsplit_once(r#","hash":""#).expect("it is sealed");
    let body = body.replacen(r#""schema":1,"by":"0.1.0""#, r#""schema":2,"by":"7.0.0""#, 1);
    let hash = Digest::of(body.as_bytes());
    let newer = format!("{body},\"hash\":\"{hash}\"}}\n");
    harbour.journals.put(&run(), newer.into_bytes());
    let error = refused(&harbour).await;
    let newer = |source: &_| matches!(source, JournalError::Newer { found: 2, .. });
    assert!(matches!(&error, DriverError::Journal { source, .. } if newer(source)), "{error}");
    assert_eq!(error.hints(), [Hint::UseVersion { version: "7.0.0".into() }]);
}

#[tokio::test(start_paused = true)]
async fn a_journal_without_a_whole_line() {
    let harbour = left().await;
    let bytes = harbour.bytes().await;
    harbour.journals.put(&run(), bytes[..40].to_vec());
    let error = refused(&harbour).await;
    let empty = |source: &_| matches!(source, JournalError::Empty { torn: 40 });
    assert!(matches!(&error, DriverError::Journal { source, .. } if empty(source)), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_journal_cut_at_every_line_and_in_between_is_resumed_to_an_end() {
    let whole = left().await.bytes().await;
    let ends = whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    for end in ends {
        for torn in [0, 1, 30] {
            let harbour = Harbour::new();
            let cut = (end + torn).min(whole.len());
            harbour.journals.put(&run(), whole[..cut].to_vec());
            let finished = harbour.resume().await.expect("it can be gone on with");
            let warned =
                finished.warnings.iter().any(|warning| format!("{warning:?}").contains("TornTail"));
            assert_eq!(warned, cut > end, "cut at {cut}");
            assert_eq!(harbour.serves(), Some(new().id), "cut at {cut}: {:?}", finished.verdict);
            decode(&harbour.bytes().await).expect("what was torn is gone");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_expired() {
    let harbour = Harbour::new();
    let plan = harbour.plan(blue_green(vec![])).await;
    harbour.clock_reaches(Span::from_mins(31)).await;
    let finished = harbour.driver().drive(run(), plan, Interruptions::none()).await;
    let verdict = finished.expect("nothing fails").verdict;
    let Verdict::Refused { reason } = &verdict else { panic!("{verdict:?}") };
    assert!(reason.contains("the plan expired"), "{reason}");
    assert_eq!(harbour.serves(), Some(old().id));
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_was_made_from_another_state() {
    let harbour = Harbour::new();
    let plan = harbour.plan(blue_green(vec![])).await;
    harbour.deploy(blue_green(vec![])).await.expect("nothing fails");
    let id = RunId("run-2".into());
    let mut crew = harbour.crew();
    crew.watcher = Arc::new(pilotage_driver::role::Unwatched);
    let finished = crate::harbour::driver(crew).drive(id, plan, Interruptions::none()).await;
    let verdict = finished.expect("nothing fails").verdict;
    let Verdict::Refused { reason } = &verdict else { panic!("{verdict:?}") };
    assert!(reason.contains("no longer in the state"), "{reason}");
    assert_eq!(harbour.serves(), Some(new().id));
}

#[tokio::test(start_paused = true)]
async fn a_plan_of_a_newer_version() {
    let harbour = Harbour::new();
    let mut plan = Plan::clone(&*harbour.plan(blue_green(vec![])).await);
    plan.schema += 1;
    let error = harbour.driver().drive(run(), Arc::new(plan), Interruptions::none()).await;
    let error = error.expect_err("it may mean something else");
    assert!(matches!(error, DriverError::NewerPlan { found: 2, known: 1 }), "{error}");
    assert_eq!(error.exit_code(), ExitCode::Refused);
    assert!(harbour.bytes().await.is_empty());
}
