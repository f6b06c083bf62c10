//! Constant load over connections that are kept alive and never retried: what is lost is seen.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::Request;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

const CLIENTS: usize = 8;
/// Between two requests of one client.
const PACE: Duration = Duration::from_millis(8);

/// What became of all requests.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Good answers, by the release that gave them.
    pub(crate) answers: BTreeMap<String, u64>,
    /// What went wrong, in the order in which it did.
    pub(crate) failures: Vec<String>,
}

impl Tally {
    pub(crate) fn of(&self, release: &str) -> u64 {
        self.answers.get(release).copied().unwrap_or(0)
    }
}

pub(crate) struct Load {
    stop: watch::Sender<bool>,
    clients: JoinSet<Tally>,
}

impl Load {
    pub(crate) fn on(address: SocketAddr) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut clients = JoinSet::new();
        for _ in 0..CLIENTS {
            clients.spawn(client(address, stopped.clone()));
        }
        Self { stop, clients }
    }

    pub(crate) async fn stop(self) -> Tally {
        self.stop.send_replace(true);
        let mut all = Tally::default();
        for tally in self.clients.join_all().await {
            all.failures.extend(tally.failures);
            for (release, count) in tally.answers {
                *all.answers.entry(release).or_default() += count;
            }
        }
        all
    }
}

async fn client(address: SocketAddr, stopped: watch::Receiver<bool>) -> Tally {
    let mut tally = Tally::default();
    let mut ticks = interval(PACE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut sender = None;
    while !*stopped.borrow() {
        ticks.tick().await;
        match exchange(address, &mut sender).await {
            Ok((200, release)) => *tally.answers.entry(release).or_default() += 1,
            Ok((status, release)) => tally.failures.push(format!("{status} of `{release}`")),
            Err(reason) => {
                sender = None;
                tally.failures.push(reason);
            }
        }
    }
    tally
}

type Sender = http1::SendRequest<Empty<Bytes>>;

async fn exchange(address: SocketAddr, kept: &mut Option<Sender>) -> Result<(u16, String), String> {
    let sender = match kept.take().filter(Sender::is_ready) {
        Some(sender) => kept.insert(sender),
        None => kept.insert(connect(address).await.map_err(|error| format!("connect: {error}"))?),
    };
    let request = Request::get("/").header("host", "shop.example").body(Empty::new());
    let request = request.expect("a valid request");
    let response = sender.send_request(request).await.map_err(|error| format!("{error:?}"))?;
    let (head, body) = response.into_parts();
    let release = head.headers.get("x-pilotage-release");
    let release = release.and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let body = body.collect().await.map_err(|error| format!("{error:?}"))?.to_bytes();
    let named = body.as_ref() == format!("{release}\n").as_bytes();
    let status = head.status.as_u16();
    if named { Ok((status, release)) } else { Err(format!("{status} with {body:?}")) }
}

async fn connect(address: SocketAddr) -> Result<Sender, Box<dyn std::error::Error + Send + Sync>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}
