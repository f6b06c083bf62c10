//! What a vault means when it says no.

use pilotage_identity::web::Answer;
use pilotage_secrets::{Failure, Words};
use serde::Deserialize;

use crate::Error;

#[derive(Default, Deserialize)]
struct Refusal {
    #[serde(default)]
    error: Reason,
}

#[derive(Default, Deserialize)]
struct Reason {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
    innererror: Option<Inner>,
}

#[derive(Deserialize)]
struct Inner {
    #[serde(default)]
    code: String,
}

/// What an answer that is no success means.
pub(super) fn refusal(answer: &Answer) -> Failure {
    let Refusal { error } = serde_json::from_slice(&answer.body).unwrap_or_default();
    let inner = error.innererror.as_ref().map(|inner| inner.code.as_str()).unwrap_or_default();
    let code = if inner.is_empty() { error.code.as_str() } else { inner };
    let said = || Words::new(&format!("status {}, {code}: {}", answer.status, error.message));
    match answer.status {
        401 => Failure::NoCredentials { said: said() },
        403 if code == "SecretDisabled" => Failure::Disabled,
        403 => Failure::Denied { said: said() },
        404 => Failure::Missing,
        429 => Failure::Throttled { wait: answer.wait },
        408 | 500.. => Failure::Unreachable { said: said() },
        _ => Failure::NotUnderstood { said: said() },
    }
}

/// What it means that there was no answer, or no token to ask with.
pub(super) fn unanswered(error: &Error) -> Failure {
    let said = Words::new(&error.to_string());
    match error {
        Error::Web(_) | Error::Identity(_) if error.is_passing() => Failure::Unreachable { said },
        _ => Failure::NoCredentials { said },
    }
}

pub(super) fn unreadable(what: &str) -> Failure {
    Failure::NotUnderstood { said: Words::new(what) }
}
