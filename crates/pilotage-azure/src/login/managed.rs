//! The identity that a machine in Azure has.

use std::sync::Arc;

use async_trait::async_trait;
use pilotage_clock::Clock;
use pilotage_identity::web::{Form, Question, Web};

use super::token::Issued;
use super::{AccessToken, Login, Resource};
use crate::Error;
use crate::trimmed;

/// Where the metadata service of every machine is.
const METADATA: &str = "http://169.254.169.254";

/// The identity of this machine, told by its metadata service.
#[derive(Debug)]
pub struct ManagedIdentity {
    server: String,
    client: Option<String>,
    web: Web,
}

impl ManagedIdentity {
    /// The identity with this client id; without one, the only one that the machine has.
    pub fn new(client: Option<String>, clock: Arc<dyn Clock>) -> Self {
        Self { server: METADATA.into(), client, web: Web::new(clock) }
    }

    /// The same, at another address.
    pub fn at(mut self, server: impl Into<String>) -> Self {
        self.server = server.into();
        self
    }
}

#[async_trait]
impl Login for ManagedIdentity {
    async fn token(&self, resource: &Resource) -> Result<AccessToken, Error> {
        let now = self.web.clock().now();
        let query = Form::default()
            .with("api-version", "2018-02-01")
            .with("resource", &resource.to_string())
            .with_some("client_id", self.client.as_deref());
        let address = format!("{}/metadata/identity/oauth2/token", trimmed(&self.server));
        let doing = "log in to Azure with the identity of this machine";
        // The service wants to be sure that it is meant.
        let question = Question::get(doing, address).with_query(query);
        let issued: Issued = self.web.ask(&question.with_header("metadata", "true")).await?;
        Ok(issued.at(now))
    }
}
