//! A call to the API server that failed: what it means, and what helps.

use std::error::Error as StdError;
use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use hyper_util::client::legacy::Error as Transport;
use kube::Error;
use kube::client::AuthError;

type Cause = Box<dyn StdError + Send + Sync>;

/// Waits for an answer, and not for ever.
pub(crate) async fn within<T>(
    patience: Duration,
    asked: impl Future<Output = Result<T, Error>> + Send,
) -> Result<T, Failure> {
    match tokio::time::timeout(patience, asked).await {
        Ok(answer) => answer.map_err(Failure::of),
        Err(_) => Err(Failure::late()),
    }
}

/// A call that failed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    said: String,
    source: Option<Cause>,
}

/// What a failure means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// No credentials could be had; nothing was sent.
    NoCredentials,
    /// The credentials are unknown, or over.
    Rejected,
    /// The credentials are good, but the action is not allowed to them.
    Denied,
    /// What is asked for is not there.
    Missing,
    /// The namespace is not there.
    NoNamespace,
    /// It is there already, or is not as it was expected.
    Conflict,
    /// Too many calls.
    Throttled,
    /// No connection was made; nothing was sent.
    Unreachable,
    /// No answer was heard, or none that makes sense.
    Silent,
    /// The server has a fault of its own.
    Fault,
    /// The request was refused for another reason.
    Refused,
}

impl Failure {
    /// What is known of a failed call.
    pub(crate) fn of(error: Error) -> Self {
        let error = without_output(error);
        let kind = Kind::of(&error);
        let said = match &error {
            Error::Api(status) => status.message.clone(),
            other => innermost(other),
        };
        Self { kind, said, source: Some(Box::new(error)) }
    }

    /// An answer that did not come in time.
    fn late() -> Self {
        Self { kind: Kind::Silent, said: "no answer came in time".into(), source: None }
    }

    /// An answer that makes no sense.
    pub(crate) fn unreadable(said: &str) -> Self {
        Self { kind: Kind::Silent, said: said.into(), source: None }
    }

    /// Whether the call may have taken effect all the same, so that a write must be read back.
    pub(crate) const fn may_have_happened(&self) -> bool {
        matches!(self.kind, Kind::Silent | Kind::Fault)
    }
}

impl Kind {
    /// Whether it stays so until a person changes something.
    pub(crate) const fn stays(self) -> bool {
        matches!(
            self,
            Self::NoCredentials
                | Self::Rejected
                | Self::Denied
                | Self::Missing
                | Self::NoNamespace
                | Self::Refused
        )
    }

    fn of(error: &Error) -> Self {
        match error {
            Error::Api(status) => {
                let about = status.details.as_ref().map(|details| details.kind.as_str());
                Self::of_code(status.code, about.unwrap_or_default())
            }
            Error::Auth(_) | Error::InferConfig(_) | Error::InferKubeconfig(_) => {
                Self::NoCredentials
            }
            Error::BuildRequest(_) | Error::HttpError(_) => Self::Refused,
            other if was_never_connected(other) => Self::Unreachable,
            _ => Self::Silent,
        }
    }

    fn of_code(code: u16, about: &str) -> Self {
        match code {
            401 => Self::Rejected,
            403 => Self::Denied,
            404 if about == "namespaces" => Self::NoNamespace,
            404 | 410 => Self::Missing,
            409 => Self::Conflict,
            429 => Self::Throttled,
            400..=499 => Self::Refused,
            _ => Self::Fault,
        }
    }
}

fn was_never_connected(error: &Error) -> bool {
    chain(error).any(|cause| cause.downcast_ref::<Transport>().is_some_and(Transport::is_connect))
}

/// An error and what it came from.
fn chain(error: &Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    std::iter::from_fn(move || {
        let now = next?;
        next = now.source();
        Some(now)
    })
}

/// The cause that says most: the wrappers around it repeat one another.
fn innermost(error: &Error) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}

/// What a credential plugin was told or printed may be the very token, which an error must not show.
pub(crate) fn without_output(error: Error) -> Error {
    let said = match error {
        Error::Auth(AuthError::AuthExecRun { out, .. }) => format!("it ended with {}", out.status),
        Error::Auth(AuthError::AuthExecParse(_)) => "it printed no `ExecCredential`".into(),
        other => return other,
    };
    Error::Auth(AuthError::AuthExec(format!("the kubeconfig's credential plugin: {said}")))
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        if self.said.is_empty() { Ok(()) } else { write!(f, " ({})", self.said) }
    }
}

impl StdError for Failure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|cause| cause as &(dyn StdError + 'static))
    }
}

impl Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoCredentials => "there are no credentials",
            Self::Rejected => "the credentials were rejected",
            Self::Denied => "access denied",
            Self::Missing => "it is not there",
            Self::NoNamespace => "the namespace is not there",
            Self::Conflict => "it was changed by somebody else",
            Self::Throttled => "too many calls",
            Self::Unreachable => "the server cannot be reached",
            Self::Silent => "no answer was heard",
            Self::Fault => "the server has a fault of its own",
            Self::Refused => "it was refused",
        })
    }
}
