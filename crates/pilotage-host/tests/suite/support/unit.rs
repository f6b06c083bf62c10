//! A small HTTP service that knows its release, as a unit of a track.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http_body_util::channel::Channel;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::HeaderValue;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use pilotage_host::router::{Protocol, Upstream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::websocket;

pub(crate) const RELEASE: &str = "x-pilotage-release";

type Answer = Response<BoxBody<Bytes, hyper::Error>>;

/// A running unit. Its paths:
/// `/` the release · `/echo` the body · `/stream` one chunk now, one after [`Unit::finish`] ·
/// `/fail` 503 · `/seen` the request's own head · `/ws` a `WebSocket` echo.
pub(crate) struct Unit {
    pub(crate) upstream: Upstream,
    inner: Arc<Inner>,
}

struct Inner {
    release: &'static str,
    requests: AtomicUsize,
    finish: Semaphore,
}

impl Unit {
    pub(crate) async fn start(release: &'static str) -> Self {
        Self::start_speaking(release, Protocol::Http1).await
    }

    pub(crate) async fn start_speaking(release: &'static str, protocol: Protocol) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let finish = Semaphore::new(0);
        let inner = Arc::new(Inner { release, requests: AtomicUsize::default(), finish });
        tokio::spawn(accept(listener, inner.clone(), protocol));
        Self { upstream: Upstream { address, protocol }, inner }
    }

    /// How many requests the unit has seen.
    pub(crate) fn requests(&self) -> usize {
        self.inner.requests.load(Ordering::SeqCst)
    }

    /// Lets one `/stream` end.
    pub(crate) fn finish(&self) {
        self.inner.finish.add_permits(1);
    }
}

async fn accept(listener: TcpListener, inner: Arc<Inner>, protocol: Protocol) {
    while let Ok((stream, _)) = listener.accept().await {
        let _ = stream.set_nodelay(true);
        tokio::spawn(serve(stream, inner.clone(), protocol));
    }
}

async fn serve(stream: TcpStream, inner: Arc<Inner>, protocol: Protocol) {
    let io = TokioIo::new(stream);
    let service = service_fn(move |request| {
        let answer = answer(&inner, request);
        async { Ok::<_, Infallible>(answer) }
    });
    // A connection that the other side broke is not the unit's failure.
    let _ = match protocol {
        Protocol::Http1 => {
            let builder = hyper::server::conn::http1::Builder::new();
            builder.serve_connection(io, service).with_upgrades().await
        }
        Protocol::H2c => {
            let builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
            builder.serve_connection(io, service).await
        }
    };
}

fn answer(inner: &Arc<Inner>, mut request: Request<Incoming>) -> Answer {
    inner.requests.fetch_add(1, Ordering::SeqCst);
    let mut answer = match request.uri().path() {
        "/echo" => Response::new(request.into_body().boxed()),
        "/seen" => text(&format!("{:?} {:?}", request.uri(), request.headers())),
        "/stream" => Response::new(stream(inner.clone())),
        "/fail" => {
            let mut answer = text("broken on purpose");
            *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            answer
        }
        "/ws" => upgrade(&mut request),
        _ => text(inner.release),
    };
    answer.headers_mut().insert(RELEASE, HeaderValue::from_static(inner.release));
    answer
}

fn text(text: &str) -> Answer {
    let body = Full::new(Bytes::copy_from_slice(text.as_bytes()));
    Response::new(body.map_err(|never| match never {}).boxed())
}

fn stream(inner: Arc<Inner>) -> BoxBody<Bytes, hyper::Error> {
    let (mut feed, body) = Channel::new(1);
    tokio::spawn(async move {
        let _ = feed.send_data(Bytes::from_static(b"first ")).await;
        inner.finish.acquire().await.expect("open").forget();
        let _ = feed.send_data(Bytes::from_static(b"last")).await;
    });
    body.boxed()
}

fn upgrade(request: &mut Request<Incoming>) -> Answer {
    let connection = hyper::upgrade::on(request);
    tokio::spawn(async move {
        let io = TokioIo::new(connection.await.expect("upgraded"));
        websocket::echo(io).await;
    });
    let mut answer = text("");
    *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = answer.headers_mut();
    headers.insert("connection", HeaderValue::from_static("Upgrade"));
    headers.insert("upgrade", HeaderValue::from_static("websocket"));
    answer
}

/// A unit that follows a script per connection, for what no proper server does.
pub(crate) async fn scripted<F: Future<Output = ()> + Send + 'static>(
    script: impl Fn(usize, TcpStream) -> F + Send + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move {
        for number in 0.. {
            let Ok((stream, _)) = listener.accept().await else { return };
            tokio::spawn(script(number, stream));
        }
    });
    address
}

/// Reads one request head, without a body.
pub(crate) async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8(head).expect("text")
}

/// Writes a whole response that keeps the connection alive.
pub(crate) async fn write_ok(stream: &mut TcpStream) {
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
}

/// An address that nobody listens on.
pub(crate) async fn dead_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    listener.local_addr().expect("bound")
}
