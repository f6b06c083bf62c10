//! Jobs of GitHub Actions.

use core::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use async_trait::async_trait;
use pilotage_clock::Clock;
use secrecy::SecretString;
use serde::Deserialize;

use crate::web::{Question, Web};
use crate::{Audience, Error, Identity, token};

/// A job of GitHub Actions with the permission `id-token: write`.
pub struct GitHubActions {
    address: String,
    bearer: SecretString,
    web: Web,
}

#[derive(Deserialize)]
struct Answer {
    value: SecretString,
}

impl GitHubActions {
    /// The job that was given `ACTIONS_ID_TOKEN_REQUEST_URL` and `ACTIONS_ID_TOKEN_REQUEST_TOKEN`.
    pub fn new(address: impl Into<String>, bearer: SecretString, clock: Arc<dyn Clock>) -> Self {
        Self { address: address.into(), bearer, web: Web::new(clock) }
    }
}

#[async_trait]
impl Identity for GitHubActions {
    async fn token(&self, audience: Audience) -> Result<SecretString, Error> {
        let doing = "get a token of the job from GitHub Actions";
        let question = Question::get(doing, &self.address).with("audience", audience.as_str());
        let answer: Answer = self.web.ask(&question.as_bearer(&self.bearer)).await?;
        token::checked("GitHub Actions", answer.value)
    }
}

impl Debug for GitHubActions {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("GitHubActions")
    }
}
