//! What a registry said when it refused: its status, its code and its words.

use core::fmt::{self, Display, Formatter};

use hyper::StatusCode;
use pilotage_rollout::Span;
use serde::Deserialize;

/// The longest message that is repeated to a person.
const LONGEST: usize = 300;

/// An answer that is no success. The words are the registry's own, cut and without control
/// characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    status: StatusCode,
    code: Option<String>,
    message: Option<String>,
    /// How long it asks to wait before the next attempt.
    pause: Option<Span>,
}

#[derive(Deserialize)]
struct Envelope {
    errors: Vec<Entry>,
}

/// Registries have codes of their own beside those of the specification.
#[derive(Deserialize)]
struct Entry {
    code: String,
    #[serde(default)]
    message: Option<String>,
}

/// How token servers say it.
#[derive(Deserialize)]
struct Simple {
    #[serde(alias = "error_description", alias = "message")]
    details: Option<String>,
    error: Option<String>,
}

impl Said {
    /// Reads the body of a refusal; one that cannot be read is no reason for another error.
    pub(crate) fn read(status: StatusCode, body: &[u8]) -> Self {
        let (code, message) = parse(body).unwrap_or_default();
        let clean = |text: Option<String>| text.map(|text| clean(&text)).filter(|t| !t.is_empty());
        Self { status, code: clean(code), message: clean(message), pause: None }
    }

    /// The same, from somebody who asks to wait.
    pub(crate) fn pausing(self, pause: Option<Span>) -> Self {
        Self { pause, ..self }
    }

    /// How long it asks to wait before the next attempt.
    pub(crate) const fn pause(&self) -> Option<Span> {
        self.pause
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// The registry's code, such as `NAME_UNKNOWN`.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    pub(crate) const fn http(&self) -> StatusCode {
        self.status
    }

    /// Whether the repository itself is unknown.
    pub(crate) fn knows_no_repository(&self) -> bool {
        self.status == StatusCode::NOT_FOUND && self.code() == Some("NAME_UNKNOWN")
    }
}

fn parse(body: &[u8]) -> Option<(Option<String>, Option<String>)> {
    if let Ok(Envelope { errors }) = serde_json::from_slice(body) {
        let first = errors.into_iter().next()?;
        return Some((Some(first.code), first.message));
    }
    let Simple { details, error } = serde_json::from_slice(body).ok()?;
    Some((error, details))
}

/// Without what could steer a terminal, and not too long. The word at the cut goes as a whole: half
/// of a credential that is quoted there would not be known for one.
fn clean(text: &str) -> String {
    let printable: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let cut = printable.char_indices().nth(LONGEST).map(|(at, _)| at);
    let Some(head) = cut.and_then(|at| printable.get(..at)) else {
        return printable.trim().to_owned();
    };
    let whole = head.rfind(' ').and_then(|at| head.get(..at)).unwrap_or_default();
    format!("{} ...", whole.trim())
}

impl Display for Said {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "status {}", self.status.as_u16())?;
        if let Some(code) = &self.code {
            write!(f, ", {code}")?;
        }
        self.message.as_ref().map_or(Ok(()), |message| write!(f, ": {message}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(body: &str) -> String {
        Said::read(StatusCode::FORBIDDEN, body.as_bytes()).to_string()
    }

    #[test]
    fn reads_what_registries_and_token_servers_say() {
        let denied = r#"{"errors":[{"code":"DENIED","message":"not yours","detail":[1]}]}"#;
        assert_eq!(said(denied), "status 403, DENIED: not yours");
        let own = r#"{"errors":[{"code":"TOOMANYREQUESTS_OF_OURS"}]}"#;
        assert_eq!(said(own), "status 403, TOOMANYREQUESTS_OF_OURS");
        let token = r#"{"error":"invalid_grant","error_description":"password expired"}"#;
        assert_eq!(said(token), "status 403, invalid_grant: password expired");
        assert_eq!(said(r#"{"details":"password expired"}"#), "status 403: password expired");
    }

    #[test]
    fn no_word_is_cut_in_two() {
        let long = format!("{} c2VjcmV0LXNlY3JldA==", "x".repeat(LONGEST - 10));
        assert_eq!(clean(&long), format!("{} ...", "x".repeat(LONGEST - 10)));
        assert_eq!(clean(&"x".repeat(LONGEST + 1)), " ...");
        assert_eq!(clean(&"x".repeat(LONGEST)), "x".repeat(LONGEST));
    }

    #[test]
    fn what_cannot_be_read_is_no_other_error_and_reaches_no_terminal() {
        assert_eq!(said("<html>"), "status 403");
        assert_eq!(said(r#"{"errors":[]}"#), "status 403");
        let escape = r#"{"errors":[{"code":"X","message":"\u001b[2Jgone\n"}]}"#;
        assert_eq!(said(escape), "status 403, X: [2Jgone");
    }
}
