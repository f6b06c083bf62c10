//! Session locks in real databases.

use pilotage_clock::SystemClock;
use pilotage_lease::client::Waiting;
use pilotage_lease::{Fence, Span};
use pilotage_sql::{Database, SessionAcquisition, SessionError, SessionLock, SessionRequest};

use crate::servers::{WRITABLE, database, unique};

fn request(name: &str, fence: u64) -> SessionRequest {
    let name = name.parse().expect("a name");
    SessionRequest { name, fence: Fence(fence), who: "a test; it's 'quoted'".into() }
}

async fn asked(
    database: &Database,
    request: &SessionRequest,
    waiting: Waiting,
) -> Result<SessionAcquisition, SessionError> {
    database.lock_session(request, &SystemClock::new(), waiting, &mut |_| ()).await
}

async fn held(database: &Database, request: &SessionRequest) -> SessionLock {
    match asked(database, request, Waiting::NOT).await.expect("it can be locked") {
        SessionAcquisition::Held(lock) => lock,
        SessionAcquisition::Busy(holder) => panic!("nobody should have it, but {holder} does"),
    }
}

#[tokio::test]
async fn one_session_has_it_and_others_see_who() {
    for (system, variable) in WRITABLE {
        let Some(database) = database(system, variable) else { continue };
        let name = unique("session");
        let mut first = held(&database, &request(&name, 1)).await;
        let busy = asked(&database, &request(&name, 2), Waiting::NOT).await;
        let SessionAcquisition::Busy(holder) = busy.expect("it can be asked") else {
            panic!("two have it")
        };
        assert!(holder.contains(&first.server()), "{holder} is not {}", first.server());
        first.check().await.expect("it is still held");
        first.release().await.expect("it was held");
        let second = held(&database, &request(&name, 2)).await;
        assert_eq!(second.fence(), Fence(2));
        second.release().await.expect("it was held");
    }
}

#[tokio::test]
async fn whoever_waits_gets_it_when_it_is_given_back() {
    for (system, variable) in WRITABLE {
        let Some(database) = database(system, variable) else { continue };
        let name = unique("waiting");
        let first = held(&database, &request(&name, 1)).await;
        let waiting =
            Waiting { poll: Span::from_millis(20), ..Waiting::up_to(Span::from_secs(30)) };
        let (mut first, mut looks) = (Some(first), 0);
        let (send, mut seen) = tokio::sync::mpsc::unbounded_channel();
        let next = request(&name, 2);
        let clock = SystemClock::new();
        let mut told = |holder: &str| {
            send.send(holder.to_owned()).expect("somebody listens");
        };
        let wait = database.lock_session(&next, &clock, waiting, &mut told);
        let release = async {
            while seen.recv().await.is_some() {
                looks += 1;
                if let Some(first) = first.take() {
                    first.release().await.expect("it was held");
                    break;
                }
            }
        };
        let (got, ()) = tokio::join!(wait, release);
        assert!(matches!(got, Ok(SessionAcquisition::Held(_))), "{got:?}");
        assert_eq!(looks, 1);
    }
}

#[tokio::test]
async fn a_lower_fence_is_refused_by_the_database() {
    for (system, variable) in WRITABLE {
        let Some(database) = database(system, variable) else { continue };
        let name = unique("fenced");
        held(&database, &request(&name, 7)).await.release().await.expect("it was held");
        let refused = asked(&database, &request(&name, 6), Waiting::NOT).await;
        let error = refused.expect_err("somebody with a higher fence was there");
        let seen = matches!(error, SessionError::Fenced { seen: Fence(7), .. });
        assert!(seen, "{error}");
        held(&database, &request(&name, 7)).await.release().await.expect("it was held");
    }
}

#[tokio::test]
async fn a_pooler_that_shares_sessions_is_refused() {
    let Some(database) = database("pgbouncer", "PILOTAGE_TEST_PGBOUNCER") else { return };
    let refused = asked(&database, &request(&unique("pooled"), 1), Waiting::NOT).await;
    let error = refused.expect_err("a lock would belong to anybody");
    assert!(matches!(error, SessionError::Pooled { .. }), "{error}");
}

#[tokio::test]
async fn a_replica_is_refused() {
    let replicas = [
        ("postgres", "PILOTAGE_TEST_POSTGRES_STANDBY"),
        ("mariadb", "PILOTAGE_TEST_MARIADB_READ_ONLY"),
    ];
    for (system, variable) in replicas {
        let Some(replica) = database(system, variable) else { continue };
        let refused = asked(&replica, &request("replica", 1), Waiting::NOT).await;
        let error = refused.expect_err("a lock there means nothing");
        assert!(matches!(error, SessionError::Replica { .. }), "{error}");
    }
}
