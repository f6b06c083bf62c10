//! A way to an emulator on which answers get lost: everything is passed on, but the next writes
//! meet what the test has prepared for them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, client, server};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What a write meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is made, and the answer is lost.
    Lost,
    /// It is not made, and there is no answer.
    Unsent,
    /// It is made, and the answer is a fault of the service.
    Broken,
    /// It is not made, because there were too many.
    Throttled,
}

/// The way, until it is dropped.
pub(crate) struct Lossy {
    pub address: String,
    road: Arc<Road>,
    task: JoinHandle<()>,
}

struct Road {
    upstream: String,
    faults: Mutex<VecDeque<Fault>>,
    /// How many requests were made, and how many of them were writes.
    counts: Mutex<(usize, usize)>,
}

type Answer = Response<Full<Bytes>>;
type Broken = Box<dyn std::error::Error + Send + Sync>;

impl Lossy {
    /// The way to the emulator at this address.
    pub(crate) async fn to(upstream: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("bound"));
        let upstream = upstream.strip_prefix("http://").expect("plain HTTP").to_owned();
        let faults = Mutex::default();
        let road = Arc::new(Road { upstream, faults, counts: Mutex::default() });
        let task = tokio::spawn(serve(listener, road.clone()));
        Self { address, road, task }
    }

    /// Lets the next write meet this.
    pub(crate) fn prepare(&self, fault: Fault) {
        self.road.faults.lock().expect("sound").push_back(fault);
    }

    /// How many requests and how many writes there were since this was asked last.
    pub(crate) fn counts(&self) -> (usize, usize) {
        std::mem::take(&mut *self.road.counts.lock().expect("sound"))
    }
}

impl Drop for Lossy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, road: Arc<Road>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(converse(stream, road.clone()));
    }
}

async fn converse(stream: TcpStream, road: Arc<Road>) {
    let service = service_fn(|request| road.pass(request));
    // A request without an answer ends the connection.
    let _ =
        server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

impl Road {
    async fn pass(&self, request: Request<Incoming>) -> Result<Answer, Broken> {
        let (parts, body) = request.into_parts();
        let request = Request::from_parts(parts, Full::new(body.collect().await?.to_bytes()));
        match self.meet(&request) {
            None => self.forward(request).await,
            Some(Fault::Unsent) => Err("nothing was sent".into()),
            Some(Fault::Throttled) => Ok(throttled(is_transaction(&request))),
            Some(Fault::Lost) => {
                self.forward(request).await?;
                Err("the answer is lost".into())
            }
            Some(Fault::Broken) => {
                self.forward(request).await?;
                Ok(Response::builder().status(500).body(Full::default())?)
            }
        }
    }

    fn meet(&self, request: &Request<Full<Bytes>>) -> Option<Fault> {
        let is_object =
            request.method() == Method::PUT && !request.uri().path().ends_with("/.trial");
        let is_write = is_transaction(request) || is_object;
        let mut counts = self.counts.lock().expect("sound");
        *counts = (counts.0 + 1, counts.1 + usize::from(is_write));
        if is_write { self.faults.lock().expect("sound").pop_front() } else { None }
    }

    async fn forward(&self, request: Request<Full<Bytes>>) -> Result<Answer, Broken> {
        let stream = TokioIo::new(TcpStream::connect(&self.upstream).await?);
        let (mut sender, connection) = client::conn::http1::handshake(stream).await?;
        tokio::spawn(connection);
        let (parts, body) = sender.send_request(request).await?.into_parts();
        Ok(Response::from_parts(parts, Full::new(body.collect().await?.to_bytes())))
    }
}

fn is_transaction(request: &Request<Full<Bytes>>) -> bool {
    let target = request.headers().get("x-amz-target");
    target.is_some_and(|target| target.as_bytes().ends_with(b"TransactWriteItems"))
}

/// As DynamoDB says it, or as S3 does.
fn throttled(is_transaction: bool) -> Answer {
    let (status, body) = if is_transaction {
        (400, r#"{"__type":"ThrottlingException","message":"too fast"}"#)
    } else {
        (503, "<Error><Code>SlowDown</Code><Message>too fast</Message></Error>")
    };
    let answer =
        Response::builder().status(status).body(Full::new(Bytes::from_static(body.as_bytes())));
    answer.expect("it is well formed")
}
