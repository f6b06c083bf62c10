//! The built-in proxy beside NGINX: one worker each, the same unit behind, interleaved rounds.
//!
//! The proxy under test has the first core to itself. The load and the unit behind share the
//! other: both are a few lines over raw sockets, so the proxy is what saturates.

mod load;
mod rivals;

use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::thread::available_parallelism;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::Trouble;
use load::Round;
use rivals::Nginx;

type Outcome<T> = Result<T, Box<dyn core::error::Error + Send + Sync>>;

const CONNECTIONS: usize = 32;
const ROUND: Duration = Duration::from_secs(3);
/// Whoever is compared.
const PROXY_CORE: usize = 0;
/// The load and the unit.
const OTHER_CORE: usize = 1;

/// What was measured, medians of the rounds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// The built-in proxy.
    pub ours: Speed,
    /// NGINX.
    pub theirs: Speed,
    /// Ours divided by theirs, requests a second, the median of the rounds.
    pub ratio: f64,
    /// The version of NGINX.
    pub version: String,
    /// The unit without any proxy, as the limit of the method.
    pub direct: Speed,
}

/// How fast a proxy is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Speed {
    /// Requests a second.
    pub per_second: f64,
    /// Half of the requests took at most this long.
    pub p50_micros: u32,
    /// 99 of 100 requests took at most this long.
    pub p99_micros: u32,
}

/// Measures both, round by round.
pub async fn compare(rounds: usize) -> Result<Figures, Trouble> {
    if available_parallelism().map_or(1, usize::from) < 2 {
        return Err(Trouble::otherwise("two cores are needed, one of them for the proxy alone"));
    }
    // Everything runs on threads of its own, each pinned to its core.
    let measured = tokio::task::spawn_blocking(move || measure(rounds.max(1))).await;
    let measured = measured.map_err(|error| Trouble::otherwise(error.to_string()))?;
    measured.map_err(|error| Trouble::otherwise(error.to_string()))
}

fn measure(rounds: usize) -> Outcome<Figures> {
    let unit = rivals::start_unit()?;
    let own = rivals::start_own(unit)?;
    let nginx = Nginx::start(unit)?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        ours.push(load::measure(own, CONNECTIONS, ROUND)?);
        theirs.push(load::measure(nginx.address, CONNECTIONS, ROUND)?);
    }
    let direct = load::measure(unit, CONNECTIONS, ROUND)?;
    let ratios = ours.iter().zip(&theirs).map(|(ours, theirs)| ours.per_second / theirs.per_second);
    let ratio = median(ratios.collect());
    let version = nginx.version.clone();
    let (ours, theirs, direct) = (speed(&ours), speed(&theirs), speed(&[direct]));
    Ok(Figures { ours, theirs, ratio, version, direct })
}

fn speed(rounds: &[Round]) -> Speed {
    let mut p50: Vec<u32> = rounds.iter().map(|round| round.p50_micros).collect();
    let mut p99: Vec<u32> = rounds.iter().map(|round| round.p99_micros).collect();
    p50.sort_unstable();
    p99.sort_unstable();
    let middle = |micros: &[u32]| micros.get(micros.len() / 2).copied().unwrap_or_default();
    let per_second = median(rounds.iter().map(|round| round.per_second).collect());
    Speed { per_second, p50_micros: middle(&p50), p99_micros: middle(&p99) }
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Keeps this thread, and the processes and threads that it starts, on one core.
fn pin_to(core: usize) -> Outcome<()> {
    let mut cores = rustix::thread::CpuSet::new();
    cores.set(core);
    Ok(rustix::thread::sched_setaffinity(None, &cores)?)
}

/// Runs a future to its end on a new runtime of one thread.
fn block_on<T>(future: impl Future<Output = Outcome<T>>) -> Outcome<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(future)
}

/// Runs a server on its own thread and core; returns where it listens.
fn on_thread<F: Future<Output = Outcome<()>>>(
    core: usize,
    serve: impl FnOnce(tokio::net::TcpListener) -> F + Send + 'static,
) -> Outcome<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || {
        pin_to(core)?;
        block_on(async { serve(tokio::net::TcpListener::from_std(listener)?).await })
    });
    Ok(address)
}
