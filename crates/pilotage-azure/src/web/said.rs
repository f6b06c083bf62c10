//! What Azure says when it says no.

use hyper::StatusCode;
use serde::Deserialize;

use crate::Error;

/// How much of a text is repeated.
const LONGEST: usize = 500;

/// Both forms: that of token servers, and that of registries.
#[derive(Default, Deserialize)]
struct Refusal {
    #[serde(default)]
    error: String,
    #[serde(default)]
    error_description: String,
    #[serde(default)]
    errors: Vec<Detail>,
}

#[derive(Deserialize)]
struct Detail {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
}

pub(super) fn refusal(doing: &str, status: StatusCode, body: &[u8]) -> Error {
    let refusal: Refusal = serde_json::from_slice(body).unwrap_or_default();
    let (code, said) = match refusal.errors.into_iter().next() {
        Some(detail) => (detail.code, detail.message),
        None => (refusal.error, refusal.error_description),
    };
    let fallback = status.canonical_reason().unwrap_or("unknown status");
    let code = if code.is_empty() { fallback.to_owned() } else { shortened(&code) };
    let said = if said.is_empty() { "no reason was given".to_owned() } else { shortened(&said) };
    Error::Refused { doing: doing.into(), status: status.as_u16(), code, said }
}

/// One line of it: Entra ID adds trace ids on lines of their own.
fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    line.chars().filter(|letter| !letter.is_control()).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(body: &str) -> String {
        refusal("try", StatusCode::UNAUTHORIZED, body.as_bytes()).to_string()
    }

    #[test]
    fn both_forms_and_none_are_told() {
        let login = r#"{"error":"invalid_client","error_description":"AADSTS7000215: wrong\r\nTrace ID: x"}"#;
        assert_eq!(told(login), "could not try: status 401, invalid_client: AADSTS7000215: wrong");
        let registry = r#"{"errors":[{"code":"UNAUTHORIZED","message":"no access"}]}"#;
        assert_eq!(told(registry), "could not try: status 401, UNAUTHORIZED: no access");
        assert_eq!(told("<html>"), "could not try: status 401, Unauthorized: no reason was given");
    }
}
