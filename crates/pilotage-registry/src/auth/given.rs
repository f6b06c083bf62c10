//! Credentials that need nobody to be asked.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use secrecy::SecretString;

use super::{Credential, CredentialError, Credentials};

/// No credentials, for what is public.
#[derive(Debug, Clone, Copy, Default)]
pub struct Anonymous;

#[async_trait]
impl Credentials for Anonymous {
    async fn credential(&self, _: &str) -> Result<Credential, CredentialError> {
        Ok(Credential::None)
    }

    async fn refused(&self, _: &str) {}
}

/// Credentials that were given, for each registry by name.
#[derive(Debug, Clone, Default)]
pub struct Given(BTreeMap<String, Credential>);

impl Given {
    /// Adds the credential of one registry.
    pub fn with(mut self, registry: impl Into<String>, credential: Credential) -> Self {
        self.0.insert(registry.into(), credential);
        self
    }

    /// Adds GitHub's registry with a token: that of the job, or a personal one.
    pub fn with_ghcr(self, user: impl Into<String>, token: SecretString) -> Self {
        self.with("ghcr.io", Credential::Password { user: user.into(), password: token })
    }
}

#[async_trait]
impl Credentials for Given {
    async fn credential(&self, registry: &str) -> Result<Credential, CredentialError> {
        Ok(self.0.get(registry).cloned().unwrap_or_default())
    }

    async fn refused(&self, _: &str) {}
}

/// Asks one after the other; the first that has something counts.
#[derive(Debug, Clone, Default)]
pub struct FirstOf(pub Vec<Arc<dyn Credentials>>);

#[async_trait]
impl Credentials for FirstOf {
    async fn credential(&self, registry: &str) -> Result<Credential, CredentialError> {
        for source in &self.0 {
            match source.credential(registry).await? {
                Credential::None => {}
                found => return Ok(found),
            }
        }
        Ok(Credential::None)
    }

    async fn refused(&self, registry: &str) {
        for source in &self.0 {
            source.refused(registry).await;
        }
    }
}
