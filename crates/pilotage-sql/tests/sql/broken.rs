//! A connection that is cut: the lock is lost, and whoever has it is told.

use pilotage_clock::SystemClock;
use pilotage_lease::client::Waiting;
use pilotage_lease::{Fence, Span};
use pilotage_sql::{Database, SessionAcquisition, SessionError, SessionRequest};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::servers::{WRITABLE, address, unique};

/// Passes bytes on to a port until it is told to cut everything.
async fn cuttable(port: u16) -> (u16, watch::Sender<bool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let own = listener.local_addr().expect("bound").port();
    let (cut, is_cut) = watch::channel(false);
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let mut is_cut = is_cut.clone();
            tokio::spawn(async move {
                let Ok(mut far) = TcpStream::connect(("127.0.0.1", port)).await else { return };
                tokio::select! {
                    _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                    _ = is_cut.wait_for(|cut| *cut) => {}
                }
            });
        }
    });
    (own, cut)
}

fn port(address: &str) -> u16 {
    let rest = address.rsplit_once("127.0.0.1:").expect("this machine").1;
    rest.split('/').next().expect("a port").parse().expect("a port")
}

#[tokio::test]
async fn a_lost_connection_is_a_lost_lock() {
    for (system, variable) in WRITABLE {
        let Some(address) = address(system, variable) else { continue };
        let direct = port(&address);
        let (own, cut) = cuttable(direct).await;
        let through = address.replace(&format!(":{direct}/"), &format!(":{own}/"));
        let database: Database = through.parse().expect("an address");
        let name = unique("cut").parse().expect("a name");
        let request = SessionRequest { name, fence: Fence(1), who: "a test".into() };
        let clock = SystemClock::new();
        let held = database.lock_session(&request, &clock, Waiting::NOT, &mut |_| ()).await;
        let Ok(SessionAcquisition::Held(mut lock)) = held else { panic!("{held:?}") };
        lock.check().await.expect("it is held");
        cut.send(true).expect("somebody listens");
        let error = lock.lost(&clock, Span::from_millis(20)).await;
        assert!(matches!(error, SessionError::Lost { .. }), "{error}");
        let error = lock.release().await.expect_err("it is not held any more");
        assert!(matches!(error, SessionError::NotReleased { .. }), "{error}");

        let direct: Database = address.parse().expect("an address");
        let next = SessionRequest { fence: Fence(2), ..request };
        let waiting = Waiting { limit: Span::from_secs(30), poll: Span::from_millis(50) };
        let free = direct.lock_session(&next, &clock, waiting, &mut |_| ()).await;
        assert!(matches!(free, Ok(SessionAcquisition::Held(_))), "the server noticed: {free:?}");
    }
}
