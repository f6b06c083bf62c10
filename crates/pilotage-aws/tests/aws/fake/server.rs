//! The fake's HTTP side.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Collected, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use pilotage_testkit::fake::HastyClock;
use tokio::net::{TcpListener, TcpStream};

use super::answer::Answer;
use super::state::{Asked, State};

/// A fake that runs until it is dropped.
pub(crate) struct Fake {
    address: String,
    state: Arc<Mutex<State>>,
    task: tokio::task::JoinHandle<()>,
}

impl Fake {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("bound"));
        let state = Arc::new(Mutex::new(State::default()));
        let task = tokio::spawn(serve(listener, state.clone()));
        Self { address, state, task }
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// From now on credentials end after an hour by this clock, and each token is good for once.
    pub(crate) fn keep_time(&self, time: Arc<HastyClock>) {
        self.state.lock().expect("sound").time = Some(time);
    }

    /// From now on this is answered to an action.
    pub(crate) fn set(&self, action: &'static str, answer: Answer) {
        self.state.lock().expect("sound").set.insert(action, answer);
    }

    /// How often this action was asked for.
    pub(crate) fn asked(&self, action: &str) -> usize {
        self.state.lock().expect("sound").asked(action)
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, state: Arc<Mutex<State>>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(converse(stream, state.clone()));
    }
}

async fn converse(stream: TcpStream, state: Arc<Mutex<State>>) {
    let service = service_fn(|request| answer(request, &state));
    // A client that hangs up has what it wanted.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(
    request: Request<Incoming>,
    state: &Mutex<State>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map(Collected::to_bytes).unwrap_or_default();
    let header = |name: &str| {
        parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    };
    let asked = match parts.method {
        // Only objects are put.
        Method::PUT => Asked::put(header("authorization")),
        _ => Asked::read(header("x-amz-target"), header("authorization"), &body),
    };
    let session = header("x-amz-security-token").to_owned();
    let answer = state.lock().expect("sound").answer(&asked, &session);
    let response = Response::builder()
        .status(answer.status)
        .header("content-type", answer.media)
        .header("etag", "\"7\"")
        .header("x-amzn-requestid", "request-7");
    Ok(response.body(Full::new(answer.body.into())).expect("it is well formed"))
}
