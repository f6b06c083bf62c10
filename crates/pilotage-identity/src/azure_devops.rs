//! Jobs of Azure DevOps.

use core::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use async_trait::async_trait;
use pilotage_clock::Clock;
use secrecy::SecretString;
use serde::Deserialize;

use crate::web::{Question, Web};
use crate::{Audience, Error, Identity, token};

/// The version of the interface.
const VERSION: &str = "7.1";

/// A job of Azure DevOps that was given its own access token.
pub struct AzureDevOps {
    address: String,
    bearer: SecretString,
    connection: Option<String>,
    web: Web,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "oidcToken")]
    token: SecretString,
}

impl AzureDevOps {
    /// The job that was given `SYSTEM_OIDCREQUESTURI` and `SYSTEM_ACCESSTOKEN`.
    pub fn new(address: impl Into<String>, bearer: SecretString, clock: Arc<dyn Clock>) -> Self {
        Self { address: address.into(), bearer, connection: None, web: Web::new(clock) }
    }

    /// The same as the service connection with this id, which the cloud then trusts, rather than as
    /// the pipeline.
    #[must_use]
    pub fn through(self, connection: impl Into<String>) -> Self {
        Self { connection: Some(connection.into()), ..self }
    }
}

#[async_trait]
impl Identity for AzureDevOps {
    /// The audience is fixed by Azure DevOps, so each cloud has to be told to accept it.
    async fn token(&self, _: Audience) -> Result<SecretString, Error> {
        let doing = "get a token of the job from Azure DevOps";
        let question = Question::post(doing, &self.address).with("api-version", VERSION);
        let question = match &self.connection {
            Some(connection) => question.with("serviceConnectionId", connection),
            None => question,
        };
        let answer: Answer = self.web.ask(&question.as_bearer(&self.bearer)).await?;
        token::checked("Azure DevOps", answer.token)
    }
}

impl Debug for AzureDevOps {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("AzureDevOps")
    }
}
