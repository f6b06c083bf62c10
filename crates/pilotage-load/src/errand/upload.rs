//! A body that takes its time.

use core::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::channel::{Channel, Sender};
use hyper::body::Incoming;
use hyper::header::{HOST, HeaderValue};
use hyper::{Method, Request, Response, Uri};
use tokio::time::interval;

use super::Errand;
use super::get::whole;
use super::line::Line;
use crate::answer::{release_of, text_of};
use crate::{Loss, Outcome, RECEIVED_HEADER, REQUEST_HEADER, RequestId, Stopping};

const CHUNK: &[u8] = &[b'p'; 8 * 1024];
/// Chunks that may wait to be sent.
const AHEAD: usize = 2;

/// Streams a body to `/upload`, chunk by chunk, and has the service say how much arrived.
#[derive(Debug)]
pub struct Upload {
    chunks: u32,
    gap: Duration,
    line: Line<Channel<Bytes, Infallible>>,
}

impl Upload {
    /// To this address, so many chunks of 8 KiB with this much time between them.
    pub const fn new(address: SocketAddr, chunks: u32, gap: Duration) -> Self {
        Self { chunks, gap, line: Line::to(address) }
    }
}

impl Errand for Upload {
    async fn run(&mut self, request: RequestId, _: &mut Stopping) -> Outcome {
        let (sender, body) = Channel::new(AHEAD);
        let mut posted = Request::new(body);
        *posted.method_mut() = Method::POST;
        *posted.uri_mut() = Uri::from_static("/upload");
        posted.headers_mut().insert(HOST, HeaderValue::from_static("shop.example"));
        posted.headers_mut().insert(REQUEST_HEADER, request.0.into());
        let sent = u64::from(self.chunks) * CHUNK.len() as u64;
        let (chunks, gap) = (self.chunks, self.gap);
        let answered = self.line.ask(posted, |response| received(response, sent));
        tokio::join!(answered, feed(sender, chunks, gap)).0
    }
}

async fn feed(mut sender: Sender<Bytes>, chunks: u32, gap: Duration) {
    let mut ticks = interval(gap);
    for _ in 0..chunks {
        ticks.tick().await;
        // Whoever stopped reading says so in the answer, or breaks the exchange.
        if sender.send_data(Bytes::from_static(CHUNK)).await.is_err() {
            return;
        }
    }
}

async fn received(response: Response<Incoming>, sent: u64) -> Outcome {
    let release = release_of(response.headers());
    let received = text_of(response.headers(), RECEIVED_HEADER);
    let answer = whole(response).await?;
    if answer.is_good() && received != sent.to_string() {
        return Err(Loss::Short { release, received, sent });
    }
    Ok(answer)
}
