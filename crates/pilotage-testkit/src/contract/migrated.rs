//! What a database that is migrated promises.

use async_trait::async_trait;
use pilotage_artifact::Digest;
use pilotage_migration::saga::database::{Database, Found, Leapt, Lock, Session, Trouble};
use pilotage_migration::saga::ledger::{Entry, State};
use pilotage_migration::saga::script::{Leap, Script, ScriptName, Sql};
use pilotage_rollout::Fence;

/// A database that is migrated, and a way to look into it behind its back.
#[async_trait]
pub trait MigratedBench: Send + Sync {
    /// The database: empty at first, and the same one whenever it is asked for.
    fn database(&self) -> &dyn Database;

    /// A statement that can be taken back, and that leaves something of this name.
    fn row(&self, name: &str) -> Sql;

    /// A statement that runs by itself, and that leaves something of this name.
    fn table(&self, name: &str) -> Sql;

    /// A statement that the server cannot read, and what it says of it.
    fn broken(&self) -> (Sql, &'static str);

    /// How often the statement of this name is applied.
    async fn count(&self, name: &str) -> usize;
}

/// Checks a database of which nobody else knows.
pub async fn migrated(bench: &dyn MigratedBench) {
    assert!(!bench.database().place().is_empty(), "a database says where it is");
    one_session_has_the_lock(bench).await;
    the_ledger_is_read_as_it_was_written(bench).await;
    a_transaction_is_done_wholly_or_not_at_all(bench).await;
    a_statement_by_itself_is_found_out_about(bench).await;
    an_older_fence_writes_nothing(bench).await;
    a_worker_that_was_robbed_is_ended(bench).await;
}

async fn open(bench: &dyn MigratedBench, fence: u64) -> Box<dyn Session> {
    bench.database().open(Fence(fence)).await.expect("it can be opened")
}

async fn lock(session: &mut dyn Session) {
    loop {
        // The server notices the end of a session a little later.
        match session.try_lock().await.expect("it can be asked for") {
            Lock::Ours => return,
            Lock::Others { who } => assert!(!who.is_empty(), "it says whose it is"),
        }
        tokio::task::yield_now().await;
    }
}

async fn ready(bench: &dyn MigratedBench, fence: u64) -> Box<dyn Session> {
    let mut session = open(bench, fence).await;
    lock(&mut *session).await;
    session.claim().await.expect("no later fence is known");
    session
}

fn entry(name: &str, fence: u64) -> Entry {
    let (name, checksum) = (ScriptName(name.into()), Digest::of(name.as_bytes()));
    let script = Script { name, checksum, leaps: vec![Leap::Program, Leap::Program] };
    Entry::blank(&script, Fence(fence))
}

async fn one_session_has_the_lock(bench: &dyn MigratedBench) {
    let (mut one, mut other) = (open(bench, 1).await, open(bench, 1).await);
    assert_eq!(one.try_lock().await.expect("it can be asked for"), Lock::Ours);
    let busy = other.try_lock().await.expect("it can be asked for");
    assert!(matches!(&busy, Lock::Others { who } if !who.is_empty()), "two have it: {busy:?}");
    one.close().await.expect("it had the lock");
    lock(&mut *other).await;
    drop(other);
    let mut third = open(bench, 1).await;
    lock(&mut *third).await;
    third.close().await.expect("a session that was dropped has given its lock back");
}

async fn the_ledger_is_read_as_it_was_written(bench: &dyn MigratedBench) {
    let mut session = ready(bench, 2).await;
    assert_eq!(session.ledger().await.expect("it can be read"), [], "it is empty at first");
    let hostile = "it's \\'; drop table x; -- \u{0} \u{1f6a2} \"\n\u{2028} ".repeat(200);
    let first = entry("1 'a'; --.sql", 2);
    let mut second = entry("2_\u{1f6a2}.sql", 2).leapt().with(State::Leaping);
    for line in [&first, &second] {
        session.note(line).await.expect("it can be written");
    }
    assert_eq!(session.ledger().await.expect("it can be read"), [first.clone(), second.clone()]);
    second = second.with(State::Failed { reason: hostile });
    session.note(&second).await.expect("it can be written over");
    session.close().await.expect("it had the lock");
    let mut next = ready(bench, 2).await;
    assert_eq!(next.ledger().await.expect("it can be read"), [first, second]);
    next.close().await.expect("it had the lock");
}

async fn line(session: &mut dyn Session, name: &str) -> Option<Entry> {
    let lines = session.ledger().await.expect("it can be read");
    lines.into_iter().find(|line| line.script.0 == name)
}

async fn a_transaction_is_done_wholly_or_not_at_all(bench: &dyn MigratedBench) {
    let mut session = ready(bench, 3).await;
    let begun = entry("together", 3);
    let (broken, words) = bench.broken();
    let leapt = session.together(&[bench.row("half"), broken], &begun.leapt()).await;
    let Leapt::Refused { reason } = leapt else { panic!("it is broken: {leapt:?}") };
    assert!(reason.contains(words), "`{reason}` does not say `{words}`");
    assert_eq!(bench.count("half").await, 0, "a part of it stayed");
    assert_eq!(line(&mut *session, "together").await, None, "and its line");
    let whole = [bench.row("one"), bench.row("two")];
    assert_eq!(session.together(&whole, &begun.leapt()).await, Leapt::Applied);
    assert_eq!((bench.count("one").await, bench.count("two").await), (1, 1));
    assert_eq!(line(&mut *session, "together").await, Some(begun.leapt()));
    session.close().await.expect("it had the lock");
}

async fn a_statement_by_itself_is_found_out_about(bench: &dyn MigratedBench) {
    let mut session = ready(bench, 4).await;
    let table = bench.table("apart");
    let before = session.find_out(&table).await.expect("it can be asked");
    assert_eq!(before, Found::Absent);
    assert_eq!(session.alone(&table).await, Leapt::Applied);
    assert_eq!(bench.count("apart").await, 1);
    let after = session.find_out(&table).await.expect("it can be asked");
    assert_eq!(after, Found::Applied);
    let (broken, words) = bench.broken();
    let leapt = session.alone(&broken).await;
    let Leapt::Refused { reason } = leapt else { panic!("it is broken: {leapt:?}") };
    assert!(reason.contains(words), "`{reason}` does not say `{words}`");
    let cleared = session.clear_away(&broken).await.expect("it can be asked");
    assert_eq!(cleared, Found::Absent, "a statement that was refused has left nothing");
    session.close().await.expect("it had the lock");
}

async fn an_older_fence_writes_nothing(bench: &dyn MigratedBench) {
    let mut session = open(bench, 4).await;
    lock(&mut *session).await;
    session.claim().await.expect("no later fence is known");
    session.close().await.expect("it had the lock");
    ready(bench, 6).await.close().await.expect("it had the lock");

    let mut late = open(bench, 5).await;
    lock(&mut *late).await;
    let newer = Fence(6);
    let refused = late.claim().await;
    assert!(matches!(refused, Err(Trouble::Fenced { newer: n, .. }) if n == newer), "{refused:?}");
    let begun = entry("late", 5);
    let refused = late.note(&begun).await;
    assert!(matches!(refused, Err(Trouble::Fenced { newer: n, .. }) if n == newer), "{refused:?}");
    let refused = late.together(&[bench.row("late")], &begun).await;
    assert_eq!(refused, Leapt::Fenced { newer });
    assert_eq!(late.alone(&bench.table("late")).await, Leapt::Fenced { newer });
    assert_eq!(bench.count("late").await, 0);
    assert_eq!(line(&mut *late, "late").await, None);
    late.close().await.expect("it had the lock");
}

/// An older worker is ended, and a later one is let alone.
async fn a_worker_that_was_robbed_is_ended(bench: &dyn MigratedBench) {
    let mut robbed = ready(bench, 7).await;
    bench.database().cancel(Fence(6)).await.expect("it can be ended");
    let begun = entry("robbed", 7);
    robbed.note(&begun).await.expect("it is of a later fence");
    bench.database().cancel(Fence(7)).await.expect("it can be ended");
    let ended = robbed.note(&begun.leapt()).await.expect_err("it was ended");
    assert!(matches!(ended, Trouble::Away { .. }), "{ended}");
    let mut next = ready(bench, 8).await;
    assert_eq!(line(&mut *next, "robbed").await, Some(begun));
    next.close().await.expect("it had the lock");
}
