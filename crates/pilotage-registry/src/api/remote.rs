//! One repository at its registry.

use core::time::Duration;
use std::sync::Arc;

use hyper::Request;
use pilotage_artifact::Repository;

use super::Client;
use super::address::Address;
use crate::Error;
use crate::auth::{Keeper, Scopes};
use crate::http::{Answer, Ask, Body, Guard, Origin};

/// One repository at its registry. Clones are cheap and share connections and credentials.
#[derive(Debug, Clone)]
pub struct Remote {
    client: Client,
    repository: Repository,
    keeper: Arc<Keeper>,
}

impl Remote {
    pub(super) const fn new(client: Client, repository: Repository, keeper: Arc<Keeper>) -> Self {
        Self { client, repository, keeper }
    }

    /// The name of the repository.
    pub const fn repository(&self) -> &Repository {
        &self.repository
    }

    /// Whether blobs can be taken over from there without a transfer.
    pub fn shares_registry_with(&self, other: &Self) -> bool {
        self.origin() == other.origin()
    }

    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn origin(&self) -> &Origin {
        self.keeper.origin()
    }

    pub(super) fn address(&self) -> Address<'_> {
        Address { origin: self.origin(), repository: &self.repository }
    }

    pub(super) fn stall(&self) -> Duration {
        self.client.caller().wire.patience().stall
    }

    /// Calls to read.
    pub(super) async fn read(&self, ask: &Ask) -> Result<Answer, Error> {
        self.call(ask, &Scopes::pull(&self.repository)).await
    }

    /// Calls to write.
    pub(super) async fn write(&self, ask: &Ask) -> Result<Answer, Error> {
        self.call(ask, &Scopes::push(&self.repository)).await
    }

    pub(super) async fn call(&self, ask: &Ask, scopes: &Scopes) -> Result<Answer, Error> {
        let guard = Guard { keeper: &self.keeper, scopes };
        self.client.caller().call(ask, Some(guard)).await
    }

    /// Sends a body that is not in memory, once.
    pub(super) async fn stream(
        &self,
        request: Request<Body>,
        doing: &str,
    ) -> Result<Answer, Error> {
        let guard = Guard { keeper: &self.keeper, scopes: &Scopes::push(&self.repository) };
        self.client.caller().stream(request, doing, guard).await
    }

    pub(super) async fn refusal(&self, answer: Answer, doing: &str) -> Error {
        self.client.caller().refusal(answer, doing).await
    }
}
