//! The tokens that vaults are entered with: one for each cloud, kept until shortly before its end.

use std::collections::BTreeMap;
use std::sync::Arc;

use pilotage_clock::Clock;
use pilotage_rollout::Span;
use pilotage_secrets::Failure;
use pilotage_secrets::reference::Cloud;
use secrecy::SecretString;
use tokio::sync::Mutex;

use super::refusal::unanswered;
use crate::{AccessToken, Login, Resource};

/// How long before its end a token is not given out any more.
const MARGIN: Span = Span::from_mins(5);

#[derive(Debug)]
pub(super) struct Tokens {
    login: Arc<dyn Login>,
    // Held while Entra ID is asked, so that whoever else needs a token waits for the same one.
    kept: Mutex<BTreeMap<Cloud, AccessToken>>,
}

impl Tokens {
    pub(super) fn new(login: Arc<dyn Login>) -> Self {
        Self { login, kept: Mutex::default() }
    }

    /// A token for the vaults of this cloud.
    pub(super) async fn token(
        &self,
        cloud: Cloud,
        clock: &dyn Clock,
    ) -> Result<SecretString, Failure> {
        let mut kept = self.kept.lock().await;
        if let Some(token) = kept.get(&cloud).filter(|token| token.ends > clock.now() + MARGIN) {
            return Ok(token.secret.clone());
        }
        let token = self.login.token(&resource(cloud)).await.map_err(|error| unanswered(&error))?;
        let secret = token.secret.clone();
        kept.insert(cloud, token);
        Ok(secret)
    }

    /// Forgets a token that was refused.
    pub(super) async fn forget(&self, cloud: Cloud) {
        self.kept.lock().await.remove(&cloud);
    }
}

const fn resource(cloud: Cloud) -> Resource {
    match cloud {
        Cloud::Public => Resource::KEY_VAULT,
        Cloud::China => Resource::KEY_VAULT_CHINA,
        Cloud::Government => Resource::KEY_VAULT_GOVERNMENT,
    }
}
