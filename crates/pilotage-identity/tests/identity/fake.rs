//! The token endpoints of GitHub Actions and Azure DevOps, stricter than the real ones.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What a job asks with.
pub(crate) const BEARER: &str = "canary-bearer-of-the-job";

/// What the fake knows.
#[derive(Default)]
pub(crate) struct State {
    /// The next answers, before it answers rightly again: a status and a body.
    pub(crate) faults: VecDeque<(u16, String)>,
    /// The lines of the requests that were answered with a token.
    pub(crate) served: Vec<String>,
}

/// A fake that runs until it is dropped.
pub(crate) struct Fake {
    pub(crate) address: String,
    pub(crate) state: Arc<Mutex<State>>,
    task: tokio::task::JoinHandle<()>,
}

impl Fake {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("bound"));
        let state = Arc::new(Mutex::new(State::default()));
        let shared = state.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, shared.clone()));
            }
        });
        Self { address, state, task }
    }

    pub(crate) fn fail(&self, status: u16, body: &str) {
        self.state.lock().expect("sound").faults.push_back((status, body.into()));
    }

    pub(crate) fn served(&self) -> Vec<String> {
        self.state.lock().expect("sound").served.clone()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn converse(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).expect("a request is text");
    let (status, body) = answer(&head, &mut state.lock().expect("sound"));
    let length = body.len();
    let said = format!(
        "HTTP/1.1 {status} x\r\ncontent-length: {length}\r\nlocation: http://127.0.0.1:1/\r\n\
         connection: close\r\n\r\n{body}"
    );
    // A client that hangs up has what it wanted.
    let _ = stream.write_all(said.as_bytes()).await;
}

fn answer(head: &str, state: &mut State) -> (u16, String) {
    if let Some(fault) = state.faults.pop_front() {
        return fault;
    }
    let mut lines = head.lines();
    let line = lines.next().unwrap_or_default().to_owned();
    let bearer = format!("Bearer {BEARER}");
    let header = |name: &str| lines.clone().find_map(|line| line.strip_prefix(name)).map(str::trim);
    if header("authorization:") != Some(&bearer) {
        return (401, r#"{"message":"who asks?"}"#.into());
    }
    let token = token(state.served.len());
    let body = match line.as_str() {
        "GET /token?api-version=2.0&audience=sts.amazonaws.com HTTP/1.1"
        | "GET /token?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange HTTP/1.1" => {
            format!(r#"{{"count":1,"value":"{token}"}}"#)
        }
        "POST /oidctoken?api-version=7.1 HTTP/1.1"
        | "POST /oidctoken?api-version=7.1&serviceConnectionId=5eed HTTP/1.1"
            if header("content-type:") == Some("application/json")
                && header("content-length:") == Some("0") =>
        {
            format!(r#"{{"oidcToken":"{token}"}}"#)
        }
        _ => return (404, r#"{"message":"no such question"}"#.into()),
    };
    state.served.push(line);
    (200, body)
}

/// A token like no other.
pub(crate) fn token(number: usize) -> String {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let claims = format!(r#"{{"sub":"canary-subject","n":{number}}}"#);
    format!("{}.{}.{}", part(r#"{"alg":"RS256"}"#), part(&claims), part("signature"))
}
