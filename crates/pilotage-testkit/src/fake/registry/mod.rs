//! A registry on this machine that keeps what it is given, is stricter than real ones, and fails in
//! the ways in which real ones fail.
//!
//! It speaks HTTP over a real socket, so that connections can really break. Digests, sizes, media
//! types, scopes and the existence of every child are checked. What it is like is a [`Behaviour`];
//! what goes wrong once is a [`Fault`].

mod answer;
mod behaviour;
mod blobs;
mod login;
mod manifests;
mod referrers;
mod request;
mod route;
mod server;
mod state;
mod uploads;

pub use behaviour::{Behaviour, Fault, List, Login, Mount};
pub use state::Seen;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use pilotage_artifact::Digest;
use tokio::task::JoinHandle;

use super::lock;
use state::State;

/// A registry; dropping it ends it.
#[derive(Debug)]
pub struct FakeRegistry {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    server: JoinHandle<()>,
}

impl FakeRegistry {
    /// Starts one that behaves well.
    pub async fn start() -> std::io::Result<Self> {
        Self::start_as(Behaviour::default()).await
    }

    /// Starts one that behaves like this.
    pub async fn start_as(behaviour: Behaviour) -> std::io::Result<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let state = Arc::new(Mutex::new(State::new(address, behaviour)));
        let server = tokio::spawn(server::serve(listener, state.clone()));
        Ok(Self { address, state, server })
    }

    /// Its name, as images are written.
    pub fn name(&self) -> String {
        self.address.to_string()
    }

    /// Makes the next fitting request fail like this; faults of one kind happen in order.
    pub fn fail(&self, fault: Fault) {
        lock(&self.state).faults.push(fault);
    }

    /// Whether every fault has happened.
    pub fn has_failed(&self) -> bool {
        lock(&self.state).faults.is_empty()
    }

    /// Changes how it behaves from now on.
    pub fn behave(&self, change: impl FnOnce(&mut Behaviour)) {
        change(&mut lock(&self.state).behaviour);
    }

    /// Forgets all tokens that it gave, as if their time had passed.
    pub fn forget_tokens(&self) {
        lock(&self.state).tokens.clear();
    }

    /// Every request so far, in order.
    pub fn seen(&self) -> Vec<Seen> {
        lock(&self.state).log.clone()
    }

    /// Forgets the requests so far.
    pub fn forget_seen(&self) {
        lock(&self.state).log.clear();
    }

    /// What a tag names.
    pub fn tag(&self, repository: &str, tag: &str) -> Option<Digest> {
        lock(&self.state).repository(repository)?.tags.get(tag).copied()
    }

    /// Moves a tag, as somebody else could.
    pub fn set_tag(&self, repository: &str, tag: &str, digest: Digest) {
        lock(&self.state).made(repository).tags.insert(tag.into(), digest);
    }

    /// Whether a blob or a manifest is there.
    pub fn holds(&self, repository: &str, digest: Digest) -> bool {
        let state = lock(&self.state);
        state.repository(repository).is_some_and(|found| {
            found.blobs.contains_key(&digest) || found.manifests.contains_key(&digest)
        })
    }

    /// Uploads that were opened and neither completed nor closed.
    pub fn open_uploads(&self) -> usize {
        lock(&self.state).uploads.len()
    }
}

impl Drop for FakeRegistry {
    fn drop(&mut self) {
        self.server.abort();
    }
}
