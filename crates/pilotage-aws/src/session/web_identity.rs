//! Credentials for a token of the CI system.
//!
//! The SDK has such a provider, but it does not take an endpoint that was given by the program,
//! and so could not be used against anything but AWS. This one calls STS with the session's own
//! configuration.

use std::fmt::{self, Debug, Formatter};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_sdk_sts::Client;

use super::Role;

/// Exchanges the token in a file, read anew each time because CI systems renew it in place.
pub(super) struct WebIdentity {
    client: Client,
    role: String,
    session: String,
    file: PathBuf,
}

impl WebIdentity {
    pub(super) fn new(role: &Role, file: &Path, config: &SdkConfig) -> Self {
        Self {
            client: Client::new(config),
            role: role.arn.as_str().to_owned(),
            session: role.session.as_str().to_owned(),
            file: file.to_path_buf(),
        }
    }

    async fn exchange(&self) -> Result<Credentials, CredentialsError> {
        let answer = self
            .client
            .assume_role_with_web_identity()
            .role_arn(&self.role)
            .role_session_name(&self.session)
            .web_identity_token(self.token()?)
            .send()
            .await
            .map_err(CredentialsError::provider_error)?;
        let given = answer
            .credentials
            .ok_or_else(|| CredentialsError::provider_error("STS answered without credentials"))?;
        let end = SystemTime::try_from(given.expiration).map_err(CredentialsError::unhandled)?;
        Ok(Credentials::new(
            given.access_key_id,
            given.secret_access_key,
            Some(given.session_token),
            Some(end),
            "WebIdentity",
        ))
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that reads the token's file")]
    fn token(&self) -> Result<String, CredentialsError> {
        let unreadable = |error: std::io::Error| {
            let place = self.file.display();
            let text = format!("the web identity token in `{place}` cannot be read: {error}");
            CredentialsError::invalid_configuration(text)
        };
        std::fs::read_to_string(&self.file).map(|text| text.trim().to_owned()).map_err(unreadable)
    }
}

impl ProvideCredentials for WebIdentity {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.exchange())
    }
}

impl Debug for WebIdentity {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut text = f.debug_struct("WebIdentity");
        text.field("role", &self.role).field("file", &self.file).finish_non_exhaustive()
    }
}
