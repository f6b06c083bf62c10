//! Leases as objects of `coordination.k8s.io/v1`, one for each name, in one namespace.
//!
//! The record is in an annotation. Holder, term, transitions (the fence) and time of the object
//! are there for people and for `kubectl get lease`; nothing is ever decided by them. An object is
//! created where nothing is, replaced where it is the expected one by its `uid` and
//! `resourceVersion`, and never deleted. One without our annotation is somebody else's: it is an
//! error and stays as it is. Labels that others put on an object are gone with the next write.
//!
//! Reads ask for the last write, never for a cached one. These rights are needed, and no more:
//!
//! ```yaml
//! apiVersion: rbac.authorization.k8s.io/v1
//! kind: Role
//! metadata: {name: pilotage-leases, namespace: shop}
//! rules:
//!   - apiGroups: [coordination.k8s.io]
//!     resources: [leases]
//!     verbs: [get, create, update]
//! ```

mod name;
mod object;

use std::time::Duration;

use async_trait::async_trait;
use k8s_openapi::api::coordination::v1::Lease;
use kube::Api;
use kube::api::PostParams;
use pilotage_lease::{LeaseName, LeaseStore, Proposal, StoreFailure, Stored, Tag, Written};

use crate::failure::{Failure, Kind, within};
use crate::{Cluster, Namespace};

/// Leases in one namespace.
#[derive(Debug, Clone)]
pub struct KubeLeases {
    cluster: Cluster,
    namespace: Namespace,
}

/// A term is half a minute: an answer that takes longer than a third of it is of no use.
const PATIENCE: Duration = Duration::from_secs(10);
/// Who writes, as the object's managed fields say it.
const MANAGER: &str = "pilotage";

impl KubeLeases {
    /// Leases in this namespace. Nothing is asked yet.
    pub const fn new(cluster: Cluster, namespace: Namespace) -> Self {
        Self { cluster, namespace }
    }

    fn api(&self) -> Api<Lease> {
        Api::namespaced(self.cluster.client.clone(), self.namespace.as_str())
    }

    async fn call<T>(
        &self,
        asked: impl Future<Output = Result<T, kube::Error>> + Send,
    ) -> Result<T, Failure> {
        within(PATIENCE, asked).await
    }

    fn unusable(&self, verb: &str, failure: Failure) -> StoreFailure {
        let (place, namespace) = (self.place(), &self.namespace);
        let remedy = match failure.kind {
            Kind::NoCredentials | Kind::Rejected => {
                "look whether `kubectl` gets in with the same kubeconfig".into()
            }
            Kind::Denied => format!(
                "give a Role in `{namespace}` the verbs `get`, `create` and `update` on `leases` \
                 of `coordination.k8s.io`, and bind it"
            ),
            Kind::NoNamespace => format!("make it with `kubectl create namespace {namespace}`"),
            Kind::Unreachable => "check the server's address, its authority and the network".into(),
            _ => "try again".into(),
        };
        let reason = format!("{place} cannot be used: `{verb}` failed: {failure}; {remedy}");
        let stays = failure.kind.stays();
        let failure = StoreFailure::from_source(reason, failure);
        if stays { failure.that_stays() } else { failure }
    }

    /// What became of a write that was not acknowledged.
    fn outcome(&self, verb: &str, failure: Failure) -> Result<Written, StoreFailure> {
        match failure.kind {
            Kind::Conflict => Ok(Written::Refused),
            // What was to be replaced is gone.
            Kind::Missing if verb == "update" => Ok(Written::Refused),
            _ if failure.may_have_happened() => {
                Ok(Written::Unknown { reason: format!("`{verb}`: {failure}") })
            }
            _ => Err(self.unusable(verb, failure)),
        }
    }

    /// Creates the object, or replaces the version that it names.
    async fn put(&self, lease: &Lease) -> Result<Written, StoreFailure> {
        let (api, name) = (self.api(), lease.metadata.name.as_deref().unwrap_or_default());
        let options = PostParams { field_manager: Some(MANAGER.into()), ..PostParams::default() };
        let (verb, answer) = if lease.metadata.resource_version.is_none() {
            ("create", self.call(api.create(&options, lease)).await)
        } else {
            ("update", self.call(api.replace(name, &options, lease)).await)
        };
        let unreadable = || Failure::unreadable("the answer names no version");
        let tag = answer.and_then(|lease| object::tag(&lease).ok_or_else(unreadable));
        tag.map(Written::Applied).or_else(|failure| self.outcome(verb, failure))
    }
}

#[async_trait]
impl LeaseStore for KubeLeases {
    fn place(&self) -> String {
        format!("the namespace `{}` of the cluster at {}", self.namespace, self.cluster.server())
    }

    async fn read(&self, name: &LeaseName) -> Result<Option<Stored>, StoreFailure> {
        let api = self.api();
        let found = self.call(api.get_opt(&name::of(name))).await;
        let found = found.map_err(|failure| self.unusable("get", failure))?;
        let stored = found.map(|lease| object::stored(&lease, name)).transpose();
        stored.map_err(|foreign| {
            StoreFailure::from_source(format!("{}: {foreign}", self.place()), foreign).that_stays()
        })
    }

    async fn write(&self, name: &LeaseName, proposal: &Proposal) -> Result<Written, StoreFailure> {
        let mut lease = object::lease(name, &proposal.record)?;
        match &proposal.expected {
            None => self.put(&lease).await,
            Some(Tag(tag)) => match object::expect(&mut lease, tag) {
                Some(()) => self.put(&lease).await,
                // No version was ever known by such a tag.
                None => Ok(Written::Refused),
            },
        }
    }
}
