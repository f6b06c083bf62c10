//! A connection that is cut: the lock is lost, and whoever has it is told.

use std::io::ErrorKind;

use pilotage_clock::SystemClock;
use pilotage_lease::client::Waiting;
use pilotage_lease::{Fence, Span};
use pilotage_sql::{Database, SessionAcquisition, SessionError, SessionRequest};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
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

/// When a connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Before the words reach the server.
    BeforeItArrives,
    /// When the server has answered to the words, and before the answer arrives.
    BeforeTheAnswer,
}

/// The address of something in between that cuts a connection over which these words go, the
/// first time that they are all that is said.
pub(crate) async fn cut_at(address: &str, words: &str, moment: Cut) -> String {
    let direct = port(address);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let own = listener.local_addr().expect("bound").port();
    let words = words.as_bytes().to_vec();
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let words = words.clone();
            tokio::spawn(async move {
                let Ok(far) = TcpStream::connect(("127.0.0.1", direct)).await else { return };
                // A connection that ends by itself is none of the test's business.
                let _ = carry(near, far, &words, moment).await;
            });
        }
    });
    address.replace(&format!(":{direct}/"), &format!(":{own}/"))
}

async fn carry(near: TcpStream, far: TcpStream, words: &[u8], moment: Cut) -> std::io::Result<()> {
    let (mut near_read, mut near_write) = near.into_split();
    let (mut far_read, mut far_write) = far.into_split();
    let mut there = vec![0; 64 * 1024];
    let mut back = vec![0; 64 * 1024];
    loop {
        tokio::select! {
            length = near_read.read(&mut there) => {
                let said = &there[..length?];
                if said.is_empty() {
                    return Ok(());
                }
                let is_it = is_all_of(said, words);
                if is_it && moment == Cut::BeforeItArrives {
                    return Ok(());
                }
                far_write.write_all(said).await?;
                if is_it {
                    let answered = far_read.read(&mut back).await?;
                    return if answered > 0 { Ok(()) } else { Err(ErrorKind::UnexpectedEof.into()) };
                }
            }
            length = far_read.read(&mut back) => {
                let said = &back[..length?];
                if said.is_empty() {
                    return Ok(());
                }
                near_write.write_all(said).await?;
            }
        }
    }
}

/// Whether a message holds nothing but these words, beside a few bytes around them.
fn is_all_of(said: &[u8], words: &[u8]) -> bool {
    said.len() < words.len() + 8 && said.windows(words.len()).any(|window| window == words)
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
        let waiting =
            Waiting { poll: Span::from_millis(50), ..Waiting::up_to(Span::from_secs(30)) };
        let free = direct.lock_session(&next, &clock, waiting, &mut |_| ()).await;
        assert!(matches!(free, Ok(SessionAcquisition::Held(_))), "the server noticed: {free:?}");
    }
}
