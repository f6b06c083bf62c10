//! Who may do what.

use hyper::Method;

use super::answer::Answer;
use super::request::{Request, pairs};
use super::route::Route;
use super::state::State;
use super::{Fault, Login};

/// Refuses a call without the credentials that it needs.
pub(super) fn refuse(state: &State, request: &Request, route: &Route) -> Option<Answer> {
    let given = request.header("authorization");
    match &state.behaviour.login {
        // Credentials that nobody asked for went to the wrong place.
        Login::Open if given.is_some() => {
            Some(Answer::error(400, "UNSUPPORTED", "nobody asked for credentials"))
        }
        Login::Open => None,
        Login::Basic(user, password) => {
            (given != Some(basic(user, password).as_str())).then(|| {
                let answer = Answer::error(401, "UNAUTHORIZED", "authentication required");
                answer.named("www-authenticate", "Basic realm=\"fake\"")
            })
        }
        Login::Token(..) | Login::Refresh(_) => {
            without_token(state, given, &needed(request, route))
        }
    }
}

fn without_token(state: &State, given: Option<&str>, needed: &[String]) -> Option<Answer> {
    let token = given.and_then(|given| given.strip_prefix("Bearer "));
    let allowed = token.and_then(|token| state.tokens.get(token));
    if allowed.is_some_and(|allowed| needed.iter().all(|needed| grants(allowed, needed))) {
        return None;
    }
    let (address, scope) = (state.address, needed.join(" "));
    let challenge =
        format!("Bearer realm=\"http://{address}/token\",service=\"fake\",scope=\"{scope}\"");
    let answer = Answer::error(401, "UNAUTHORIZED", "authentication required");
    Some(answer.named("www-authenticate", challenge))
}

/// A token to push is one to pull as well.
fn grants(allowed: &[String], needed: &str) -> bool {
    let push = needed.replace(":pull", ":pull,push");
    allowed.iter().any(|scope| scope == needed || *scope == push)
}

fn needed(request: &Request, route: &Route) -> Vec<String> {
    let reads = matches!(request.method, Method::GET | Method::HEAD);
    // The status of an upload is for who may upload.
    let reads = reads && !matches!(route, Route::Upload { .. });
    let rights = if reads { "pull" } else { "pull,push" };
    let own = route.repository().map(|name| format!("repository:{name}:{rights}"));
    let from = request.query("from").filter(|from| Some(*from) != route.repository());
    let from = from.map(|name| format!("repository:{name}:pull"));
    own.into_iter().chain(from).collect()
}

/// Gives a token to who has the password.
pub(super) fn token(state: &mut State, request: &Request) -> Answer {
    if state.fault(|fault| *fault == Fault::NoToken).is_some() {
        return Answer::new(401).body("application/json", r#"{"details":"password expired"}"#);
    }
    let form = match request.method {
        Method::POST => pairs(&String::from_utf8_lossy(&request.body)),
        _ => request.query.clone(),
    };
    let value = |name: &str| form.iter().find(|(given, _)| given == name).map(|(_, v)| v.as_str());
    let is_known = match &state.behaviour.login {
        Login::Token(user, password) => {
            request.method == Method::GET
                && request.header("authorization") == Some(basic(user, password).as_str())
        }
        Login::Refresh(token) => {
            request.method == Method::POST
                && value("grant_type") == Some("refresh_token")
                && value("refresh_token") == Some(token.as_str())
        }
        Login::Open | Login::Basic(..) => false,
    };
    if !is_known || value("service") != Some("fake") {
        return Answer::new(401).body("application/json", r#"{"details":"wrong password"}"#);
    }
    let scopes = form.iter().filter(|(name, _)| name == "scope").map(|(_, scope)| scope.clone());
    let (scopes, token) = (scopes.collect(), format!("token-{}", state.next()));
    state.tokens.insert(token.clone(), scopes);
    let body = serde_json::json!({ "token": token, "expires_in": 300 });
    Answer::new(200).body("application/json", body.to_string())
}

/// Written out here, so that the fake does not share a mistake with the client.
fn basic(user: &str, password: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let text = format!("{user}:{password}");
    let mut encoded = String::from("Basic ");
    for three in text.as_bytes().chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - three.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
            encoded.push(if place > three.len() { '=' } else { char::from(digit) });
        }
    }
    encoded
}
