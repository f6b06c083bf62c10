//! What the daemon and its clients say to each other: one JSON value a line, over a Unix socket.
//!
//! A connection begins with a [`Hello`] and its answer, a [`Greeting`]; from then on each line is
//! a [`Request`] and each answer a [`Reply`]. The number of the protocol grows with every change
//! that the other side would misunderstand, and two sides of different numbers do not talk.
//!
//! Lines are bounded, so neither side can exhaust the other. Nothing here does I/O but [`line`].

pub(crate) mod line;

use std::net::SocketAddr;
use std::time::Duration;

use pilotage_artifact::{Release, ReleaseId};
use pilotage_rollout::Moment;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::target::{Observation, Order, Outcome};
use serde::{Deserialize, Serialize};

use crate::router::{Counters, Protocol};
use crate::runtime::{LocalArtifact, UnitName};

/// The number of the protocol that this version speaks.
pub const PROTOCOL: u32 = 1;
/// The longest line in bytes, in either direction.
pub const LONGEST_LINE: usize = 1024 * 1024;
/// The longest tail of a log in bytes.
pub const LONGEST_TAIL: usize = 64 * 1024;

/// The first line of a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The protocol that the client speaks.
    pub protocol: u32,
    /// The version of the client, for people.
    pub version: String,
}

impl Hello {
    /// What this version says.
    pub fn ours() -> Self {
        Self { protocol: PROTOCOL, version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

/// The first line of the daemon. Fields that a client does not know are passed over, so that
/// every version can read which version it met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Greeting {
    /// The protocol that the daemon speaks.
    pub protocol: u32,
    /// The version of the daemon, for people.
    pub version: String,
    /// The address that the service is reached at.
    pub address: Option<SocketAddr>,
    /// The process of the daemon.
    pub pid: Option<u32>,
}

/// What a release means on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseSpec {
    /// The release; its digest is that of the artifact.
    pub release: Release,
    /// What its units run.
    pub artifact: LocalArtifact,
    /// What its units speak.
    pub protocol: Protocol,
    /// How long a unit that left the routes may take to finish its requests.
    pub drain: Duration,
}

impl ReleaseSpec {
    /// How long units may take to finish their requests, if nothing else is said.
    pub const USUAL_DRAIN: Duration = Duration::from_secs(30);

    /// A release of this artifact that speaks HTTP/1.1.
    pub fn new(
        id: ReleaseId,
        sequence: u64,
        artifact: LocalArtifact,
    ) -> Result<Self, crate::runtime::InvalidSpec> {
        let release = Release { id, digest: artifact.digest()?, sequence };
        let protocol = Protocol::default();
        Ok(Self { release, artifact, protocol, drain: Self::USUAL_DRAIN })
    }
}

/// What a client may ask for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// The live state, with units asked just now.
    Observe,
    /// Carry out this order.
    Apply {
        /// Of which run.
        run: RunId,
        /// What.
        order: Order,
        /// An order that arrives later than this is not begun.
        not_after: Moment,
    },
    /// Remember what a release means.
    Register {
        /// The release.
        spec: Box<ReleaseSpec>,
    },
    /// What both sides of the current rollout answered in a window of time.
    Counters {
        /// Its beginning, by the wall clock.
        from: Moment,
        /// Its end.
        to: Moment,
    },
    /// The units.
    Units,
    /// The end of what a unit has written.
    Tail {
        /// Which unit.
        unit: UnitName,
        /// At most this many bytes.
        bytes: usize,
    },
    /// End the daemon.
    Shutdown {
        /// Whether the units end as well; otherwise they run on, without anything in front.
        units: Fate,
    },
}

/// What becomes of the units when the daemon ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// They run on, and are found again by the next daemon.
    Keep,
    /// They are stopped, and started again by the next daemon.
    Stop,
}

/// The answer to a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// To [`Request::Observe`].
    Observed(Observation),
    /// To [`Request::Apply`].
    Acted(Outcome),
    /// To [`Request::Register`].
    Registered,
    /// To [`Request::Counters`].
    Counted(Comparison),
    /// To [`Request::Units`].
    Units(Vec<UnitInfo>),
    /// To [`Request::Tail`].
    Tail(String),
    /// To [`Request::Shutdown`].
    Ending,
    /// To any request.
    Failed(Fault),
}

/// What both sides of a rollout answered in one window of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// The release that is compared with, and what it answered.
    pub stable: Option<(ReleaseId, Counters)>,
    /// The candidate, and what it answered.
    pub candidate: (ReleaseId, Counters),
}

/// One unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitInfo {
    /// Its name.
    pub name: UnitName,
    /// Its release.
    pub release: ReleaseId,
    /// Where it is reached.
    pub address: SocketAddr,
    /// What it speaks.
    pub protocol: Protocol,
    /// Whether it answered its health check as its release.
    pub ready: bool,
    /// What else is to be said of it.
    pub state: String,
}

/// Why a request was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The client speaks another protocol.
    #[error(
        "the daemon (version {version}) speaks protocol {speaks}, and the client protocol {asked}: \
         use the same version of both; the daemon can be replaced while the units run on"
    )]
    OtherProtocol {
        /// What the daemon speaks.
        speaks: u32,
        /// What the client speaks.
        asked: u32,
        /// The version of the daemon.
        version: String,
    },
    /// The line is not a request.
    #[error("the daemon did not understand the request: {reason}")]
    Malformed {
        /// What is wrong with it.
        reason: String,
    },
    /// The request can never be carried out.
    #[error("the daemon refuses: {reason}")]
    Refused {
        /// Why.
        reason: String,
    },
    /// There is no such thing, at least not now.
    #[error("the daemon has no answer: {reason}")]
    Unavailable {
        /// What is missing.
        reason: String,
    },
    /// The daemon failed; what it did is not known.
    #[error("the daemon failed: {reason}")]
    Internal {
        /// How.
        reason: String,
    },
}

/// The first answer of the daemon: a greeting, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Welcome {
    /// The sides understand each other.
    Hello(Greeting),
    /// They do not.
    Failed(Fault),
}
