//! Why a request was not answered as it was meant to be.

/// Why a request was not answered as it was meant to be. Never repeats a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An address to which no secret may be sent.
    #[error(
        "`{address}` cannot be used to {doing}: it must begin with `https://`; plain HTTP is for \
         this machine alone"
    )]
    Address {
        /// What was to be done.
        doing: String,
        /// The address.
        address: String,
    },
    /// The server said no.
    #[error("could not {doing}: status {status}, {code}: {said}")]
    Refused {
        /// What was to be done.
        doing: String,
        /// The status.
        status: u16,
        /// The server's code, such as `invalid_client`.
        code: String,
        /// The server's own words; for Entra ID they begin with an `AADSTS` number.
        said: String,
    },
    /// Nobody answered.
    #[error(
        "could not {doing}: nobody can be reached; check the network and proxy of this machine"
    )]
    Unreachable {
        /// What was to be done.
        doing: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// No answer came in time.
    #[error("could not {doing}: no answer within {seconds} s")]
    TimedOut {
        /// What was to be done.
        doing: String,
        /// For how long one waited.
        seconds: u64,
    },
    /// The answer makes no sense.
    #[error("could not {doing}: the answer makes no sense: {why}")]
    Unreadable {
        /// What was to be done.
        doing: String,
        /// What is wrong with it.
        why: String,
    },
}

impl Error {
    /// Whether asking again may help.
    pub const fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::TimedOut { .. } => true,
            Self::Refused { status, .. } => matches!(status, 408 | 429 | 500 | 502..=504),
            Self::Address { .. } | Self::Unreadable { .. } => false,
        }
    }
}
