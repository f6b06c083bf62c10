//! The fake's HTTP side.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Collected, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use super::super::lock;
use super::form;
use super::state::{Answer, Asked, CLIENT, SECRET, State, TENANT};

/// A small Azure that runs until it is dropped.
#[derive(Debug)]
pub struct FakeAzure {
    host: String,
    state: Arc<Mutex<State>>,
    task: tokio::task::JoinHandle<()>,
}

impl FakeAzure {
    /// Starts one on a free port.
    ///
    /// # Panics
    ///
    /// If there is no free port.
    pub async fn start() -> Self {
        let bound = TcpListener::bind("127.0.0.1:0").await;
        let bound = bound.and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (address, listener) = bound.unwrap_or_else(|error| panic!("a free port: {error}"));
        let host = address.to_string();
        let state = Arc::new(Mutex::new(State::at(&host)));
        let task = tokio::spawn(serve(listener, state.clone()));
        Self { host, state, task }
    }

    /// Host and port.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Where it is reached.
    pub fn address(&self) -> String {
        format!("http://{}", self.host)
    }

    /// What a process would find in its environment that is to log in here.
    pub fn variable(&self, name: &str) -> Option<String> {
        match name {
            "AZURE_AUTHORITY_HOST" => Some(self.address()),
            "AZURE_TENANT_ID" => Some(TENANT.into()),
            "AZURE_CLIENT_ID" => Some(CLIENT.into()),
            "AZURE_CLIENT_SECRET" => Some(SECRET.into()),
            _ => None,
        }
    }

    /// Looks at, or changes, what it knows.
    pub fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut lock(&self.state))
    }
}

impl Drop for FakeAzure {
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
) -> Result<Response<Full<Bytes>>, hyper::http::Error> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map(Collected::to_bytes).unwrap_or_default();
    let header = |name: &str| {
        parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    let is_form = header("content-type") == "application/x-www-form-urlencoded";
    let text = if is_form { String::from_utf8_lossy(&body).into_owned() } else { String::new() };
    let asked = Asked {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: form::read(parts.uri.query().unwrap_or_default()),
        form: form::read(&text),
        metadata: header("metadata"),
        authorization: header("authorization"),
    };
    let Answer { status, challenge, body } = lock(state).answer(&asked);
    let response = Response::builder().status(status).header("content-type", "application/json");
    let response = response.header("location", "http://127.0.0.1:1/").header("retry-after", "7");
    let response = match challenge {
        Some(challenge) => response.header("www-authenticate", challenge),
        None => response,
    };
    response.body(Full::new(body.into()))
}
