//! What a session is made from, and how.

use std::sync::Arc;
use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use pilotage_clock::Clock;

use super::time::OurTime;
use super::{Role, Session, provider};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(5);

/// How long one attempt of a call may take.
const ATTEMPT: Duration = Duration::from_secs(15);

/// How long a call may take, with all its attempts.
const OPERATION: Duration = Duration::from_secs(45);

/// How long before their end credentials are got anew, of which the SDK takes up to half off by
/// chance: a call that is under way must not outlive
/// its own, and whoever gives them may be away for a minute.
const MARGIN: Duration = Duration::from_mins(5);

/// How long getting credentials may take: the CI system is asked, and then STS, each perhaps thrice.
const OBTAINING: Duration = Duration::from_secs(40);

/// What a session is made from. All that is left out comes from where AWS's own tools look:
/// environment variables, the files of `~/.aws`, and the role of the machine or container.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The region.
    pub region: Option<String>,
    /// The profile in `~/.aws`.
    pub profile: Option<String>,
    /// An address for all services, such as an emulator's.
    pub endpoint: Option<String>,
    /// A role to assume, with the credentials found as above or with a web identity.
    pub role: Option<Role>,
    /// The clock by which credentials end; that of the system if none.
    pub clock: Option<Arc<dyn Clock>>,
}

/// A session that cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// No region.
    #[error(
        "no AWS region is known: set `region` for the environment, `AWS_REGION`, or `region` in \
         {place}"
    )]
    NoRegion {
        /// Where a profile would tell it.
        place: String,
    },
    /// An endpoint that is no address.
    #[error(
        "`{given}` is not an endpoint: an address like `http://localhost:4566` or \
         `https://vpce-1-2.ecr.eu-central-1.vpce.amazonaws.com` is expected"
    )]
    Endpoint {
        /// What was given.
        given: String,
    },
}

impl Settings {
    pub(super) async fn open(&self) -> Result<Session, SessionError> {
        let config = self.load().await?;
        let region = config.region().map(ToString::to_string).ok_or_else(|| self.no_region())?;
        let config = match &self.role {
            None => config,
            Some(role) => provider::assuming(role, config).await,
        };
        Ok(Session { config, region })
    }

    async fn load(&self) -> Result<SdkConfig, SessionError> {
        let cache = IdentityCache::lazy().buffer_time(MARGIN).load_timeout(OBTAINING).build();
        let loader = aws_config::defaults(BehaviorVersion::latest()).timeout_config(timeouts());
        let mut loader = loader.identity_cache(cache);
        if let Some(clock) = &self.clock {
            loader = loader.time_source(OurTime(clock.clone()));
        }
        if let Some(region) = &self.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(profile) = &self.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(endpoint) = &self.endpoint {
            loader = loader.endpoint_url(checked(endpoint)?);
        }
        Ok(loader.load().await)
    }

    fn no_region(&self) -> SessionError {
        let place = self.profile.as_ref().map_or_else(
            || "the default profile".to_owned(),
            |profile| format!("the profile `{profile}`"),
        );
        SessionError::NoRegion { place }
    }
}

fn checked(endpoint: &str) -> Result<&str, SessionError> {
    let host = endpoint.strip_prefix("https://").or_else(|| endpoint.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(char::is_whitespace) => Ok(endpoint),
        _ => Err(SessionError::Endpoint { given: endpoint.to_owned() }),
    }
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(OPERATION)
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_an_address() {
        assert_eq!(checked("http://localhost:4566"), Ok("http://localhost:4566"));
        for wrong in ["localhost:4566", "https://", "http://a b", ""] {
            let error = checked(wrong).expect_err("it is no address").to_string();
            assert!(error.contains(&format!("`{wrong}`")), "{error}");
        }
    }
}
