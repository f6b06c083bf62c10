//! Is a unit well, and is it the release that it should be?
//!
//! A unit is well if it answers its health path in time with a 2xx status *and* names the release
//! that was asked for. Without the second half a check is answered by whoever holds the port,
//! often the old version: the classic way to prove the wrong thing. A program that cannot name its
//! release is taken at its word if it is said so beforehand ([`Identity::IfNamed`]); a wrong name
//! never is.

mod http;

use std::time::Duration;

use async_trait::async_trait;
use pilotage_artifact::ReleaseId;

use crate::router::Upstream;
use crate::runtime::{HealthPath, Identity};

pub use http::HttpProber;
pub(crate) use http::{Page, ask_page};

/// The header in which a unit names its release.
pub const RELEASE_HEADER: &str = "x-pilotage-release";

/// One question to a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthCheck {
    /// Where to ask.
    pub path: HealthPath,
    /// The release that must answer.
    pub release: ReleaseId,
    /// What the answer must say of that.
    pub identity: Identity,
    /// The time for the whole exchange.
    pub deadline: Duration,
}

/// Asks units whether they are well.
///
/// A probe has no effect and is never repeated by the prober: how often, and how many answers
/// make a unit healthy, is decided above.
#[async_trait]
pub trait Prober: std::fmt::Debug + Send + Sync {
    /// Asks once. Returns how long the answer took.
    async fn probe(&self, unit: Upstream, check: &HealthCheck) -> Result<Duration, Unhealthy>;
}

/// Why a unit is not well.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unhealthy {
    /// Nobody listens: the program is not up yet, or has ended.
    #[error("{unit} does not accept connections: {source}")]
    Unreachable {
        /// The address and protocol.
        unit: std::net::SocketAddr,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The answer did not come in time.
    #[error("no whole answer within {} ms", deadline.as_millis())]
    TimedOut {
        /// The time that was given.
        deadline: Duration,
    },
    /// The answer was no HTTP, or broke off.
    #[error("the answer broke off or was not HTTP: {reason}")]
    Broken {
        /// What was wrong with it.
        reason: String,
    },
    /// The unit says itself that it is not well.
    #[error("answered with status {status}, not with 2xx")]
    Status {
        /// The status.
        status: u16,
    },
    /// The body that should name the release is too long to be one.
    #[error("the body is longer than {limit} bytes and there is no `{RELEASE_HEADER}` header")]
    TooLong {
        /// The most that is read.
        limit: usize,
    },
    /// The answer does not say which release it is from.
    #[error(
        "answered, but named no release: send `{RELEASE_HEADER}: {expected}` (the environment \
         variable PILOTAGE_RELEASE tells the value) or a line `release: {expected}`, or do without \
         the proof with `identity = \"if-named\"`"
    )]
    Nameless {
        /// The release that was asked for.
        expected: ReleaseId,
    },
    /// Another release answers on this port.
    #[error(
        "release `{found}` answers in place of `{expected}`: an old copy holds the port, or the \
         program itself is the old one"
    )]
    WrongRelease {
        /// The release that was asked for.
        expected: ReleaseId,
        /// What answered.
        found: String,
    },
}
