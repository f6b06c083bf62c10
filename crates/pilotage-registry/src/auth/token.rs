//! Getting a token from a token server.

use bytes::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use hyper::{Method, StatusCode, Uri};
use pilotage_rollout::Span;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::basic::basic;
use super::{Credential, Scopes};
use crate::Error;
use crate::http::{Answer, Ask, Caller, Origin, collect};

const LONGEST: usize = 256 << 10;
/// What the specification says of a token that does not say it itself.
const USUAL_LIFE: Span = Span::from_secs(60);

/// Where tokens come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Issuer {
    realm: Uri,
    service: Option<String>,
    /// A scope of the registry's own, beside those of repositories.
    extra: Option<String>,
}

/// A token, and how long it lives.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) secret: SecretString,
    pub(super) life: Span,
}

#[derive(Deserialize)]
struct Issued {
    #[serde(alias = "access_token")]
    token: Option<SecretString>,
    expires_in: Option<u64>,
}

/// Some servers give the token under both names, which one field could not take.
#[derive(Deserialize)]
struct IssuedTwice {
    token: SecretString,
    expires_in: Option<u64>,
}

impl Issuer {
    /// The token server that a registry names, if it may.
    pub(super) fn named(
        registry: &Origin,
        realm: &str,
        service: Option<String>,
        scope: Option<String>,
    ) -> Result<Self, String> {
        let realm = registry.resolve(realm).map_err(|barred| barred.to_string())?;
        let extra = scope.filter(|scope| !scope.starts_with("repository:"));
        Ok(Self { realm, service, extra })
    }

    /// Exchanges a credential for a token.
    pub(super) async fn issue(
        &self,
        caller: &Caller,
        credential: &Credential,
        scopes: &Scopes,
    ) -> Result<Token, Error> {
        let doing =
            format!("get a token from {}", self.realm.authority().map_or("", |a| a.as_str()));
        let (user, secret) = match credential {
            Credential::None => return self.by_get(caller, None, scopes, doing).await,
            Credential::Token(token) => {
                return Ok(Token { secret: token.clone(), life: USUAL_LIFE });
            }
            Credential::Password { user, password } => (user, password),
            Credential::Identity { user, token } => {
                let answer = self.post(caller, token, scopes, &doing).await?;
                // Some token servers know only the older way.
                if !matches!(
                    answer.status(),
                    StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED
                ) {
                    return read(caller, answer, &doing).await;
                }
                (user, token)
            }
        };
        self.by_get(caller, basic(user, secret), scopes, doing).await
    }

    async fn by_get(
        &self,
        caller: &Caller,
        pass: Option<HeaderValue>,
        scopes: &Scopes,
        doing: String,
    ) -> Result<Token, Error> {
        let separator = if self.realm.query().is_some() { '&' } else { '?' };
        let uri = format!("{}{separator}{}", self.realm, self.form(scopes));
        let wrong =
            |_| Error::Malformed { doing: doing.clone(), why: "its address is none".into() };
        let mut ask = Ask::new(Method::GET, uri.parse().map_err(wrong)?, doing.clone());
        if let Some(pass) = pass {
            ask = ask.header(AUTHORIZATION, pass);
        }
        read(caller, caller.call(&ask, None).await?, &doing).await
    }

    async fn post(
        &self,
        caller: &Caller,
        token: &SecretString,
        scopes: &Scopes,
        doing: &str,
    ) -> Result<Answer, Error> {
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        let secret = encode(token.expose_secret());
        let body = format!(
            "grant_type=refresh_token&client_id=pilotage&refresh_token={secret}&{}",
            self.form(scopes)
        );
        let ask = Ask::new(Method::POST, self.realm.clone(), doing).header(CONTENT_TYPE, form);
        caller.call(&ask.body(Bytes::from(body)), None).await
    }

    fn form(&self, scopes: &Scopes) -> String {
        let service = self.service.iter().map(|service| format!("service={}", encode(service)));
        let scopes = scopes.iter().chain(self.extra.as_deref());
        let scopes = scopes.map(|scope| format!("scope={}", encode(scope)));
        service.chain(scopes).collect::<Vec<_>>().join("&")
    }
}

async fn read(caller: &Caller, answer: Answer, doing: &str) -> Result<Token, Error> {
    let stall = caller.wire.patience().stall;
    if !answer.status().is_success() {
        return Err(match caller.refusal(answer, doing).await {
            // Token servers refuse wrong passwords in many ways, and they all mean the same.
            Error::Refused { doing, said } if said.http().is_client_error() => {
                Error::Unauthorized { doing, said }
            }
            other => other,
        });
    }
    let body = collect(answer, LONGEST, stall, doing).await?;
    parse(&body).ok_or_else(|| {
        let why = "there is no token in it".into();
        Error::Malformed { doing: doing.into(), why }
    })
}

fn parse(body: &[u8]) -> Option<Token> {
    let both = |IssuedTwice { token, expires_in }| (Some(token), expires_in);
    let (token, seconds) = serde_json::from_slice(body).map(both).ok().or_else(|| {
        let Issued { token, expires_in } = serde_json::from_slice(body).ok()?;
        Some((token, expires_in))
    })?;
    let secret = token.filter(|token| !token.expose_secret().is_empty())?;
    Some(Token { secret, life: seconds.map_or(USUAL_LIFE, Span::from_secs) })
}

/// Percent-encodes everything that could mean something in a query or a form.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            other => {
                const DIGITS: [char; 16] = [
                    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
                ];
                encoded.push('%');
                let digit = |n: u8| DIGITS.get(usize::from(n)).copied().unwrap_or_default();
                encoded.extend([digit(other >> 4), digit(other & 15)]);
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_tokens_under_either_name_or_both() {
        for (body, life) in [
            (r#"{"token":"t"}"#, USUAL_LIFE),
            (r#"{"access_token":"t","expires_in":300}"#, Span::from_secs(300)),
            (r#"{"token":"t","access_token":"u","expires_in":9}"#, Span::from_secs(9)),
        ] {
            let token = parse(body.as_bytes()).expect(body);
            assert_eq!((token.secret.expose_secret(), token.life), ("t", life), "{body}");
        }
        for body in ["", "{}", r#"{"token":""}"#, r#"{"token":null}"#, "[1]"] {
            assert!(parse(body.as_bytes()).is_none(), "{body}");
        }
    }

    #[test]
    fn nothing_in_a_form_means_anything() {
        assert_eq!(encode("repository:a/b:pull,push"), "repository%3Aa%2Fb%3Apull%2Cpush");
        assert_eq!(encode("a&b=c d+é"), "a%26b%3Dc%20d%2B%C3%A9");
    }
}
