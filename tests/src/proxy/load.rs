//! A closed loop of keep-alive connections, each with one request at a time.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::rivals::BODY;
use super::{OTHER_CORE, Outcome, block_on, pin_to};

const REQUEST: &[u8] = b"GET /orders/7 HTTP/1.1\r\nhost: shop.example\r\naccept: */*\r\n\
                         user-agent: bench\r\n\r\n";

/// What one round measured.
pub(super) struct Round {
    pub(super) per_second: f64,
    pub(super) p50_micros: u32,
    pub(super) p99_micros: u32,
}

/// Loads an address for this long, from the core that the unit is on.
pub(super) fn measure(address: SocketAddr, connections: usize, length: Duration) -> Outcome<Round> {
    pin_to(OTHER_CORE)?;
    let mut micros = block_on(load(address, connections, length))?;
    micros.sort_unstable();
    let at = |per_mille: usize| micros.get(micros.len() * per_mille / 1_000).copied().unwrap_or(0);
    let requests = f64::from(u32::try_from(micros.len())?);
    let per_second = requests / length.as_secs_f64();
    Ok(Round { per_second, p50_micros: at(500), p99_micros: at(990) })
}

#[expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
async fn load(address: SocketAddr, connections: usize, length: Duration) -> Outcome<Vec<u32>> {
    let end = Instant::now() + length;
    let mut clients = JoinSet::new();
    for _ in 0..connections {
        clients.spawn(ask_until(address, end));
    }
    let mut all = Vec::new();
    while let Some(micros) = clients.join_next().await {
        all.append(&mut micros??);
    }
    Ok(all)
}

/// Times each request; an answer that is not the unit's ends the bench.
#[expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
async fn ask_until(address: SocketAddr, end: Instant) -> Outcome<Vec<u32>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut answer = Vec::with_capacity(4_096);
    let mut micros = Vec::new();
    let mut began = Instant::now();
    while began < end {
        stream.write_all(REQUEST).await?;
        answer.clear();
        while !answer.ends_with(BODY) {
            if stream.read_buf(&mut answer).await? == 0 {
                return Err("the connection was closed".into());
            }
        }
        if !answer.starts_with(b"HTTP/1.1 200") {
            return Err(String::from_utf8_lossy(&answer).into());
        }
        let now = Instant::now();
        micros.push(u32::try_from((now - began).as_micros())?);
        began = now;
    }
    Ok(micros)
}
