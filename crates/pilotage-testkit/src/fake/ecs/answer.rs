//! What ECS answers with.

use serde_json::{Value, json};

/// An answer.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    code: &'static str,
    message: String,
}

impl Refusal {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// A parameter that is not what it should be.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new("InvalidParameterException", message)
    }

    /// What the client should have known.
    pub(super) fn client(message: impl Into<String>) -> Self {
        Self::new("ClientException", message)
    }
}

impl Answer {
    /// The service has a fault of its own.
    pub(super) fn fault() -> Self {
        let body = json!({ "__type": "ServerException", "message": "Service Unavailable. Please try again later." });
        Self { status: 500, body }
    }
}

impl From<Refusal> for Answer {
    fn from(Refusal { code, message }: Refusal) -> Self {
        Self { status: 400, body: json!({ "__type": code, "message": message }) }
    }
}

impl From<Result<Value, Refusal>> for Answer {
    fn from(result: Result<Value, Refusal>) -> Self {
        match result {
            Ok(body) => Self { status: 200, body },
            Err(refusal) => refusal.into(),
        }
    }
}
