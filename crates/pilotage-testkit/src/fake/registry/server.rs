//! The socket, and the way of a request to what it is about.

use std::sync::{Arc, Mutex};

use bytes::BytesMut;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Method, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::super::lock;
use super::answer::{Answer, Body, Broken};
use super::request::{Request, pairs};
use super::route::Route;
use super::state::{Seen, State};
use super::{Fault, blobs, login, manifests, referrers, uploads};

pub(super) async fn serve(listener: TcpListener, state: Arc<Mutex<State>>) {
    // Connections end with the server.
    let mut connections = JoinSet::new();
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            connections.spawn(connection(stream, state.clone()));
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(stream: TcpStream, state: Arc<Mutex<State>>) {
    let service = service_fn(|request| answer(request, state.clone()));
    let io = TokioIo::new(stream);
    // A connection that breaks on purpose is not worth a word.
    let _broken = hyper::server::conn::http1::Builder::new().serve_connection(io, service).await;
}

async fn answer(
    request: hyper::Request<Incoming>,
    state: Arc<Mutex<State>>,
) -> Result<Response<Body>, Broken> {
    let request = read(request, &state).await?;
    let only_looks = request.method == Method::HEAD;
    let answer =
        if request.is_cut { keep_half(&request, &state) } else { decide(&request, &state) };
    let query: Vec<String> =
        request.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    lock(&state).log.push(Seen {
        method: request.method.to_string(),
        path: format!("{}{query}", request.path),
        status: answer.seen(),
        authorization: request.header("authorization").map(Into::into),
    });
    answer.send(only_looks)
}

async fn read(request: hyper::Request<Incoming>, state: &Mutex<State>) -> Result<Request, Broken> {
    let (parts, mut incoming) = request.into_parts();
    let length: Option<usize> =
        parts.headers.get("content-length").and_then(|length| length.to_str().ok()?.parse().ok());
    let path = parts.uri.path().to_owned();
    let is_upload = path.contains("/blobs/uploads/") && length.is_some_and(|length| length > 1);
    let cut = |fault: &Fault| is_upload && *fault == Fault::CutUpload;
    let is_cut = is_upload && lock(state).fault(cut).is_some();
    let wanted = if is_cut { length.unwrap_or(0) / 2 } else { usize::MAX };
    let mut body = BytesMut::new();
    while let Some(frame) = incoming.frame().await {
        if let Ok(data) = frame.map_err(|_| Broken)?.into_data() {
            body.extend_from_slice(&data);
        }
        if body.len() >= wanted {
            body.truncate(wanted);
            break;
        }
    }
    let query = pairs(parts.uri.query().unwrap_or_default());
    let (method, headers) = (parts.method, parts.headers);
    Ok(Request { method, path, query, headers, body: body.freeze(), is_cut })
}

/// What arrived before a cut is kept, and the connection breaks.
fn keep_half(request: &Request, state: &Mutex<State>) -> Answer {
    if let Some(Route::Upload { id, .. }) = Route::of(&request.path)
        && let Some(upload) = lock(state).uploads.get_mut(&id)
    {
        upload.bytes.extend_from_slice(&request.body);
    }
    Answer::lost()
}

fn decide(request: &Request, state: &Mutex<State>) -> Answer {
    let mut state = lock(state);
    let Some(route) = Route::of(&request.path) else { return Answer::new(404) };
    if route == Route::Token {
        return login::token(&mut state, request);
    }
    if let Some(answer) = passing(&mut state) {
        return answer;
    }
    if let Some(refusal) = login::refuse(&state, request, &route) {
        return refusal;
    }
    match route {
        Route::Base | Route::Token => Answer::new(200),
        Route::Manifest { repository, reference } => {
            manifests::answer(&mut state, request, &repository, &reference)
        }
        Route::Blob { repository, digest } => {
            blobs::answer(&mut state, request, &repository, &digest)
        }
        Route::Uploads { repository } => uploads::begin(&mut state, request, &repository),
        Route::Upload { repository, id } => uploads::go_on(&mut state, request, &repository, id),
        Route::Referrers { repository, digest } => {
            referrers::answer(&state, request, &repository, &digest)
        }
        Route::Tags { repository } => manifests::tags(&state, request, &repository),
    }
}

/// Trouble that has nothing to do with what was asked.
fn passing(state: &mut State) -> Option<Answer> {
    let fits = |fault: &Fault| matches!(fault, Fault::Throttle(_) | Fault::Status(_));
    match state.fault(fits)? {
        Fault::Throttle(seconds) => {
            let answer = Answer::error(429, "TOOMANYREQUESTS", "slow down");
            Some(answer.named("retry-after", seconds.to_string()))
        }
        Fault::Status(status) => Some(Answer::error(status, "UNKNOWN", "made up")),
        _ => None,
    }
}
