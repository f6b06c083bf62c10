//! Constant load over connections that are kept alive and never retried: what is lost is seen.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::HOST;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

const CLIENTS: usize = 8;
/// Between two requests of one client.
const PACE: Duration = Duration::from_millis(20);
/// The header in which the service names its release.
const RELEASE: &str = "x-pilotage-release";

type Sender = SendRequest<Empty<Bytes>>;
type Problem = Box<dyn core::error::Error + Send + Sync>;

/// What became of all requests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Good answers, by the release that gave them.
    pub(super) answers: BTreeMap<String, u64>,
    /// Answers with an error of the server, by the release that gave them.
    pub(super) errors: BTreeMap<String, u64>,
    /// What else went wrong, in the order in which it did.
    pub(super) lost: Vec<String>,
}

impl Tally {
    fn note(&mut self, answer: Result<(StatusCode, String), Problem>) {
        match answer {
            Ok((StatusCode::OK, release)) => *self.answers.entry(release).or_default() += 1,
            Ok((StatusCode::INTERNAL_SERVER_ERROR, release)) => {
                *self.errors.entry(release).or_default() += 1;
            }
            Ok((status, release)) => self.lost.push(format!("status {status} of `{release}`")),
            Err(problem) => self.lost.push(problem.to_string()),
        }
    }

    fn add(mut self, other: Self) -> Self {
        for (release, count) in other.answers {
            *self.answers.entry(release).or_default() += count;
        }
        for (release, count) in other.errors {
            *self.errors.entry(release).or_default() += count;
        }
        self.lost.extend(other.lost);
        self
    }
}

/// Clients at work, until they are stopped or dropped.
#[derive(Debug)]
pub(super) struct Load {
    stop: watch::Sender<bool>,
    clients: JoinSet<Tally>,
}

impl Load {
    /// Puts load on this address.
    pub(super) fn on(address: SocketAddr) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut clients = JoinSet::new();
        for _ in 0..CLIENTS {
            clients.spawn(client(address, stopped.clone()));
        }
        Self { stop, clients }
    }

    /// Lets every client finish its request, and sums up.
    pub(super) async fn stop(self) -> Tally {
        self.stop.send_replace(true);
        self.clients.join_all().await.into_iter().fold(Tally::default(), Tally::add)
    }
}

async fn client(address: SocketAddr, stopped: watch::Receiver<bool>) -> Tally {
    let (mut tally, mut kept) = (Tally::default(), None);
    let mut ticks = interval(PACE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !*stopped.borrow() {
        ticks.tick().await;
        let answer = exchange(address, &mut kept).await;
        if answer.is_err() {
            kept = None;
        }
        tally.note(answer);
    }
    tally
}

/// One request and its answer: the status, and the release that the answer names twice.
async fn exchange(
    address: SocketAddr,
    kept: &mut Option<Sender>,
) -> Result<(StatusCode, String), Problem> {
    let sender = match kept.take().filter(Sender::is_ready) {
        Some(sender) => kept.insert(sender),
        None => kept.insert(connect(address).await?),
    };
    let request = Request::get("/").header(HOST, "demo.example").body(Empty::new())?;
    let (head, body) = sender.send_request(request).await?.into_parts();
    let body = body.collect().await?.to_bytes();
    let named = head.headers.get(RELEASE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if body != format!("{named}\n") {
        return Err(format!("{} with an answer that is not of `{named}`", head.status).into());
    }
    Ok((head.status, named.to_owned()))
}

async fn connect(address: SocketAddr) -> Result<Sender, Problem> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}
