//! One request: claimed by a unit, sent, perhaps sent again, answered.
//!
//! A request is sent again only if no unit can have acted on it: no connection could be made, or
//! none of it was written, or it is without effect by definition (a `GET` without a body) and the
//! idle connection that it was sent on broke before the response. Anything else is answered with
//! an error that names the track, because a second copy of a payment is worse than an error.

use std::net::IpAddr;
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::client::conn::TrySendError;
use hyper::header::{HeaderValue, SET_COOKIE};
use hyper::upgrade::OnUpgrade;
use hyper::{Method, Request, Response, StatusCode};
use tokio::time::timeout;

use crate::os::now;

use super::Shared;
use super::body::{Progress, ProxyBody, RequestBody, Upload};
use super::connection::{Lease, Reuse};
use super::failure::{Failure, plain};
use super::headers::{self, is_websocket, set_upgrade, strip_hop_by_hop, upgrade_of};
use super::limits::Limits;
use super::tunnel::{Framing, carry};
use super::unit::Claim;

/// How often one request is tried in all.
const MOST_ATTEMPTS: usize = 3;

/// Answers one request of a client.
pub(super) async fn forward(
    proxy: &Arc<Shared>,
    client: IpAddr,
    request: Request<Incoming>,
) -> Response<ProxyBody> {
    if request.method() == Method::CONNECT {
        return plain(StatusCode::METHOD_NOT_ALLOWED, "pilotage: CONNECT is not served here\n");
    }
    let Some((claim, cookie)) = proxy.routes.claim(request.headers()) else {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "pilotage: no unit is routed to\n");
    };
    let mut response = exchange(proxy, client, claim, request).await;
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

async fn exchange(
    proxy: &Arc<Shared>,
    client: IpAddr,
    claim: Claim,
    mut request: Request<Incoming>,
) -> Response<ProxyBody> {
    let began = now();
    let upgrade = Upgrade::asked_by(&mut request);
    let request = toward_unit(proxy, client, &claim, request, upgrade.as_ref());
    match send(proxy, claim, request).await {
        Ok(Answer { response, claim, lease }) => {
            claim.counters().response(response.status(), began.elapsed());
            toward_client(proxy, response, claim, lease, upgrade)
        }
        Err((failure, claim)) => {
            claim.counters().failure(&failure);
            failure.response(claim.track())
        }
    }
}

/// A client's wish to change the protocol, and the connection once it has.
struct Upgrade {
    protocol: HeaderValue,
    client: OnUpgrade,
}

impl Upgrade {
    fn asked_by(request: &mut Request<Incoming>) -> Option<Self> {
        let protocol = upgrade_of(request.version(), request.headers())?;
        Some(Self { protocol, client: hyper::upgrade::on(request) })
    }
}

fn toward_unit(
    proxy: &Shared,
    client: IpAddr,
    claim: &Claim,
    request: Request<Incoming>,
    upgrade: Option<&Upgrade>,
) -> Request<RequestBody> {
    let (mut head, body) = request.into_parts();
    let protocol = claim.unit().upstream().protocol;
    headers::toward_unit(&mut head, protocol, client, proxy.limits.trust_forwarded);
    if let Some(upgrade) = upgrade {
        set_upgrade(&mut head.headers, upgrade.protocol.clone());
    }
    Request::from_parts(head, RequestBody::new(body))
}

struct Answer {
    response: Response<Incoming>,
    claim: Claim,
    lease: Lease,
}

/// How one attempt ended.
enum Attempt {
    Answered(Response<Incoming>, Lease),
    /// No unit can have acted on the request, so here it is again.
    Unseen(Request<RequestBody>, Failure),
    Failed(Failure),
}

async fn send(
    proxy: &Shared,
    mut claim: Claim,
    mut request: Request<RequestBody>,
) -> Result<Answer, (Failure, Claim)> {
    let mut reuse = Reuse::Allowed;
    let mut left = MOST_ATTEMPTS;
    loop {
        let failure = match attempt(&claim, request, reuse, &proxy.limits).await {
            Attempt::Answered(response, lease) => return Ok(Answer { response, claim, lease }),
            Attempt::Failed(failure) => return Err((failure, claim)),
            Attempt::Unseen(again, failure) => {
                request = again;
                failure
            }
        };
        left -= 1;
        if left == 0 {
            return Err((failure, claim));
        }
        claim = next_claim(proxy, claim, failure)?;
        reuse = Reuse::Never;
    }
}

/// Where to try next: on the same unit if only its idle connection had died, else on another unit
/// of the same track.
fn next_claim(proxy: &Shared, claim: Claim, failure: Failure) -> Result<Claim, (Failure, Claim)> {
    let Failure::Connect(_) = failure else { return Ok(claim) };
    match proxy.routes.claim_beside(&claim) {
        Some(other) => {
            claim.counters().failure(&failure);
            Ok(other)
        }
        None => Err((failure, claim)),
    }
}

