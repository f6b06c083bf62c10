//! Bodies on their way through: streamed frame by frame, never gathered.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::{Body, Frame, Incoming, SizeHint};

use super::connection::Lease;
use super::unit::Claim;

type PolledFrame = Poll<Option<Result<Frame<Bytes>, hyper::Error>>>;

/// How far a request's body has come, for the deadline of the response.
#[derive(Debug, Default)]
pub(super) struct Progress(AtomicU64);

/// What [`Progress`] tells at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Upload {
    /// So many frames have been passed on.
    Sending(u64),
    /// The unit has the whole body.
    Complete,
    /// The client's connection broke.
    Broken,
}

impl Progress {
    const COMPLETE: u64 = u64::MAX;
    const BROKEN: u64 = u64::MAX - 1;

    pub(super) fn read(&self) -> Upload {
        match self.0.load(Ordering::Relaxed) {
            Self::COMPLETE => Upload::Complete,
            Self::BROKEN => Upload::Broken,
            frames => Upload::Sending(frames),
        }
    }

    fn note(&self, frame: &PolledFrame) {
        match frame {
            Poll::Pending => {}
            Poll::Ready(Some(Ok(_))) => {
                self.0.fetch_add(1, Ordering::Relaxed);
            }
            Poll::Ready(Some(Err(_))) => self.0.store(Self::BROKEN, Ordering::Relaxed),
            Poll::Ready(None) => self.0.store(Self::COMPLETE, Ordering::Relaxed),
        }
    }
}

/// The body of a request, from the client to a unit.
#[derive(Debug)]
pub(super) enum RequestBody {
    /// There is nothing to send, so the request can be repeated.
    Empty,
    /// Frames as they come.
    Streaming(Incoming, Arc<Progress>),
}

impl RequestBody {
    pub(super) fn new(body: Incoming) -> Self {
        if body.is_end_stream() { Self::Empty } else { Self::Streaming(body, Arc::default()) }
    }

    /// How far the body has come, if there is one.
    pub(super) fn progress(&self) -> Option<Arc<Progress>> {
        match self {
            Self::Empty => None,
            Self::Streaming(_, progress) => Some(progress.clone()),
        }
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> PolledFrame {
        let Self::Streaming(body, progress) = self.get_mut() else { return Poll::Ready(None) };
        let frame = Pin::new(&mut *body).poll_frame(context);
        progress.note(&frame);
        if body.is_end_stream() && !matches!(frame, Poll::Ready(Some(Err(_)))) {
            progress.note(&Poll::Ready(None));
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Streaming(body, _) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Empty => SizeHint::with_exact(0),
            Self::Streaming(body, _) => body.size_hint(),
        }
    }
}

/// The body of a response, to the client.
#[derive(Debug)]
pub(super) enum ProxyBody {
    /// A unit's body, with what it occupies until its end.
    Unit(UnitBody),
    /// The proxy's own words.
    Text(Full<Bytes>),
}

/// A unit's body; the claim on the unit and the connection end with it.
#[derive(Debug)]
pub(super) struct UnitBody {
    body: Incoming,
    carried: Option<(Claim, Lease)>,
}

impl ProxyBody {
    pub(super) fn text(text: String) -> Self {
        Self::Text(Full::new(Bytes::from(text)))
    }

    pub(super) fn unit(body: Incoming, claim: Claim, lease: Lease) -> Self {
        Self::Unit(UnitBody { body, carried: Some((claim, lease)) })
    }
}

impl UnitBody {
    fn poll(&mut self, context: &mut Context<'_>) -> PolledFrame {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        match &frame {
            Poll::Ready(Some(Err(_))) => {
                if let Some((claim, _)) = self.carried.take() {
                    claim.counters().broken_response();
                }
            }
            Poll::Ready(None) => self.carried = None,
            Poll::Pending | Poll::Ready(Some(Ok(_))) => {}
        }
        frame
    }
}

impl Body for ProxyBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> PolledFrame {
        match self.get_mut() {
            Self::Unit(unit) => unit.poll(context),
            Self::Text(text) => Pin::new(text).poll_frame(context).map_err(|never| match never {}),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Unit(unit) => unit.body.is_end_stream(),
            Self::Text(text) => text.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Unit(unit) => unit.body.size_hint(),
            Self::Text(text) => text.size_hint(),
        }
    }
}
