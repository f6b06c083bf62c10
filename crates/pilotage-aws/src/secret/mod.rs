//! Secrets: values of Secrets Manager and of SSM Parameter Store, read or described.
//!
//! Both are sources for the resolver of `pilotage-secrets`, which groups, limits and retries; so
//! neither the SDK nor anything here asks twice.

mod clients;
mod failure;
#[cfg(feature = "ssm")]
mod parameters;
#[cfg(feature = "secretsmanager")]
mod secrets_manager;

#[cfg(feature = "ssm")]
pub use parameters::ParameterStore;
#[cfg(feature = "secretsmanager")]
pub use secrets_manager::SecretsManager;

use core::num::NonZeroUsize;
use core::time::Duration;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use pilotage_secrets::Lane;

use crate::Session;

/// The session's configuration for one region, in which every call is made once.
fn once(session: &Session, region: &str) -> SdkConfig {
    let session = session.in_region(region);
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        .operation_attempt_timeout(Duration::from_secs(10))
        .operation_timeout(Duration::from_secs(20));
    let config = session.config().to_builder().retry_config(RetryConfig::disabled());
    config.timeout_config(timeouts.build()).build()
}

/// A lane of one region.
fn lane(what: &str, region: &str, batch: usize, parallel: usize) -> Lane {
    let at_least_one = |number| NonZeroUsize::new(number).unwrap_or(NonZeroUsize::MIN);
    let name = format!("{what} in {region}");
    Lane { name, batch: at_least_one(batch), parallel: at_least_one(parallel) }
}
