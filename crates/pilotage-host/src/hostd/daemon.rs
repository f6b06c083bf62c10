//! The life of a daemon: take over, serve, look after, end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, UnixListener};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::directory::ServiceDirectory;
use crate::os;
use crate::process::ProcessRuntime;
use crate::proxy::{Limits, Proxy};
use crate::runtime::Runtime;
use crate::wire::Fate;

use super::error::HostdError;
use super::host::Host;
use super::ledger::Ledger;
use super::reconcile::chain;
use super::{serve, state};

/// How often the machine is compared with the ledger, at least.
const RECONCILE: Duration = Duration::from_millis(100);
/// How often the units are asked whether they are well.
const ASK: Duration = Duration::from_millis(250);
/// How often the proxy's counters are noted.
const COUNT: Duration = Duration::from_millis(200);
/// How long a daemon that was just ended may take to let go of its lock.
const LOCK_PATIENCE: Duration = Duration::from_millis(500);
const LOCK_TRIES: u32 = 25;

/// What a daemon needs to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The service that it keeps.
    pub directory: ServiceDirectory,
    /// The address of the service; only a new service needs it.
    pub listen: Option<SocketAddr>,
    /// Whether the daemon leaves the session of whoever started it.
    pub detached: bool,
}

/// Keeps the service until it is told to end, by a client or by a signal.
pub async fn run(settings: Settings) -> Result<(), HostdError> {
    if settings.detached {
        // It fails only for one that leads a session already.
        let _ = rustix::process::setsid();
    }
    let directory = &settings.directory;
    directory.open().map_err(|source| HostdError::Directory { source })?;
    let _lock = lock(directory).await?;
    let (mut term, mut int) =
        (listen_to(SignalKind::terminate())?, listen_to(SignalKind::interrupt())?);
    let socket = serve::listen(directory)?;
    let (host, listener) = match take_over(&settings).await {
        Ok(taken) => taken,
        Err(error) => {
            // The error at hand is the one that matters; a socket without a daemon is replaced.
            let _ = os::remove_file(&directory.socket());
            return Err(error);
        }
    };
    let address = host.book.lock().await.ledger.address;
    os::say(&format!("serving {} at {address}, process {}", directory.text(), std::process::id()));
    let mut ending = host.end.subscribe();
    let ended = async { ending.wait_for(Option::is_some).await.ok().and_then(|end| *end) };
    let stopped = async {
        tokio::select! {
            fate = ended => fate.unwrap_or(Fate::Keep),
            _ = term.recv() => Fate::Keep,
            _ = int.recv() => Fate::Keep,
        }
    };
    let fate = keep(&host, socket, listener, stopped).await;
    os::say("ending");
    if fate == Fate::Stop {
        stop_units(&host).await;
    }
    os::remove_file(&directory.socket())
        .map_err(|source| file("remove", &directory.socket(), source))
}

fn listen_to(kind: SignalKind) -> Result<Signal, HostdError> {
    signal(kind).map_err(|source| HostdError::File {
        action: "listen to",
        path: "signals".to_owned(),
        source,
    })
}

async fn lock(directory: &ServiceDirectory) -> Result<std::fs::File, HostdError> {
    let mut tries = interval(LOCK_PATIENCE / LOCK_TRIES);
    for _ in 0..LOCK_TRIES {
        tries.tick().await;
        let path = directory.lock();
        if let Some(lock) = os::try_lock(&path).map_err(|source| file("lock", &path, source))? {
            return Ok(lock);
        }
    }
    Err(HostdError::Busy { path: directory.text() })
}

