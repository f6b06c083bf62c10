//! A call to AWS that failed: what was asked, what AWS said, and what helps.

mod classify;
mod credentials;

use std::error::Error;
use std::fmt::{self, Display, Formatter};

#[cfg(any(feature = "dynamodb", feature = "s3"))]
pub(crate) use classify::of_code;
pub(crate) use classify::{failed, without};

/// What is kept of a failed call's cause.
pub(crate) type Cause = Box<dyn Error + Send + Sync + 'static>;

/// What was asked, for the error that it may end in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Call {
    /// The action as policies name it, such as `ecr:GetAuthorizationToken`.
    pub action: &'static str,
    /// The thing it was about, in words for a person.
    pub on: String,
}

impl Call {
    pub(crate) fn new(action: &'static str, on: impl Into<String>) -> Self {
        Self { action, on: on.into() }
    }
}

/// A call to AWS that failed.
#[derive(Debug)]
pub struct Failure {
    call: Call,
    kind: Kind,
    code: Option<String>,
    said: Option<String>,
    request: Option<String>,
    source: Option<Cause>,
    /// Whether the request may have left; it has not where credentials for it were missing.
    sent: bool,
}

/// What kind of failure it is, so that callers can branch without reading AWS's codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// No credentials are configured anywhere.
    NoCredentials,
    /// Credentials are configured in a way that cannot work, such as a profile that is not there.
    Misconfigured,
    /// The credentials are over.
    Expired,
    /// The keys are unknown, or their signature does not match.
    Rejected,
    /// The credentials are good, but the action is not allowed to them.
    Denied,
    /// The thing is not there.
    Missing,
    /// It has the state that the write was not to overwrite.
    Conflict,
    /// Too many calls.
    Throttled,
    /// Nobody answered: no route, no name, no connection, no trust.
    Unreachable,
    /// No answer came in time.
    TimedOut,
    /// The answer makes no sense: not AWS, or a proxy in between.
    Unreadable,
    /// The service has a fault of its own.
    Fault,
    /// The request was refused for another reason, told by the code.
    Refused,
}

impl Failure {
    /// What kind of failure it is.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The action that failed, as policies name it.
    pub const fn action(&self) -> &'static str {
        self.call.action
    }

    /// AWS's own code, if it answered.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// AWS's own words, or those of the connection.
    #[cfg(any(feature = "secretsmanager", feature = "ssm"))]
    pub(crate) fn said(&self) -> Option<&str> {
        self.said.as_deref()
    }

    /// AWS's id of the request, which its support asks for.
    pub fn request(&self) -> Option<&str> {
        self.request.as_deref()
    }

    /// Whether the call may have taken effect all the same, so that a write must be read back.
    pub const fn may_have_happened(&self) -> bool {
        let is_silent = matches!(
            self.kind,
            Kind::Unreachable | Kind::TimedOut | Kind::Unreadable | Kind::Fault
        );
        self.sent && is_silent
    }

    /// What an answer lists as its failures, beside what it gives.
    #[cfg(any(feature = "ecs", feature = "elbv2"))]
    pub(crate) fn told(call: Call, kind: Kind, code: Option<String>, said: Option<String>) -> Self {
        Self { call, kind, code, said, request: None, source: None, sent: true }
    }

    pub(crate) fn unreadable(call: Call, said: impl Into<String>) -> Self {
        let kind = Kind::Unreadable;
        let said = Some(said.into());
        Self { call, kind, code: None, said, request: None, source: None, sent: true }
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Call { action, on } = &self.call;
        write!(f, "`{action}` on {on} failed: {}", self.kind)?;
        let details = [&self.code, &self.said].into_iter().flatten().map(String::as_str);
        let details: Vec<&str> = details.filter(|detail| !detail.is_empty()).collect();
        if !details.is_empty() {
            write!(f, " ({})", details.join(": "))?;
        }
        if let Some(request) = &self.request {
            write!(f, " [request {request}]")?;
        }
        match self.kind.remedy() {
            Some(remedy) => write!(f, "; {}", remedy.replace("{action}", action)),
            None => Ok(()),
        }
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}

impl Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoCredentials => "there are no credentials",
            Self::Misconfigured => "the credentials are not configured rightly",
            Self::Expired => "the credentials have expired",
            Self::Rejected => "the credentials were rejected",
            Self::Denied => "access denied",
            Self::Missing => "it is not there",
            Self::Conflict => "it was changed by somebody else",
            Self::Throttled => "too many calls",
            Self::Unreachable => "the endpoint cannot be reached",
            Self::TimedOut => "no answer came in time",
            Self::Unreadable => "the answer makes no sense",
            Self::Fault => "the service has a fault of its own",
            Self::Refused => "it was refused",
        })
    }
}

impl Kind {
    /// Whether it stays so until a person changes something.
    pub const fn stays(self) -> bool {
        match self {
            Self::NoCredentials
            | Self::Misconfigured
            | Self::Expired
            | Self::Rejected
            | Self::Denied
            | Self::Missing
            | Self::Refused => true,
            Self::Conflict
            | Self::Throttled
            | Self::Unreachable
            | Self::TimedOut
            | Self::Unreadable
            | Self::Fault => false,
        }
    }

    /// What helps; `{action}` stands for the action.
    const fn remedy(self) -> Option<&'static str> {
        match self {
            Self::NoCredentials => Some(
                "set `AWS_PROFILE`, let the CI job assume a role (`AWS_ROLE_ARN` and \
                 `AWS_WEB_IDENTITY_TOKEN_FILE`), or set `AWS_ACCESS_KEY_ID` and \
                 `AWS_SECRET_ACCESS_KEY`",
            ),
            Self::Misconfigured => {
                Some("correct the profile or the role that the environment names")
            }
            Self::Expired => Some(
                "sign in again, or give the job's role a longer session (`role-duration-seconds`)",
            ),
            Self::Rejected => Some(
                "check that the keys belong to this partition and endpoint, and that this \
                 machine's clock is right",
            ),
            Self::Denied => Some("allow `{action}` in the role's policy"),
            Self::Throttled => Some("wait, or raise `AWS_MAX_ATTEMPTS`"),
            Self::Unreachable => Some(
                "check the region, `AWS_ENDPOINT_URL`, the proxy and the network of this machine",
            ),
            Self::Unreadable => Some("check that the endpoint is AWS and not a proxy's page"),
            Self::TimedOut | Self::Fault => Some("try again"),
            Self::Missing | Self::Conflict | Self::Refused => None,
        }
    }
}
