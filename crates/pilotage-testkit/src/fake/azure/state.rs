//! What the fake knows, and how it decides.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::vault::Vault;

/// The directory that it knows.
pub const TENANT: &str = "11111111-1111-1111-1111-111111111111";
/// The application that it knows.
pub const CLIENT: &str = "22222222-2222-2222-2222-222222222222";
/// The secret of that application.
pub const SECRET: &str = "a secret & more = of it";
const RESOURCE: &str = "https://containerregistry.azure.net";
const VAULTS: &str = "https://vault.azure.net";

/// A request, as far as the fake looks at it.
pub(super) struct Asked {
    pub method: String,
    pub path: String,
    pub query: Option<BTreeMap<String, String>>,
    pub form: Option<BTreeMap<String, String>>,
    pub metadata: String,
    pub authorization: String,
}

/// An answer.
pub(super) struct Answer {
    pub status: u16,
    pub challenge: Option<String>,
    pub body: String,
}

/// What the fake knows.
#[derive(Debug)]
pub struct State {
    host: String,
    /// The tokens of CI systems that it trusts.
    pub trusted: BTreeSet<String>,
    /// How many of the next answers are "too busy".
    pub busy: usize,
    /// When the refresh tokens of the registry end, in seconds since the epoch.
    pub refresh_ends: u64,
    /// What was answered with success, by path.
    pub served: Vec<String>,
    /// What is in its vaults.
    pub vault: Vault,
    given: BTreeSet<String>,
}

type Fields = BTreeMap<String, String>;

impl State {
    pub(super) fn at(host: &str) -> Self {
        Self {
            host: host.into(),
            trusted: BTreeSet::new(),
            busy: 0,
            refresh_ends: 10_000_000_000,
            served: Vec::new(),
            vault: Vault::default(),
            given: BTreeSet::new(),
        }
    }

    /// How often a path was served with success.
    pub fn served(&self, path: &str) -> usize {
        self.served.iter().filter(|served| *served == path).count()
    }

    pub(super) fn answer(&mut self, asked: &Asked) -> Answer {
        if self.busy > 0 {
            self.busy -= 1;
            return refused(503, "temporarily_unavailable", "AADSTS90033: too busy");
        }
        let answer = self.decide(asked);
        if answer.status == 200 {
            self.served.push(asked.path.clone());
        }
        answer
    }

    fn decide(&mut self, asked: &Asked) -> Answer {
        let empty = Fields::new();
        let form = asked.form.as_ref().unwrap_or(&empty);
        let login = format!("/{TENANT}/oauth2/v2.0/token");
        match (asked.method.as_str(), asked.path.as_str()) {
            ("POST", path) if path == login => self.log_in(form),
            ("GET", "/metadata/identity/oauth2/token") => self.identify(asked),
            ("POST", "/oauth2/exchange") => self.exchange(form),
            ("POST", "/oauth2/token") => self.narrow(form),
            ("GET", "/v2/team/app/tags/list") => self.list(&asked.authorization),
            ("GET", path) if path.contains("secrets/") => self.open(asked, path),
            _ => refused(404, "not_found", "the fake knows no such path"),
        }
    }

