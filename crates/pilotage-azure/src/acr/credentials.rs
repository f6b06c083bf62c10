//! The registry client's credentials, from Azure.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use pilotage_clock::Clock;
use pilotage_identity::web::Web;
use pilotage_registry::auth::{Credential, CredentialError, Credentials};
use pilotage_rollout::{Moment, Span};
use secrecy::SecretString;
use tokio::sync::Mutex;

use super::{AcrHost, exchange, life};
use crate::{Error, Login, Resource};

/// The user that goes with a token instead of a password.
const USER: &str = "00000000-0000-0000-0000-000000000000";

/// How long before its end a token is not given out any more.
const MARGIN: Span = Span::from_mins(10);

/// Credentials for registries of Azure and none for any other, so that it can be asked among
/// others.
#[derive(Debug)]
pub struct AcrCredentials {
    login: Arc<dyn Login>,
    tenant: Option<String>,
    named: BTreeSet<AcrHost>,
    web: Web,
    // Held while Azure is asked, so that whoever else needs a token waits for the same one.
    kept: Mutex<BTreeMap<AcrHost, Kept>>,
}

#[derive(Debug, Clone)]
struct Kept {
    token: SecretString,
    ends: Moment,
}

impl AcrCredentials {
    /// Credentials of whoever this login is.
    pub fn new(login: Arc<dyn Login>, clock: Arc<dyn Clock>) -> Self {
        let (tenant, named) = (None, BTreeSet::new());
        Self { login, tenant, named, web: Web::new(clock), kept: Mutex::default() }
    }

    /// Says in which tenant the login is, where registries serve several.
    pub fn in_tenant(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// Takes this host for a registry of Azure, behind a private name for example. It is given
    /// access tokens, so it must be trusted as Azure is.
    pub fn also(mut self, host: &str) -> Self {
        self.named.insert(AcrHost::named(host));
        self
    }

    fn host(&self, registry: &str) -> Option<AcrHost> {
        let named = AcrHost::named(registry);
        AcrHost::parse(registry).or_else(|| self.named.contains(&named).then_some(named))
    }

    async fn token(&self, host: &AcrHost) -> Result<SecretString, Error> {
        let mut kept = self.kept.lock().await;
        let now = self.web.clock().now();
        if let Some(kept) = kept.get(host).filter(|kept| kept.ends > now + MARGIN) {
            return Ok(kept.token.clone());
        }
        let login = self.login.token(&Resource::CONTAINER_REGISTRY).await?;
        let token = exchange::exchange(&self.web, host, self.tenant.as_deref(), &login).await?;
        // A token that does not tell its end is not kept.
        if let Some(ends) = life::end(&token) {
            kept.insert(host.clone(), Kept { token: token.clone(), ends });
        }
        Ok(token)
    }
}

#[async_trait]
impl Credentials for AcrCredentials {
    async fn credential(&self, registry: &str) -> Result<Credential, CredentialError> {
        let Some(host) = self.host(registry) else { return Ok(Credential::None) };
        let token = self.token(&host).await.map_err(|error| blame(&error))?;
        Ok(Credential::Identity { user: USER.into(), token })
    }

    async fn refused(&self, registry: &str) {
        if let Some(host) = self.host(registry) {
            self.kept.lock().await.remove(&host);
        }
    }
}

fn blame(error: &Error) -> CredentialError {
    let why = error.to_string();
    if error.is_setup() {
        return CredentialError::Misconfigured { setting: "access to Azure".into(), why };
    }
    CredentialError::Failed { provider: "Azure".into(), why }
}
