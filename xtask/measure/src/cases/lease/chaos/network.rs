//! The network between the workers and the store: it stands still or breaks when it is told to.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What the network does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weather {
    /// It passes everything on.
    Fair,
    /// It passes nothing on, and keeps all connections.
    Calm,
    /// It breaks all connections.
    Storm,
}

/// Passes connections on to a port for as long as it is polled.
pub(super) async fn pass(listener: TcpListener, port: u16, weather: watch::Receiver<Weather>) {
    while let Ok((near, _)) = listener.accept().await {
        let weather = weather.clone();
        tokio::task::spawn_local(async move {
            let mut storm = weather.clone();
            if let Ok(far) = TcpStream::connect(("127.0.0.1", port)).await {
                let (from_near, to_near) = near.into_split();
                let (from_far, to_far) = far.into_split();
                tokio::select! {
                    () = carry(from_near, to_far, weather.clone()) => {}
                    () = carry(from_far, to_near, weather) => {}
                    _ = storm.wait_for(|weather| *weather == Weather::Storm) => {}
                }
            }
        });
    }
}

async fn carry(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut weather: watch::Receiver<Weather>,
) {
    let mut bytes = vec![0; 16 << 10];
    loop {
        let Ok(read @ 1..) = from.read(&mut bytes).await else { return };
        if weather.wait_for(|weather| *weather != Weather::Calm).await.is_err() {
            return;
        }
        let Some(bytes) = bytes.get(..read) else { return };
        if to.write_all(bytes).await.is_err() {
            return;
        }
    }
}
