//! Credentials for a token of the CI system.
//!
//! The SDK has such a provider, but it does not take an endpoint that was given by the program,
//! and so could not be used against anything but AWS; and it knows tokens in files alone, which a
//! job of GitHub Actions would have to renew by itself. This one calls STS with the session's own
//! configuration, and asks for a new token each time.

use std::fmt::{self, Debug, Formatter};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_sdk_sts::Client;
use aws_types::sdk_config::SharedTimeSource;
use pilotage_identity::{Audience, Identity};
use secrecy::ExposeSecret as _;

use super::Role;

/// How long credentials are asked for: every role allows an hour.
const LIFE: Duration = Duration::from_hours(1);

/// Exchanges tokens of the CI system, each made for its exchange.
pub(super) struct WebIdentity {
    client: Client,
    role: String,
    session: String,
    identity: Arc<dyn Identity>,
    clock: SharedTimeSource,
    /// What the last exchange gave.
    last: Mutex<Option<Credentials>>,
}

impl WebIdentity {
    pub(super) fn new(role: &Role, identity: Arc<dyn Identity>, config: &SdkConfig) -> Self {
        Self {
            client: Client::new(config),
            role: role.arn.as_str().to_owned(),
            session: role.session.as_str().to_owned(),
            identity,
            clock: config.time_source().unwrap_or_default(),
            last: Mutex::new(None),
        }
    }

    /// New credentials; those of the last exchange where there are no new ones and they still hold,
    /// so that a CI system that is away for a minute ends no run.
    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        let exchanged = self.exchange().await;
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match (exchanged, last.as_ref().filter(|last| self.holds(last))) {
            (Err(_), Some(last)) => Ok(last.clone()),
            (exchanged, _) => {
                *last = exchanged.as_ref().ok().cloned();
                exchanged
            }
        }
    }

    fn holds(&self, credentials: &Credentials) -> bool {
        credentials.expiry().is_some_and(|end| end > self.clock.now())
    }

    async fn exchange(&self) -> Result<Credentials, CredentialsError> {
        let asked = self.clock.now();
        let token = self.identity.token(Audience::AWS).await;
        let token = token.map_err(CredentialsError::invalid_configuration)?;
        let answer = self
            .client
            .assume_role_with_web_identity()
            .role_arn(&self.role)
            .role_session_name(&self.session)
            .web_identity_token(token.expose_secret())
            .duration_seconds(LIFE.as_secs().try_into().unwrap_or(i32::MAX))
            .send()
            .await
            .map_err(CredentialsError::provider_error)?;
        let given = answer
            .credentials
            .ok_or_else(|| CredentialsError::provider_error("STS answered without credentials"))?;
        Ok(Credentials::new(
            given.access_key_id,
            given.secret_access_key,
            Some(given.session_token),
            // Counted by our own clock: by a wrong one the moment that STS tells is over already,
            // or never.
            Some(asked + LIFE),
            "WebIdentity",
        ))
    }
}

impl ProvideCredentials for WebIdentity {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.credentials())
    }
}

impl Debug for WebIdentity {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut text = f.debug_struct("WebIdentity");
        text.field("role", &self.role).field("identity", &self.identity).finish_non_exhaustive()
    }
}
