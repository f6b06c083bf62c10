//! The registry client's credentials, from ECR.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use pilotage_driver::role::Clock;
use pilotage_registry::auth::{Credential, CredentialError, Credentials};
use pilotage_rollout::Span;
use tokio::sync::Mutex;

use super::{Ecr, EcrHost, Token, public_token};
use crate::{Failure, Kind, Session};

/// How long before its end a token is not given out any more: a long upload begins with it.
const MARGIN: Span = Span::from_mins(30);

/// Credentials for all registries of ECR and none for any other, so that it can be asked among
/// others. One token is kept for each region, for it opens all registries there.
#[derive(Debug)]
pub struct EcrCredentials {
    session: Session,
    clock: Arc<dyn Clock>,
    // Held while AWS is asked, so that whoever else needs a token waits for the same one.
    kept: Mutex<BTreeMap<String, Token>>,
}

impl EcrCredentials {
    /// Credentials of this session.
    pub fn new(session: &Session, clock: Arc<dyn Clock>) -> Self {
        Self { session: session.clone(), clock, kept: Mutex::default() }
    }

    async fn token(&self, host: &EcrHost) -> Result<Token, Failure> {
        let mut kept = self.kept.lock().await;
        if let Some(token) = kept.get(place(host)).filter(|token| self.lasts(token)) {
            return Ok(token.clone());
        }
        let token = match host {
            EcrHost::Public => public_token(&self.session).await?,
            EcrHost::Private(host) => Ecr::at(&self.session, host).token().await?,
        };
        kept.insert(place(host).to_owned(), token.clone());
        Ok(token)
    }

    fn lasts(&self, token: &Token) -> bool {
        token.expires() > self.clock.now() + MARGIN
    }
}

fn place(host: &EcrHost) -> &str {
    match host {
        EcrHost::Public => "public",
        EcrHost::Private(host) => host.region(),
    }
}

#[async_trait]
impl Credentials for EcrCredentials {
    async fn credential(&self, registry: &str) -> Result<Credential, CredentialError> {
        let Some(host) = EcrHost::parse(registry) else { return Ok(Credential::None) };
        let token = self.token(&host).await.map_err(|failure| blame(&failure))?;
        let (user, password) = (token.user().to_owned(), token.password().clone());
        Ok(Credential::Password { user, password })
    }

    async fn refused(&self, registry: &str) {
        if let Some(host) = EcrHost::parse(registry) {
            self.kept.lock().await.remove(place(&host));
        }
    }
}

fn blame(failure: &Failure) -> CredentialError {
    let why = failure.to_string();
    match failure.kind() {
        Kind::NoCredentials | Kind::Misconfigured => {
            CredentialError::Misconfigured { setting: "access to AWS".into(), why }
        }
        _ => CredentialError::Failed { provider: "ECR".into(), why },
    }
}