/// Reads the ledger, takes the address, finds the units and serves the routes: in this order, so
/// that whatever fails has changed nothing.
async fn take_over(settings: &Settings) -> Result<(Arc<Host>, TcpListener), HostdError> {
    let directory = &settings.directory;
    let known = state::load(&directory.state())?;
    let address = address(settings, known.as_ref())?;
    let listener = TcpListener::bind(address)
        .await
        .map_err(|source| HostdError::AddressTaken { address, source })?;
    let address =
        listener.local_addr().map_err(|source| HostdError::AddressTaken { address, source })?;
    let ledger = known.clone().unwrap_or_else(|| Ledger::new(address, os::unique()));
    if known.is_none() {
        let saved = state::save(&directory.state(), &ledger).await;
        saved.map_err(|source| file("write", &directory.state(), source))?;
    }
    let units = |source| HostdError::Units { source };
    let runtime = ProcessRuntime::open(directory.path()).await.map_err(units)?;
    let host = Host::new(directory.clone(), runtime, Proxy::new(Limits::default()), ledger);
    host.ask_units().await.map_err(units)?;
    let book = host.book.lock().await;
    let routed = host.route(&book).await;
    routed.map_err(|source| file("route to the units of", directory.path(), source))?;
    host.note_counters(&book).await;
    drop(book);
    Ok((Arc::new(host), listener))
}

fn address(settings: &Settings, known: Option<&Ledger>) -> Result<SocketAddr, HostdError> {
    let path = settings.directory.text();
    match (known.map(|ledger| ledger.address), settings.listen) {
        (None, None) => Err(HostdError::NoAddress { path }),
        (None, Some(asked)) => Ok(asked),
        (Some(known), Some(asked)) if !fits(known, asked) => {
            Err(HostdError::OtherAddress { path, known, asked })
        }
        (Some(known), _) => Ok(known),
    }
}

/// Whether the address is what was asked for; port 0 asks for any.
fn fits(known: SocketAddr, asked: SocketAddr) -> bool {
    known.ip() == asked.ip() && (asked.port() == 0 || known.port() == asked.port())
}

/// Serves the address and the socket, and looks after the units, until told to stop.
async fn keep(
    host: &Arc<Host>,
    socket: UnixListener,
    listener: TcpListener,
    stopped: impl Future<Output = Fate>,
) -> Fate {
    let (stop, stopping) = oneshot::channel::<()>();
    let proxy = host.proxy.clone();
    let serving = tokio::spawn(async move {
        let stopping = async { drop(stopping.await) };
        proxy.serve(listener, stopping).await;
    });
    let clients = tokio::spawn(serve::serve(host.clone(), socket));
    let fate = tokio::select! {
        fate = stopped => fate,
        () = reconcile(host) => Fate::Keep,
        () = ask(host) => Fate::Keep,
        () = count(host) => Fate::Keep,
    };
    clients.abort();
    drop(stop);
    // A proxy that panicked has nothing left to finish.
    let _ = serving.await;
    fate
}

async fn reconcile(host: &Arc<Host>) {
    let mut last: Option<String> = None;
    loop {
        let failure = host.reconcile().await.err().map(|error| chain(&error));
        if let Some(reason) = failure.as_ref().filter(|reason| last.as_ref() != Some(*reason)) {
            os::say(&format!("the machine cannot be brought into order: {reason}"));
        }
        last = failure;
        let _ = timeout(RECONCILE, host.wake.notified()).await;
    }
}

async fn ask(host: &Arc<Host>) {
    let mut ticks = interval(ASK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        // Reconciling lists the units as well, and says what is wrong.
        if host.ask_units().await.is_ok() {
            host.wake.notify_one();
        }
    }
}

async fn count(host: &Arc<Host>) {
    let mut ticks = interval(COUNT);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let book = host.book.lock().await;
        host.note_counters(&book).await;
    }
}

async fn stop_units(host: &Arc<Host>) {
    // Nothing may start them again meanwhile.
    let _book = host.book.lock().await;
    let units = host.runtime.list().await.unwrap_or_default();
    let mut stops = tokio::task::JoinSet::new();
    for unit in units {
        let host = host.clone();
        stops.spawn(async move { host.runtime.stop(&unit.spec.name).await });
    }
    while let Some(stopped) = stops.join_next().await {
        if let Ok(Err(error)) = stopped {
            os::say(&chain(&error));
        }
    }
}

fn file(action: &'static str, path: &std::path::Path, source: std::io::Error) -> HostdError {
    HostdError::File { action, path: path.display().to_string(), source }
}
