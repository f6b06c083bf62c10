//! Upgraded connections: bytes both ways, and a proper end when the unit is to be drained.
//!
//! A `WebSocket` that must end gets a close frame with code 1001, "going away", between two frames,
//! and time to answer it, so that clients reconnect (to the new release) instead of reporting an
//! error. Both ends are told. Other protocols are opaque: they are closed where they are.

use std::io;
use std::time::Duration;

use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::sync::watch;
use tokio::time::timeout;

use super::frames::Frames;

const CHUNK_BYTES: usize = 16 * 1024;
/// Close, two bytes of payload, code 1001.
const CLOSE_TO_CLIENT: &[u8] = &[0x88, 0x02, 0x03, 0xE9];
/// The same as a client must send it: masked, here with a key of zeros, as there is nothing to hide.
const CLOSE_TO_UNIT: &[u8] = &[0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE9];

type Io = TokioIo<Upgraded>;

/// What is known about the bytes of a tunnel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// `WebSocket` frames.
    WebSocket,
    /// Anything else.
    Opaque,
}

/// Carries bytes until both ends have closed, one breaks, or `closing` asks for the end.
pub(super) async fn carry(
    client: Upgraded,
    unit: Upgraded,
    framing: Framing,
    mut closing: watch::Receiver<()>,
    grace: Duration,
) -> io::Result<()> {
    let (from_client, to_client) = tokio::io::split(TokioIo::new(client));
    let (from_unit, to_unit) = tokio::io::split(TokioIo::new(unit));
    let (stop, stopped) = watch::channel(false);
    let down = pump(Lane::new(from_unit, to_client, framing), stopped.clone());
    let up = pump(Lane::new(from_client, to_unit, framing), stopped);
    let carrying = async { tokio::try_join!(down, up) };
    tokio::pin!(carrying);
    tokio::select! {
        ended = &mut carrying => return ended.map(drop),
        Ok(()) = closing.changed() => {}
    }
    stop.send_replace(true);
    let (down, up) = timeout(grace, carrying).await??;
    timeout(grace, say_goodbye(down, up)).await?
}

/// One direction of a tunnel.
struct Lane {
    from: ReadHalf<Io>,
    to: WriteHalf<Io>,
    frames: Option<Frames>,
}

impl Lane {
    fn new(from: ReadHalf<Io>, to: WriteHalf<Io>, framing: Framing) -> Self {
        let frames = (framing == Framing::WebSocket).then(Frames::default);
        Self { from, to, frames }
    }

    fn at_boundary(&self) -> bool {
        self.frames.as_ref().is_none_or(Frames::at_boundary)
    }

    /// Whether a close frame may still be sent in this direction.
    fn awaits_close(&self) -> bool {
        self.frames.as_ref().is_some_and(|frames| !frames.close_passed())
    }

    async fn pass(&mut self, chunk: &[u8], only_this_frame: bool) -> io::Result<()> {
        let taken = match &mut self.frames {
            Some(frames) if only_this_frame => frames.pass_to_boundary(chunk),
            Some(frames) => {
                frames.pass(chunk);
                chunk.len()
            }
            None => chunk.len(),
        };
        self.to.write_all(chunk.get(..taken).unwrap_or(chunk)).await
    }
}

/// Carries one direction to its end, or, once stopped, to the end of the current frame.
async fn pump(mut lane: Lane, mut stopped: watch::Receiver<bool>) -> io::Result<Lane> {
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        let stopping = *stopped.borrow_and_update();
        if stopping && lane.at_boundary() {
            return Ok(lane);
        }
        let length = tokio::select! {
            biased;
            Ok(()) = stopped.changed(), if !stopping => continue,
            length = lane.from.read(&mut buffer) => length?,
        };
        if length == 0 {
            lane.to.shutdown().await?;
            return Ok(lane);
        }
        lane.pass(buffer.get(..length).unwrap_or_default(), stopping).await?;
    }
}

/// Tells both ends of a `WebSocket` that it closes, hears them out, and ends the connections.
async fn say_goodbye(mut down: Lane, mut up: Lane) -> io::Result<()> {
    if down.awaits_close() {
        down.to.write_all(CLOSE_TO_CLIENT).await?;
    }
    if up.awaits_close() {
        // The unit may be gone already; its client is told all the same.
        let _ = up.to.write_all(CLOSE_TO_UNIT).await;
    }
    let _ = tokio::join!(hear_close(&mut down), hear_close(&mut up));
    let _ = up.to.shutdown().await;
    down.to.shutdown().await
}

/// Reads away what an end still sends, until its close frame or its end.
async fn hear_close(lane: &mut Lane) -> io::Result<()> {
    let mut buffer = vec![0; CHUNK_BYTES];
    while lane.awaits_close() {
        let length = lane.from.read(&mut buffer).await?;
        let Some(frames) = lane.frames.as_mut().filter(|_| length > 0) else { break };
        frames.pass(buffer.get(..length).unwrap_or_default());
    }
    Ok(())
}
