//! Measures the built-in proxy beside NGINX, one worker each, in interleaved rounds.
//!
//! `cargo run --release -p pilotage-host --example bench_proxy [rounds] [seconds]`
//!
//! The proxy under test has the first core to itself. The load and the unit behind share the
//! other: both are a few lines over raw sockets, so the proxy is what saturates. Without NGINX on
//! the machine only the built-in proxy is measured, and that is said.
#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

mod load;
mod rivals;

use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use load::Round;
use rivals::Nginx;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const CONNECTIONS: usize = 32;

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<u64>());
    let rounds = arguments.next().transpose()?.unwrap_or(5);
    let seconds = Duration::from_secs(arguments.next().transpose()?.unwrap_or(3));
    let unit = rivals::start_unit()?;
    let own = rivals::start_own(unit)?;
    let nginx = Nginx::start(unit)?;
    let mut results = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        results.0.push(load::measure(own, CONNECTIONS, seconds)?);
        if let Some(nginx) = &nginx {
            results.1.push(load::measure(nginx.address, CONNECTIONS, seconds)?);
        }
    }
    report("direct to the unit", &mut [load::measure(unit, CONNECTIONS, seconds)?]);
    let own = report("built-in proxy", &mut results.0);
    if nginx.is_none() {
        println!("nginx: not run, it is not installed");
        return Ok(());
    }
    let rival = report("nginx, 1 worker", &mut results.1);
    println!("ratio of median requests/s: {:.2}", own / rival);
    Ok(())
}

/// Prints the medians of the rounds and returns that of the requests per second.
fn report(name: &str, rounds: &mut [Round]) -> f64 {
    rounds.sort_by(|one, other| one.per_second.total_cmp(&other.per_second));
    let range = rounds
        .first()
        .zip(rounds.last())
        .map_or((0.0, 0.0), |(low, high)| (low.per_second, high.per_second));
    let Some(median) = rounds.get(rounds.len() / 2) else { return 0.0 };
    println!(
        "{name}: {:.0} requests/s (rounds {:.0} to {:.0}), p50 {} us, p99 {} us",
        median.per_second, range.0, range.1, median.p50_micros, median.p99_micros
    );
    median.per_second
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
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || {
        pin_to(core)?;
        block_on(async { serve(tokio::net::TcpListener::from_std(listener)?).await })
    });
    Ok(address)
}