async fn attempt(
    claim: &Claim,
    request: Request<RequestBody>,
    reuse: Reuse,
    limits: &Limits,
) -> Attempt {
    let mut lease = match Lease::take(claim.unit(), reuse, limits).await {
        Ok(lease) => lease,
        Err(error) => return Attempt::Unseen(request, Failure::Connect(error)),
    };
    let progress = request.body().progress();
    let spare = if lease.reused() { spare_head(&request) } else { None };
    match answer_in_time(lease.send(request), progress.as_deref(), limits).await {
        Ok(Ok(response)) => Attempt::Answered(response, lease),
        Ok(Err(error)) => broken(error, spare, progress.as_deref()),
        Err(failure) => Attempt::Failed(failure),
    }
}

/// A copy of a request that may be sent twice: it has no body and, by its method, no effect.
fn spare_head(request: &Request<RequestBody>) -> Option<Request<RequestBody>> {
    let repeatable = request.method().is_safe() && matches!(request.body(), RequestBody::Empty);
    repeatable.then(|| {
        let mut spare = Request::new(RequestBody::Empty);
        spare.method_mut().clone_from(request.method());
        spare.uri_mut().clone_from(request.uri());
        *spare.version_mut() = request.version();
        spare.headers_mut().clone_from(request.headers());
        spare
    })
}

fn broken(
    mut error: TrySendError<Request<RequestBody>>,
    spare: Option<Request<RequestBody>>,
    progress: Option<&Progress>,
) -> Attempt {
    let unsent = error.take_message();
    let cause = error.into_error();
    if progress.is_some_and(|progress| progress.read() == Upload::Broken) {
        return Attempt::Failed(Failure::ClientBroke);
    }
    match unsent.or(spare.filter(|_| !cause.is_parse())) {
        Some(request) => Attempt::Unseen(request, Failure::Broken(cause)),
        None => Attempt::Failed(Failure::Broken(cause)),
    }
}

/// Waits for the head of the response, for as long as the body of the request makes progress.
async fn answer_in_time<T>(
    answer: impl Future<Output = T>,
    progress: Option<&Progress>,
    limits: &Limits,
) -> Result<T, Failure> {
    tokio::pin!(answer);
    let read = || progress.map_or(Upload::Complete, Progress::read);
    let mut before = read();
    loop {
        if let Ok(answered) = timeout(limits.response_head, &mut answer).await {
            return Ok(answered);
        }
        let after = read();
        match after {
            _ if after != before => before = after,
            Upload::Complete => return Err(Failure::ResponseTimeout),
            Upload::Sending(_) | Upload::Broken => return Err(Failure::ClientTimeout),
        }
    }
}

fn toward_client(
    proxy: &Shared,
    mut response: Response<Incoming>,
    claim: Claim,
    lease: Lease,
    upgrade: Option<Upgrade>,
) -> Response<ProxyBody> {
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        return switch_protocols(proxy, response, claim, lease, upgrade);
    }
    strip_hop_by_hop(response.headers_mut());
    let (mut head, body) = response.into_parts();
    head.version = hyper::Version::default();
    Response::from_parts(head, ProxyBody::unit(body, claim, lease))
}

/// Turns the exchange into a tunnel, which takes the place of the claim.
fn switch_protocols(
    proxy: &Shared,
    mut response: Response<Incoming>,
    claim: Claim,
    lease: Lease,
    upgrade: Option<Upgrade>,
) -> Response<ProxyBody> {
    let agreed = upgrade_of(response.version(), response.headers());
    let (Some(upgrade), Some(protocol)) = (upgrade, agreed) else {
        return plain(
            StatusCode::BAD_GATEWAY,
            format!("pilotage: the {} track changed the protocol unasked\n", claim.track()),
        );
    };
    let unit = hyper::upgrade::on(&mut response);
    let framing = if is_websocket(&protocol) { Framing::WebSocket } else { Framing::Opaque };
    let closing = claim.unit().open_tunnel();
    let grace = proxy.limits.close_grace;
    lease.give_up();
    tokio::spawn(async move {
        let (client, unit) = tokio::try_join!(upgrade.client, unit).map_err(drop)?;
        drop(claim);
        carry(client, unit, framing, closing, grace).await.map_err(drop)
    });
    let (mut head, _) = response.into_parts();
    strip_hop_by_hop(&mut head.headers);
    set_upgrade(&mut head.headers, protocol);
    Response::from_parts(head, ProxyBody::text(String::new()))
}
