//! What can go wrong with a registry, and what to do about it.

use pilotage_artifact::Digest;

use crate::auth::CredentialError;
use crate::http::Said;

/// A call to a registry, or a promotion, that did not reach its end.
///
/// Each variant leads to another behaviour of the caller; `doing` says in words what was under way.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nobody answered, or the answer broke off. Whether a write took effect is unknown.
    #[error("could not {doing}: the connection failed")]
    Connection {
        /// What was under way.
        doing: String,
        /// Why.
        source: Box<dyn core::error::Error + Send + Sync>,
    },
    /// Nobody whom this machine trusts vouches for the server.
    #[error(
        "could not {doing}: the certificate of the server is not trusted; check that it is the \
         right server, and give the certificate of its authority if it is one of your own"
    )]
    Untrusted {
        /// What was under way.
        doing: String,
        /// Why.
        source: Box<dyn core::error::Error + Send + Sync>,
    },
    /// Nothing came for too long. Whether a write took effect is unknown.
    #[error("could not {doing}: nothing came for {seconds} seconds")]
    Stalled {
        /// What was under way.
        doing: String,
        /// How long was waited.
        seconds: u64,
    },
    /// The registry does not know who asks.
    #[error(
        "could not {doing}: the credentials were not accepted ({said}); log in again, or check \
         which credentials this run was given"
    )]
    Unauthorized {
        /// What was under way.
        doing: String,
        /// The registry's words.
        said: Said,
    },
    /// The registry knows who asks, and does not allow it.
    #[error(
        "could not {doing}: not allowed ({said}); grant this identity access to the repository"
    )]
    Denied {
        /// What was under way.
        doing: String,
        /// The registry's words.
        said: Said,
    },
    /// The registry asked to slow down more often than we repeat.
    #[error("could not {doing}: the registry asks to come back later ({said})")]
    Throttled {
        /// What was under way.
        doing: String,
        /// The registry's words.
        said: Said,
    },
    /// The registry refused for a reason of its own.
    #[error("could not {doing}: the registry answered with {said}")]
    Refused {
        /// What was under way.
        doing: String,
        /// The registry's words.
        said: Said,
    },
    /// What was asked for is not there.
    #[error("{what} is not there")]
    Missing {
        /// What.
        what: String,
    },
    /// The repository has to exist before something can be stored in it.
    #[error("there is no repository {repository}: {fix}")]
    NoRepository {
        /// Its name.
        repository: String,
        /// How it is made.
        fix: String,
    },
    /// The answer is against the specification.
    #[error("could not {doing}: the answer makes no sense: {why}")]
    Malformed {
        /// What was under way.
        doing: String,
        /// How.
        why: String,
    },
    /// The answer leads somewhere where it must not.
    #[error("could not {doing}: {why}")]
    Barred {
        /// What was under way.
        doing: String,
        /// Where it leads.
        why: String,
    },
    /// The bytes are not those that their name promises.
    #[error("{what} is not what its name promises: its digest is {found}, not {expected}")]
    WrongDigest {
        /// What.
        what: String,
        /// The digest that was asked for.
        expected: Digest,
        /// The digest of what came.
        found: Digest,
    },
    /// It has another length than its descriptor says.
    #[error("{what} has {found} bytes, not {expected}")]
    WrongSize {
        /// What.
        what: String,
        /// The size in the descriptor.
        expected: u64,
        /// What came.
        found: u64,
    },
    /// It is larger than anything that we read into memory.
    #[error("{what} is larger than {limit} bytes")]
    TooLarge {
        /// What.
        what: String,
        /// The limit.
        limit: usize,
    },
    /// There are more of them than any image has.
    #[error("{what}: more than {limit}")]
    TooMany {
        /// What.
        what: String,
        /// The limit.
        limit: usize,
    },
    /// An immutable tag already names something else. Nothing was written.
    #[error(
        "`{image}` names {held} already and must not move to {wanted}: release under another \
         version"
    )]
    TagTaken {
        /// The tag with its repository.
        image: String,
        /// What it names.
        held: Digest,
        /// What it was to name.
        wanted: Digest,
    },
    /// A tag does not name what was just written under it: somebody else writes as well.
    #[error("`{image}` names {found} right after it was given {wanted}: somebody else moved it")]
    TagLost {
        /// The tag with its repository.
        image: String,
        /// What it names, if anything.
        found: String,
        /// What it was given.
        wanted: Digest,
    },
    /// Signatures at the destination would be lost if those of the source were written.
    #[error(
        "`{image}` holds signatures that the source does not have; merge them there first, or copy \
         without evidence"
    )]
    EvidenceDiffers {
        /// The tag of the signatures.
        image: String,
    },
    /// Nobody could say which credentials to use.
    #[error("the credentials for {registry} could not be had")]
    Credentials {
        /// For which registry.
        registry: String,
        /// Why.
        #[source]
        source: CredentialError,
    },
}

impl Error {
    /// Whether the same call may well succeed a moment later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Connection { .. } | Self::Stalled { .. } | Self::Throttled { .. } => true,
            Self::Refused { said, .. } => said.http().is_server_error(),
            _ => false,
        }
    }

    /// Whether a write may have taken effect although it failed.
    pub(crate) fn leaves_unknown(&self) -> bool {
        match self {
            Self::Connection { .. } | Self::Stalled { .. } | Self::Malformed { .. } => true,
            Self::Refused { said, .. } => said.http().is_server_error(),
            _ => false,
        }
    }

    /// The registry's words, where it said any.
    pub fn said(&self) -> Option<&Said> {
        match self {
            Self::Unauthorized { said, .. }
            | Self::Denied { said, .. }
            | Self::Throttled { said, .. }
            | Self::Refused { said, .. } => Some(said),
            _ => None,
        }
    }
}
