//! A session: region, credentials and endpoints, settled once, from which every adapter is made.

mod caller;
mod job;
mod life;
mod provider;
mod role;
mod settings;
mod time;
mod web_identity;

pub use caller::Caller;
pub use job::JobError;
pub use life::Life;
#[cfg(feature = "ecr")]
pub(crate) use role::is_account;
pub use role::{InvalidRole, Role, RoleArn, SessionName};
pub use settings::{SessionError, Settings};

use std::fmt::{self, Debug, Formatter};

use aws_config::SdkConfig;

use crate::Failure;

/// Region, credentials and endpoints. Cheap to clone; clones share what they cached.
///
/// Credentials are resolved when they are first needed, and again shortly before they end.
#[derive(Clone)]
pub struct Session {
    config: SdkConfig,
    region: String,
}

impl Session {
    /// Settles everything that can be settled without asking AWS.
    pub async fn open(settings: &Settings) -> Result<Self, SessionError> {
        settings.open().await
    }

    /// The region.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// How long the credentials last, resolving them if need be.
    pub async fn life(&self) -> Result<Life, Failure> {
        life::ask(&self.config).await
    }

    /// Who AWS says that we are.
    pub async fn caller(&self) -> Result<Caller, Failure> {
        caller::ask(&self.config).await
    }

    #[cfg(any(
        feature = "ecr",
        feature = "ecs",
        feature = "kms",
        feature = "dynamodb",
        feature = "s3",
        feature = "secretsmanager",
        feature = "ssm"
    ))]
    pub(crate) const fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// The same session in another region.
    #[cfg(any(feature = "ecr", feature = "kms", feature = "secretsmanager", feature = "ssm"))]
    pub(crate) fn in_region(&self, region: &str) -> Self {
        let region = region.to_owned();
        let builder = self.config.to_builder().region(aws_config::Region::new(region.clone()));
        Self { config: builder.build(), region }
    }

    /// Whether the service is reached at another address than AWS's own.
    #[cfg(feature = "s3")]
    pub(crate) fn is_elsewhere(&self, service: &'static str) -> bool {
        let key = aws_types::service_config::ServiceConfigKey::builder()
            .service_id(service)
            .env("AWS_ENDPOINT_URL");
        let key = key.profile("endpoint_url").build().ok();
        let own = key.and_then(|key| self.config.service_config()?.load_config(key));
        own.is_some() || self.config.endpoint_url().is_some()
    }
}

impl Debug for Session {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("region", &self.region).finish_non_exhaustive()
    }
}
