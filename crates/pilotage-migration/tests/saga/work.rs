//! The worker.

use pilotage_migration::saga::database::Trouble;
use pilotage_migration::saga::error::Failed;
use pilotage_migration::saga::ledger::State;
use pilotage_migration::saga::program::End;
use pilotage_migration::saga::script::Leap;
use pilotage_migration::saga::told::Told;
use pilotage_rollout::{Fence, Span};

use crate::harbour::{ALL, Harbour, script, scripts, sql};

#[tokio::test(start_paused = true)]
async fn everything_is_applied_once_and_in_order() {
    let mut harbour = Harbour::new();
    assert_eq!(harbour.apply(&scripts()).await.unwrap(), 6);
    assert_eq!(harbour.database.world(|world| world.applied.clone()), ALL);
    assert_eq!(harbour.apply(&scripts()).await.unwrap(), 0, "nothing is left to do");
    assert_eq!(harbour.program.started().len(), 1);
    let more = [scripts(), vec![script("6", vec![Leap::Alone(sql("index d"))])]].concat();
    assert_eq!(harbour.apply(&more).await.unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_statement_that_is_kept_waiting_is_tried_again_and_not_for_ever() {
    let mut harbour = Harbour::new();
    harbour.database.world(|world| world.locked = 2);
    harbour.apply(&scripts()).await.unwrap();
    assert!(harbour.told.iter().any(|told| matches!(told, Told::Again { .. })));

    let mut harbour = Harbour::new();
    harbour.database.world(|world| world.locked = 3);
    let failed = harbour.apply(&scripts()).await.unwrap_err();
    assert!(matches!(failed, Failed::Leap { leap: 1, of: 1, .. }), "{failed}");
    assert_eq!(harbour.apply(&scripts()).await.unwrap(), 6, "nothing stands in the way any more");
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_is_written_down_and_goes_on_from_there_once_it_is_mended() {
    for (refused, leaps_before) in [("create b", 0), ("index a", 1), ("fill a", 2), ("index c", 5)]
    {
        let mut harbour = Harbour::new();
        harbour.database.world(|world| world.refused.insert(refused.into()));
        let failed = harbour.apply(&scripts()).await.unwrap_err();
        assert!(failed.to_string().contains("syntax error"), "{failed}");
        let is_kept = |world: &mut pilotage_testkit::fake::MigratedWorld| {
            world.ledger.values().any(|entry| matches!(entry.state, State::Failed { .. }))
        };
        assert!(harbour.database.world(is_kept), "the failure of `{refused}` is written down");
        harbour.database.world(|world| world.refused.clear());
        assert_eq!(harbour.apply(&scripts()).await.unwrap(), 6 - leaps_before, "{refused}");
        assert_eq!(harbour.database.world(|world| world.applied.clone()), ALL);
    }
}

#[tokio::test(start_paused = true)]
async fn a_program_that_fails_is_told_with_its_last_words_and_can_be_run_again() {
    for (how, words) in [
        (End::Exited(3), "exited with code 3: no such table"),
        (End::Signalled(9), "killed by signal 9"),
        (End::NotStarted, "could not be started"),
    ] {
        let mut harbour = Harbour::new();
        harbour.program.ends(how, "no such table\n");
        let failed = harbour.apply(&scripts()).await.unwrap_err().to_string();
        assert!(failed.contains(words), "{failed}");
        harbour.program.mend();
        assert_eq!(harbour.apply(&scripts()).await.unwrap(), 3);
        assert!(harbour.program.is_done());
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_that_has_the_lock_is_waited_for_but_not_for_ever() {
    let mut harbour = Harbour::new();
    let occupant = harbour.database.occupied();
    let failed = harbour.apply(&scripts()).await.unwrap_err();
    assert!(matches!(failed, Failed::Locked { .. }), "{failed}");
    assert!(matches!(harbour.told.first(), Some(Told::Waiting { .. })));
    assert!(harbour.database.world(|world| world.applied.is_empty()));
    drop(occupant);
    harbour.apply(&scripts()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_older_fence_changes_nothing() {
    let mut harbour = Harbour::new();
    harbour.database.world(|world| world.fence = Fence(99));
    let failed = harbour.apply(&scripts()).await.unwrap_err();
    let newer = Fence(99);
    assert!(matches!(failed, Failed::Database(Trouble::Fenced { newer: n, .. }) if n == newer));
    assert!(harbour.database.world(|world| world.applied.is_empty() && world.ledger.is_empty()));
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_loses_the_lease_stops_and_has_the_database_stop() {
    let mut harbour = Harbour { waiting: Span::from_mins(5), ..Harbour::new() };
    let mut held = harbour.take().await;
    let fence = held.fence();
    let thief = harbour.take_over(held.ticket()).await;
    let occupant = harbour.database.occupied();
    let failed = harbour.work(&scripts(), &mut held).await.unwrap_err();
    drop(occupant);
    assert!(matches!(failed, Failed::LeaseLost { .. }), "{failed}");
    assert_eq!(harbour.database.world(|world| world.cancelled.clone()), [fence]);
    assert!(harbour.database.world(|world| world.applied.is_empty()));
    assert!(thief.fence() > fence && thief.left() > Span::ZERO);
}

#[tokio::test(start_paused = true)]
async fn what_nobody_can_tell_is_left_to_a_person() {
    let mut harbour = Harbour::new();
    harbour.apply(&scripts()[..1]).await.unwrap();
    harbour.database.world(|world| {
        world.is_blind = true;
        let mut line = world.ledger["1"].clone();
        (line.script.0, line.done, line.of, line.state) = ("2".into(), 0, 2, State::Leaping);
        line.checksum = scripts()[1].checksum;
        world.ledger.insert("2".into(), line);
    });
    let failed = harbour.apply(&scripts()).await.unwrap_err();
    assert!(matches!(failed, Failed::Doubtful { leap: 1, .. }), "{failed}");
    assert!(failed.to_string().contains("repair"), "{failed}");
}
