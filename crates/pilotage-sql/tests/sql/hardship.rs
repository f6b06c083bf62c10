//! What happens to workers: they die, they are two, their connection is cut at its worst moment.

use core::time::Duration;

use pilotage_migration::saga::database::{Database as _, Leapt, Lock, Trouble};
use pilotage_migration::saga::error::Failed;
use pilotage_migration::saga::script::{Leap, Patience, Script, Sql};
use pilotage_migration::saga::sign::{Name, Object, Sign, Trace};

use pilotage_rollout::Fence;

use crate::broken::{Cut, cut_at};
use crate::crew::{apply, lines, script};
use crate::migrated::{apart, row};
use crate::raw::{self, Engine, Own};

const SCRIPTS: usize = 6;

/// Migrations of each kind that take a moment.
fn scripts(engine: Engine) -> Vec<Script> {
    let pause = match engine {
        Engine::Postgres => "select pg_sleep(0.01)",
        Engine::MariaDb => "select sleep(0.01)",
    };
    let pause = || Sql::new(pause, Patience::ENDLESS);
    let script = |number: usize| {
        let together = vec![row(&format!("r{number}")), pause(), row(&format!("s{number}"))];
        let leaps = vec![
            Leap::Together(together),
            Leap::Alone(apart(engine, &format!("t{number}"))),
            Leap::Together(vec![row(&format!("u{number}"))]),
        ];
        script(&format!("{number}.sql"), leaps)
    };
    (0..SCRIPTS).map(script).collect()
}

async fn all_is_applied_once(own: &Own) {
    for number in 0..SCRIPTS {
        for letter in ["r", "s", "t", "u"] {
            let name = format!("{letter}{number}");
            assert_eq!(own.count(&name).await, 1, "{name} in {:?}", own.engine);
        }
    }
    assert_eq!(lines(own).await, (SCRIPTS, SCRIPTS));
}

#[tokio::test]
async fn of_two_workers_each_with_a_lease_one_applies_and_the_other_finds_it_done() {
    for own in raw::each().await {
        let (scripts, database) = (scripts(own.engine), own.database());
        let one = apply(&own, &database, "one", &scripts);
        let other = apply(&own, &database, "other", &scripts);
        let (one, other) = tokio::join!(one, other);
        let leaps = (one.expect("nothing fails"), other.expect("nothing fails"));
        assert!(leaps == (18, 0) || leaps == (0, 18), "{leaps:?}");
        all_is_applied_once(&own).await;
    }
}

/// Ends sessions in the middle of whatever they do, again and again, until the work is done.
#[tokio::test]
async fn a_worker_whose_session_is_ended_at_any_moment_is_gone_on_from() {
    for own in raw::each().await {
        let (scripts, database) = (scripts(own.engine), own.database());
        let mut deaths = 0;
        // Each life is a little longer than the one before, so that the last one is long enough.
        for life in 1.. {
            let worker = apply(&own, &database, "mortal", &scripts);
            let ended = tokio::select! {
                ended = worker => ended,
                () = own.end_workers(Duration::from_millis(life * 4)) => continue,
            };
            match ended {
                Ok(_) => break,
                Err(Failed::Database(Trouble::Away { .. })) => deaths += 1,
                Err(other) => panic!("{other}"),
            }
        }
        assert!(deaths > 2, "only {deaths} workers died");
        all_is_applied_once(&own).await;
    }
}

#[tokio::test]
async fn a_connection_that_is_cut_at_a_commit_leaves_the_answer_to_the_ledger() {
    for own in raw::each().await {
        for (number, moment) in (0..).zip([Cut::BeforeItArrives, Cut::BeforeTheAnswer]) {
            let name = format!("c{number}");
            let scripts = [script(&name, vec![Leap::Together(vec![row(&name)])])];
            // The first is where the fence is claimed or a line is written, on some servers.
            let through = cut_at(&own.url, "commit", moment).await;
            let database = through.parse().expect("an address");
            let error = apply(&own, &database, "cut", &scripts).await.expect_err("it is cut");
            let is_away = matches!(error, Failed::Database(Trouble::Away { .. }));
            assert!(is_away, "{moment:?}: {error}");
            let expected = usize::from(moment == Cut::BeforeTheAnswer);
            assert_eq!(own.count(&name).await, expected, "{moment:?} in {:?}", own.engine);
            let leaps = apply(&own, &own.database(), "cut", &scripts).await;
            let leaps = leaps.expect("nothing stands in the way");
            assert_eq!(usize::try_from(leaps).expect("few"), 1 - expected);
            assert_eq!(own.count(&name).await, 1, "{moment:?} in {:?}", own.engine);
        }
    }
}

#[tokio::test]
async fn a_statement_by_itself_that_goes_on_after_its_worker_is_found_to_be_applied() {
    for own in raw::each().await {
        let scripts = [script("1.sql", vec![Leap::Alone(apart(own.engine, "late"))])];
        let statement = &apart(own.engine, "late").text;
        let through = cut_at(&own.url, statement, Cut::BeforeTheAnswer).await;
        let database = through.parse().expect("an address");
        let error = apply(&own, &database, "late", &scripts).await.expect_err("it is cut");
        assert!(matches!(error, Failed::Database(Trouble::Away { .. })), "{error}");
        let leaps = apply(&own, &own.database(), "late", &scripts).await;
        assert_eq!(leaps.expect("it is found"), 0, "nothing is left to do");
        assert_eq!((own.count("late").await, lines(&own).await), (1, (1, 1)));
    }
}