    fn give(&mut self, kind: &str) -> String {
        let number = self.given.len();
        let claims = format!(r#"{{"exp":{},"n":{number}}}"#, self.refresh_ends);
        let token = format!("{kind}.{}.signature", URL_SAFE_NO_PAD.encode(claims));
        self.given.insert(token.clone());
        token
    }

    fn gave(&self, kind: &str, token: Option<&String>) -> bool {
        token.is_some_and(|token| token.starts_with(kind) && self.given.contains(token))
    }

    fn log_in(&mut self, form: &Fields) -> Answer {
        let is = |name: &str, value: &str| form.get(name).is_some_and(|given| given == value);
        let (registries, vaults) = (format!("{RESOURCE}/.default"), format!("{VAULTS}/.default"));
        let kind = if is("scope", &vaults) { "vault" } else { "entra" };
        if !(is("grant_type", "client_credentials")
            && is("client_id", CLIENT)
            && (is("scope", &registries) || kind == "vault"))
        {
            return refused(400, "invalid_request", "AADSTS900144: a field is missing or wrong");
        }
        let assertion = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        let is_trusted = is("client_assertion_type", assertion)
            && form.get("client_assertion").is_some_and(|token| self.trusted.contains(token));
        let is_proven =
            (form.len() == 4 && is("client_secret", SECRET)) || (form.len() == 5 && is_trusted);
        if !is_proven {
            return refused(401, "invalid_client", "AADSTS7000215: the proof is not valid");
        }
        let token = self.give(kind);
        granted(&format!(r#"{{"access_token":"{token}","expires_in":3599}}"#))
    }

    /// How many have logged in.
    pub fn logins(&self) -> usize {
        self.served(&format!("/{TENANT}/oauth2/v2.0/token"))
    }

    /// All tokens are over, whatever they say of themselves.
    pub fn revoke(&mut self) {
        self.given = self.given.iter().map(|token| format!("revoked {token}")).collect();
    }

    /// A vault wants a token that is for vaults, and to be asked in its own version.
    fn open(&mut self, asked: &Asked, path: &str) -> Answer {
        let token = asked.authorization.strip_prefix("Bearer ").map(ToOwned::to_owned);
        if !self.gave("vault", token.as_ref()) {
            return unauthorized("a token for vaults is needed");
        }
        let query = asked.query.clone().unwrap_or_default();
        if query.get("api-version").map(String::as_str) != Some("7.4") {
            return refused(400, "BadParameter", "the version of the interface is missing");
        }
        let page = query.get("page").and_then(|page| page.parse().ok()).unwrap_or(0);
        self.vault.answer(&self.host, path, page)
    }

    fn identify(&mut self, asked: &Asked) -> Answer {
        let empty = Fields::new();
        let query = asked.query.as_ref().unwrap_or(&empty);
        let is = |name: &str, value: &str| query.get(name).is_some_and(|given| given == value);
        let is_meant =
            asked.metadata == "true" && is("api-version", "2018-02-01") && is("resource", RESOURCE);
        if !is_meant || query.get("client_id").is_some_and(|client| client != CLIENT) {
            return refused(400, "invalid_request", "identity not found");
        }
        let token = self.give("entra");
        granted(&format!(r#"{{"access_token":"{token}","expires_in":"3599"}}"#))
    }

    fn exchange(&mut self, form: &Fields) -> Answer {
        let is = |name: &str, value: &str| form.get(name).is_some_and(|given| given == value);
        let is_sound = is("grant_type", "access_token")
            && is("service", &self.host)
            && form.get("tenant").is_none_or(|tenant| tenant == TENANT)
            && self.gave("entra", form.get("access_token"));
        if !is_sound {
            return unauthorized("the exchange is not valid");
        }
        let token = self.give("refresh");
        granted(&format!(r#"{{"refresh_token":"{token}"}}"#))
    }

    /// A token for exactly one repository; wildcards are not known.
    fn narrow(&mut self, form: &Fields) -> Answer {
        let is = |name: &str, value: &str| form.get(name).is_some_and(|given| given == value);
        let is_sound = is("grant_type", "refresh_token")
            && is("service", &self.host)
            && is("scope", "repository:team/app:pull")
            && self.gave("refresh", form.get("refresh_token"));
        if !is_sound {
            return unauthorized("the refresh token or the scope is not valid");
        }
        let token = self.give("pull");
        granted(&format!(r#"{{"access_token":"{token}"}}"#))
    }

    fn list(&self, authorization: &str) -> Answer {
        let token = authorization.strip_prefix("Bearer ").map(ToOwned::to_owned);
        if self.gave("pull", token.as_ref()) {
            return granted(r#"{"name":"team/app","tags":["v1.2.3"]}"#);
        }
        let host = &self.host;
        let challenge = format!(
            r#"Bearer realm="http://{host}/oauth2/token",service="{host}",scope="repository:team/app:pull""#
        );
        Answer { challenge: Some(challenge), ..unauthorized("a token is needed") }
    }
}

fn granted(body: &str) -> Answer {
    Answer { status: 200, challenge: None, body: body.into() }
}

fn refused(status: u16, code: &str, said: &str) -> Answer {
    let body = format!(r#"{{"error":"{code}","error_description":"{said}\r\nTrace ID: x"}}"#);
    Answer { status, challenge: None, body }
}

fn unauthorized(said: &str) -> Answer {
    let body = format!(r#"{{"errors":[{{"code":"UNAUTHORIZED","message":"{said}"}}]}}"#);
    Answer { status: 401, challenge: None, body }
}
