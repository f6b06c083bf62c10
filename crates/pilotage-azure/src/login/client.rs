//! An application that proves itself: with a token of the CI system, or with a secret.

use std::sync::Arc;

use async_trait::async_trait;
use pilotage_clock::Clock;
use pilotage_identity::web::{Form, Question, Web};
use pilotage_identity::{Audience, Identity};
use secrecy::SecretString;

use super::token::Issued;
use super::{AccessToken, Login, Resource};
use crate::Error;
use crate::trimmed;

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The login of an application.
#[derive(Debug)]
pub struct ClientLogin {
    authority: String,
    tenant: String,
    client: String,
    proof: Proof,
    web: Web,
}

/// How an application proves itself.
#[derive(Debug, Clone)]
pub enum Proof {
    /// A token of the CI system or the cluster, asked for anew each time. Nothing has to be kept
    /// secret for longer than the job runs.
    Federated(Arc<dyn Identity>),
    /// A secret.
    Secret(SecretString),
}

impl ClientLogin {
    /// The login of this application in this tenant, at this authority.
    pub fn new(
        authority: impl Into<String>,
        tenant: impl Into<String>,
        client: impl Into<String>,
        proof: Proof,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let (authority, tenant, client) = (authority.into(), tenant.into(), client.into());
        Self { authority, tenant, client, proof, web: Web::new(clock) }
    }

    async fn form(&self, resource: &Resource) -> Result<Form, Error> {
        let form = Form::default()
            .with("grant_type", "client_credentials")
            .with("client_id", &self.client)
            .with("scope", &resource.scope());
        Ok(match &self.proof {
            Proof::Secret(secret) => form.with_secret("client_secret", secret),
            Proof::Federated(identity) => form
                .with("client_assertion_type", ASSERTION)
                .with_secret("client_assertion", &identity.token(Audience::AZURE).await?),
        })
    }
}

#[async_trait]
impl Login for ClientLogin {
    async fn token(&self, resource: &Resource) -> Result<AccessToken, Error> {
        let now = self.web.clock().now();
        let address = format!("{}/{}/oauth2/v2.0/token", trimmed(&self.authority), self.tenant);
        let doing = format!("log in to Azure as application `{}`", self.client);
        let form = self.form(resource).await?;
        let issued: Issued = self.web.ask(&Question::post(doing, address).with_form(form)).await?;
        Ok(issued.at(now))
    }
}