fn unique_index() -> Sql {
    let named = |name: &str| Name { schema: None, name: name.into() };
    let of = Object::Index { table: Some(named("harbour")), index: named("one_each") };
    let text = "create unique index concurrently one_each on harbour (name)";
    Sql { sign: Sign::Seen(vec![Trace::present(of)]), ..Sql::new(text, Patience::ENDLESS) }
}

const INVALID: &str = "select count(*) from pg_index where not indisvalid";

#[tokio::test]
async fn an_index_that_cannot_be_built_is_cleared_away() {
    let Some(own) = raw::own(Engine::Postgres).await else { return };
    own.query("insert into harbour values ('twice'), ('twice')").await;
    let scripts = [script("1.sql", vec![Leap::Alone(unique_index())])];
    let error = apply(&own, &own.database(), "index", &scripts).await.expect_err("it is not");
    assert!(error.to_string().contains("is duplicated"), "{error}");
    assert_eq!(own.number(INVALID).await, 0, "it is cleared away");
    own.query("delete from harbour").await;
    assert_eq!(apply(&own, &own.database(), "index", &scripts).await.expect("it is"), 1);
    assert_eq!((own.count("one_each").await, own.number(INVALID).await), (1, 0));
}

#[tokio::test]
async fn an_index_that_was_left_half_built_is_built_anew() {
    let Some(own) = raw::own(Engine::Postgres).await else { return };
    let scripts = [script("1.sql", vec![Leap::Alone(unique_index())])];
    let (guard, connection) =
        tokio_postgres::connect(&own.url, tokio_postgres::NoTls).await.expect("it is there");
    let carrier = tokio::spawn(connection);
    // Whoever writes and does not end keeps the index from being finished.
    guard.batch_execute("begin; insert into harbour values ('x')").await.expect("it can be");
    let database = own.database();
    let worker = apply(&own, &database, "half", &scripts);
    let death = async {
        let is_building = "select count(*) from pg_index where not indisvalid";
        while own.number(is_building).await == 0 {}
        own.query(
            "select pg_terminate_backend(pid) from pg_stat_activity \
             where query like 'create unique index%'",
        )
        .await;
    };
    let (ended, ()) = tokio::join!(worker, death);
    let error = ended.expect_err("it was ended");
    assert!(matches!(error, Failed::Database(Trouble::Away { .. })), "{error}");
    assert_eq!(own.number(INVALID).await, 1, "it is half built");
    guard.batch_execute("commit").await.expect("it can be");
    drop(guard);
    let _ = carrier.await;
    assert_eq!(apply(&own, &database, "half", &scripts).await.expect("it is"), 1);
    assert_eq!((own.count("one_each").await, own.number(INVALID).await), (1, 0));
}

#[tokio::test]
async fn a_statement_that_waits_for_a_lock_is_tried_again_until_it_gets_it() {
    for own in raw::each().await {
        let text = "alter table harbour add column i int";
        let patience = Patience {
            lock: Some(pilotage_rollout::Span::from_secs(1)),
            statement: None,
            tries: 60,
        };
        let sql = Sql::new(text, patience);
        let leap = match own.engine {
            Engine::Postgres => Leap::Together(vec![sql]),
            Engine::MariaDb => Leap::Alone(sql),
        };
        let scripts = [script("1.sql", vec![leap])];
        let occupant = own.occupy().await;
        let database = own.database();
        let worker = apply(&own, &database, "patient", &scripts);
        let mut worker = core::pin::pin!(worker);
        let kept = tokio::time::timeout(Duration::from_millis(2_500), &mut worker).await;
        assert!(kept.is_err(), "nobody keeps it waiting: {kept:?}");
        occupant.leave().await;
        assert_eq!(worker.await.expect("nothing stands in the way"), 1);
    }
}

#[tokio::test]
async fn a_worker_that_was_robbed_is_ended_in_the_middle_of_a_statement() {
    for own in raw::each().await {
        let (text, busy) = match own.engine {
            Engine::Postgres => (
                "select pg_sleep(600)",
                "from pg_stat_activity where query like 'select pg_sleep%'",
            ),
            Engine::MariaDb => (
                "select sleep(600)",
                "from information_schema.processlist where info like 'select sleep%'",
            ),
        };
        let database = own.database().migrated("robbed".parse().expect("a name"), "a test");
        let mut session = database.open(Fence(1)).await.expect("it can be opened");
        assert_eq!(session.try_lock().await.expect("it can be asked for"), Lock::Ours);
        session.claim().await.expect("no other fence is known");
        let endless = Sql::new(text, Patience::ENDLESS);
        let end = async {
            while own.number(&format!("select count(*) {busy}")).await == 0 {}
            database.cancel(Fence(1)).await.expect("it can be ended");
        };
        let (leapt, ()) = tokio::join!(session.alone(&endless), end);
        assert!(matches!(leapt, Leapt::Unknown { .. }), "{leapt:?}");
    }
}
