//! What a server says when it says no.

use hyper::StatusCode;
use serde::Deserialize;

use super::{Error, Question};

/// How much of a text is repeated.
const LONGEST: usize = 500;

/// All forms: that of token servers, that of registries, and a message alone.
#[derive(Default, Deserialize)]
struct Refusal {
    #[serde(default)]
    error: String,
    #[serde(default)]
    error_description: String,
    #[serde(default)]
    errors: Vec<Detail>,
    #[serde(default)]
    message: String,
}

#[derive(Deserialize)]
struct Detail {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
}

pub(super) fn refusal(question: &Question, status: StatusCode, body: &[u8]) -> Error {
    let refusal: Refusal = serde_json::from_slice(body).unwrap_or_default();
    let (code, said) = match refusal.errors.into_iter().next() {
        Some(detail) => (detail.code, detail.message),
        None if refusal.error_description.is_empty() => (refusal.error, refusal.message),
        None => (refusal.error, refusal.error_description),
    };
    let fallback = status.canonical_reason().unwrap_or("unknown status");
    let told = |text: &str, or: &str| match text {
        "" => or.to_owned(),
        text if question.is_repeated_by(text) => "it repeats what it was asked with".into(),
        text => shortened(text),
    };
    let (code, said) = (told(&code, fallback), told(&said, "no reason was given"));
    let (doing, status) = (question.doing().into(), status.as_u16());
    Error::Refused { doing, status, code, said }
}

/// One line of it: Entra ID adds trace ids on lines of their own.
fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    line.chars().filter(|letter| !letter.is_control()).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::super::Form;
    use super::*;

    fn told(body: &str) -> String {
        let form = Form::default().with_secret("proof", &SecretString::from("canary-proof"));
        let question = Question::post("try", "https://example.org").with_form(form);
        let question = question.as_bearer(&SecretString::from("canary-token"));
        refusal(&question, StatusCode::UNAUTHORIZED, body.as_bytes()).to_string()
    }

    #[test]
    fn both_forms_and_none_are_told() {
        let login = r#"{"error":"invalid_client","error_description":"AADSTS7000215: wrong\r\nTrace ID: x"}"#;
        assert_eq!(told(login), "could not try: status 401, invalid_client: AADSTS7000215: wrong");
        let registry = r#"{"errors":[{"code":"UNAUTHORIZED","message":"no access"}]}"#;
        assert_eq!(told(registry), "could not try: status 401, UNAUTHORIZED: no access");
        assert_eq!(told("<html>"), "could not try: status 401, Unauthorized: no reason was given");
        assert_eq!(told(r#"{"message":"no"}"#), "could not try: status 401, Unauthorized: no");
    }

    #[test]
    fn words_that_repeat_a_secret_are_not_shown() {
        for secret in ["canary-token", "canary-proof"] {
            let body = format!(r#"{{"error":"{secret}","error_description":"bad: {secret}"}}"#);
            let told = told(&body);
            assert!(!told.contains("canary") && told.contains("repeats"), "{told}");
        }
    }
}
