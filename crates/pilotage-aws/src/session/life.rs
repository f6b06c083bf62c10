//! How long credentials last, so that nothing is begun that they cannot end.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials as _;
use aws_credential_types::provider::error::CredentialsError;
use pilotage_rollout::{Moment, Span};

use crate::Failure;
use crate::failure::{self, Call};

/// How long credentials last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// They are a person's or a machine's keys, which end only when they are deleted.
    LongLived,
    /// They end at this moment.
    Until(Moment),
    /// They end, but whoever made them did not say when: keys with a session token that were
    /// handed over in variables.
    Untold,
}

impl Life {
    /// How much of it is left; `None` where there is no end or it is not told.
    pub const fn remaining(self, now: Moment) -> Option<Span> {
        match self {
            Self::Until(end) => Some(end.since(now)),
            Self::LongLived | Self::Untold => None,
        }
    }

    fn of(credentials: &Credentials) -> Self {
        match (credentials.expiry(), credentials.session_token()) {
            (Some(end), _) => Self::Until(moment(end)),
            (None, Some(_)) => Self::Untold,
            (None, None) => Self::LongLived,
        }
    }
}

fn moment(time: SystemTime) -> Moment {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment::from_millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

pub(super) async fn ask(config: &SdkConfig) -> Result<Life, Failure> {
    let call = Call::new("sts:GetCallerIdentity", "the credentials of this session");
    let none = || CredentialsError::not_loaded("this session has no provider of credentials");
    let asked = match config.credentials_provider() {
        Some(provider) => provider.provide_credentials().await,
        None => Err(none()),
    };
    asked.map(|credentials| Life::of(&credentials)).map_err(|error| failure::without(call, error))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn keys(token: Option<&str>, end: Option<SystemTime>) -> Life {
        Life::of(&Credentials::new("id", "secret", token.map(Into::into), end, "test"))
    }

    #[test]
    fn what_is_not_told_is_not_taken_for_endless() {
        let end = UNIX_EPOCH + Duration::from_secs(100);
        assert_eq!(keys(None, None), Life::LongLived);
        assert_eq!(keys(Some("token"), None), Life::Untold);
        assert_eq!(keys(Some("token"), Some(end)), Life::Until(Moment::from_millis(100_000)));
    }

    #[test]
    fn what_is_over_has_nothing_left() {
        let life = Life::Until(Moment::from_millis(10_000));
        assert_eq!(life.remaining(Moment::from_millis(4_000)), Some(Span::from_secs(6)));
        assert_eq!(life.remaining(Moment::from_millis(20_000)), Some(Span::ZERO));
        assert_eq!(Life::Untold.remaining(Moment::from_millis(0)), None);
    }
}
