//! A program that keeps its own history, and what is kept for it.

use pilotage_migration::saga::error::Failed;
use pilotage_migration::saga::escort::{Escort, escort};
use pilotage_migration::saga::program::End;
use pilotage_rollout::{ExitCode, Fence};

use crate::harbour::Harbour;

async fn escorted(harbour: &Harbour) -> Result<(), Failed> {
    let mut held = harbour.take().await;
    let job = Escort {
        program: harbour.program.as_ref(),
        database: Some(harbour.database.as_ref()),
        clock: harbour.clock.as_ref(),
        waiting: harbour.waiting,
    };
    let ended = escort(job, &mut held, &mut |_| ()).await;
    held.release("done").await.unwrap();
    ended
}

#[tokio::test(start_paused = true)]
async fn it_runs_each_time_under_a_later_fence() {
    let harbour = Harbour::new();
    escorted(&harbour).await.unwrap();
    escorted(&harbour).await.unwrap();
    let started = harbour.program.started();
    assert!(matches!(started[..], [Fence(first), Fence(second)] if first < second), "{started:?}");
}

#[tokio::test(start_paused = true)]
async fn it_does_not_begin_while_another_session_has_the_lock() {
    let harbour = Harbour::new();
    let occupant = harbour.database.occupied();
    let failed = escorted(&harbour).await.unwrap_err();
    assert!(matches!(failed, Failed::Locked { .. }) && failed.code() == ExitCode::Busy, "{failed}");
    assert_eq!(harbour.program.started(), []);
    drop(occupant);
    escorted(&harbour).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn its_end_is_told_with_its_last_words() {
    let harbour = Harbour::new();
    for (how, words) in [
        (End::Exited(3), "`migrate all` exited with code 3: no such table"),
        (End::OutOfMemory { code: None }, "killed by signal 9: it needed more memory"),
        (End::OutOfMemory { code: Some(137) }, "code 137 after a part of it was killed"),
        (End::Signalled(9), "not for want of memory"),
        (End::Killed, "here the kernel does not tell"),
        (End::Stopped, "was stopped on request"),
    ] {
        harbour.program.ends(how, "no such table\n");
        let failed = escorted(&harbour).await.unwrap_err();
        assert!(failed.to_string().contains(words), "{failed}");
        assert_eq!(failed.code(), ExitCode::Reverted);
    }
}
