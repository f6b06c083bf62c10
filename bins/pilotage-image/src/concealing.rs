//! Credentials that are masked in all that is said, from the moment they are known.

use async_trait::async_trait;
use pilotage_redact::Veil;
use pilotage_registry::auth::{Credential, CredentialError, Credentials};
use secrecy::{ExposeSecret as _, SecretString};

/// Whoever has credentials, with every one of them under the veil.
#[derive(Debug)]
pub(crate) struct Concealing<C> {
    within: C,
    veil: Veil,
}

impl<C> Concealing<C> {
    pub(crate) const fn new(within: C, veil: Veil) -> Self {
        Self { within, veil }
    }

    fn learn(&self, registry: &str, credential: &Credential) {
        let add = |secret: &SecretString| {
            // A registry may well be entered by a short word; it is no reason to fail.
            let _short = self.veil.add(registry, secret.expose_secret().as_bytes());
        };
        match credential {
            Credential::None => {}
            Credential::Password { user, password } => {
                add(password);
                // The two travel as one text, whose encoding is not that of its half.
                add(&format!("{user}:{}", password.expose_secret()).into());
            }
            Credential::Identity { token, .. } | Credential::Token(token) => add(token),
        }
    }
}

#[async_trait]
impl<C: Credentials> Credentials for Concealing<C> {
    async fn credential(&self, registry: &str) -> Result<Credential, CredentialError> {
        let credential = self.within.credential(registry).await?;
        self.learn(registry, &credential);
        Ok(credential)
    }

    async fn refused(&self, registry: &str) {
        self.within.refused(registry).await;
    }
}
