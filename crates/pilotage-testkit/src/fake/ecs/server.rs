//! The socket, and the way of a call to what carries it out.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Collected, Full};
use hyper::body::Incoming;
use hyper::header::HeaderValue;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::super::lock;
use super::answer::Refusal;
use super::balancer;
use super::world::World;

const ECS: &str = "AmazonEC2ContainerServiceV20141113.";
const LOGS: &str = "Logs_20140328.";

/// Who a token of a CI system stands for is asked at the same address.
const EXCHANGE: &[u8] = b"Action=AssumeRoleWithWebIdentity";
const CREDENTIALS: &str = "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult>\
    <Credentials><AccessKeyId>ASIAFAKE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>\
    <SessionToken>token</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials>\
    </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>";

pub(super) async fn serve(listener: TcpListener, world: Arc<Mutex<World>>) {
    // Connections end with the server.
    let mut connections = JoinSet::new();
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            connections.spawn(converse(stream, world.clone()));
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn converse(stream: TcpStream, world: Arc<Mutex<World>>) {
    let service = service_fn(|request| reply(request, &world));
    // A client that hangs up has what it wanted.
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn reply(
    request: Request<Incoming>,
    world: &Mutex<World>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map(Collected::to_bytes).unwrap_or_default();
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    if body.starts_with(EXCHANGE) {
        return Ok(response(200, "text/xml", CREDENTIALS.into()));
    }
    let scope = |name: &str| header("authorization").is_some_and(|words| words.contains(name));
    if scope("/elasticloadbalancing/") {
        return Ok(balanced(&body, world));
    }
    let target = header("x-amz-target").unwrap_or_default();
    let (signed_for, target) = match target.strip_prefix(LOGS) {
        Some(action) => ("/logs/", Some(action)),
        None => ("/ecs/", target.strip_prefix(ECS)),
    };
    let is_signed = scope(signed_for);
    let answer = match (is_signed, target, serde_json::from_slice::<Value>(&body)) {
        (false, ..) => Refusal::new("MissingAuthenticationToken", "nobody has signed this").into(),
        (_, Some(action), Ok(body)) if !balancer::ACTIONS.contains(&action) => {
            lock(world).call(action, &body)
        }
        _ => Refusal::new("SerializationException", "this is no call").into(),
    };
    Ok(response(answer.status, "application/x-amz-json-1.1", answer.body.to_string()))
}

/// The load balancer speaks otherwise.
fn balanced(body: &[u8], world: &Mutex<World>) -> Response<Full<Bytes>> {
    let form = String::from_utf8_lossy(body);
    let (action, answer) = match balancer::wire::read(&form) {
        Some((action, body)) if balancer::ACTIONS.contains(&&*action) => {
            let answer = lock(world).call(&action, &body);
            (action, answer)
        }
        _ => ("Nothing".into(), Refusal::new("InvalidAction", "this is no call").into()),
    };
    response(answer.status, "text/xml", balancer::wire::written(&action, &answer))
}

fn response(status: u16, media: &'static str, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::from_static(media));
    headers.insert("x-amzn-requestid", HeaderValue::from_static("request-7"));
    response
}
