//! A client that keeps one connection alive and never retries: what is lost is seen.

use std::net::SocketAddr;

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

use super::unit::RELEASE;

pub(crate) type Body = BoxBody<Bytes, hyper::Error>;

pub(crate) struct Client {
    sender: http1::SendRequest<Body>,
}

/// A response that was read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) release: Option<String>,
    pub(crate) cookie: Option<String>,
    pub(crate) body: String,
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("the proxy listens");
        stream.set_nodelay(true).expect("open");
        let (sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.expect("a connection");
        tokio::spawn(connection.with_upgrades());
        Self { sender }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(request(Method::GET, path, empty())).await
    }

    pub(crate) async fn post(&mut self, path: &str, body: &'static str) -> Answer {
        self.send(request(Method::POST, path, full(body))).await
    }

    pub(crate) async fn send(&mut self, request: Request<Body>) -> Answer {
        read(self.open(request).await).await
    }

    /// Sends a request and leaves the response's body unread.
    pub(crate) async fn open(&mut self, request: Request<Body>) -> Response<Incoming> {
        self.sender.ready().await.expect("the connection is kept alive");
        self.sender.send_request(request).await.expect("a response")
    }
}

/// A client with prior knowledge of HTTP/2.
pub(crate) async fn connect_h2c(address: SocketAddr) -> http2::SendRequest<Body> {
    let stream = TcpStream::connect(address).await.expect("the proxy listens");
    let (sender, connection) =
        http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.expect("a connection");
    tokio::spawn(connection);
    sender
}

pub(crate) async fn read(response: Response<Incoming>) -> Answer {
    let (head, body) = response.into_parts();
    let field = |name| head.headers.get(name).map(|value| value.to_str().expect("text").to_owned());
    let (release, cookie) = (field(RELEASE), field("set-cookie"));
    let body = body.collect().await.expect("a whole body").to_bytes();
    let body = String::from_utf8(body.to_vec()).expect("text");
    Answer { status: head.status, release, cookie, body }
}

pub(crate) fn request(method: Method, path: &str, body: Body) -> Request<Body> {
    let request = Request::builder().method(method).uri(path).header("host", "shop.example");
    request.body(body).expect("a valid request")
}

pub(crate) fn empty() -> Body {
    full("")
}

pub(crate) fn full(text: &'static str) -> Body {
    Full::new(Bytes::from_static(text.as_bytes())).map_err(|never| match never {}).boxed()
}
