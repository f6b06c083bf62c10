//! The role of whoever has credentials.

use core::fmt::Debug;

use async_trait::async_trait;
use secrecy::SecretString;

/// What proves who asks.
#[derive(Debug, Clone, Default)]
pub enum Credential {
    /// Nothing: what is public can be read.
    #[default]
    None,
    /// A user and a password: sent as they are, or exchanged for a token, as the registry wants.
    Password {
        /// The user.
        user: String,
        /// The password; for ECR the one that its API gave, for GHCR the token of the job.
        password: SecretString,
    },
    /// A long-lived token that is exchanged for others, as Docker keeps after a login with a
    /// browser and as the exchange of ACR gives.
    Identity {
        /// The user that Docker would have stored beside it.
        user: String,
        /// The refresh token.
        token: SecretString,
    },
    /// A token that the registry itself takes.
    Token(SecretString),
}

/// Whoever has credentials for registries.
///
/// # Contract
///
/// - **`credential`** is asked whenever one is needed, and keeps what is dear to get. No credential
///   is [`Credential::None`], not an error: the registry may be public.
/// - **`refused`** says that the registry did not take what was given last. What was kept is
///   dropped, so that the next `credential` is a fresh one.
/// - **Cancellation.** Dropping either leaves nothing behind.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Credentials: Debug + Send + Sync {
    /// The credential for a registry, named as in `<registry>/<path>:<tag>`.
    async fn credential(&self, registry: &str) -> Result<Credential, CredentialError>;

    /// Forgets what the registry did not take.
    async fn refused(&self, registry: &str);
}

/// Why no credential could be had. Never repeats a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CredentialError {
    /// Something is set up wrongly; asking again does not help.
    #[error("{setting} is set up wrongly: {why}")]
    Misconfigured {
        /// Which setting.
        setting: String,
        /// How.
        why: String,
    },
    /// Whoever gives credentials failed.
    #[error("{provider} failed: {why}")]
    Failed {
        /// Who.
        provider: String,
        /// How.
        why: String,
    },
}
