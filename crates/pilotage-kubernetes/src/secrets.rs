//! Values of Kubernetes Secrets, read or looked at.
//!
//! A source for the resolver of `pilotage-secrets`, which limits and retries. All keys of one
//! object come with one request.
//!
//! - **Looking reads no value, and needs the right to**: the API gives metadata alone to whoever
//!   asks for it, and asks for the verb `get` all the same, which reads values as well. There is no
//!   lesser right. Metadata has no keys either, so that a key is known to be there only once it is
//!   read.
//! - **The version is the object's `resourceVersion`**: it moves with every write, also one that
//!   leaves the data as it is, and none but the last can be read. So nothing is pinned.

use core::num::NonZeroUsize;
use std::time::Duration;

use async_trait::async_trait;
use k8s_openapi::api::core::v1::Secret as Object;
use kube::Api;
use pilotage_secrets::reference::Kubernetes as Wanted;
use pilotage_secrets::{
    Description, Errand, Failure as Unread, Fetched, Lane, Locator, Secret, SecretSource, Words,
};

use crate::Cluster;
use crate::failure::{Failure, Kind, within};

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Objects that are asked for at once.
const PARALLEL: NonZeroUsize = NonZeroUsize::MIN;

/// The Secrets of a cluster.
#[derive(Debug, Clone)]
pub struct KubeSecrets {
    cluster: Cluster,
}

impl KubeSecrets {
    /// The Secrets that the credentials for this cluster can see. Nothing is asked yet.
    pub fn new(cluster: Cluster) -> Self {
        Self { cluster }
    }

    fn api(&self, wanted: &Wanted) -> Api<Object> {
        Api::namespaced(self.cluster.client.clone(), wanted.namespace())
    }

    async fn read(&self, wanted: &[Wanted]) -> Vec<Result<Fetched, Unread>> {
        let Some(first) = wanted.first() else { return Vec::new() };
        match within(PATIENCE, self.api(first).get(first.name())).await {
            Ok(object) => wanted.iter().map(|one| value(&object, one.key())).collect(),
            Err(failure) => vec![Err(unread(&failure)); wanted.len()],
        }
    }

    async fn look(&self, wanted: &[Wanted]) -> Vec<Result<Description, Unread>> {
        let Some(first) = wanted.first() else { return Vec::new() };
        let seen = within(PATIENCE, self.api(first).get_metadata(first.name())).await;
        let described = seen.map_err(|failure| unread(&failure)).map(|object| {
            let version = object.metadata.resource_version.and_then(|id| id.parse().ok());
            Description { version, ..Description::default() }
        });
        vec![described; wanted.len()]
    }
}

/// The value of a key, with the version of the object that it is in.
fn value(object: &Object, key: &str) -> Result<Fetched, Unread> {
    let data = object.data.as_ref().and_then(|data| data.get(key));
    let value = Secret::new(data.ok_or(Unread::Missing)?.0.clone());
    let version = object.metadata.resource_version.as_ref().and_then(|id| id.parse().ok());
    Ok(Fetched { version, value })
}

/// What a failed call means for what it asked for.
fn unread(failure: &Failure) -> Unread {
    let said = Words::new(&failure.to_string());
    match failure.kind {
        Kind::NoCredentials | Kind::Rejected => Unread::NoCredentials { said },
        Kind::Denied => Unread::Denied { said },
        Kind::Missing | Kind::NoNamespace => Unread::Missing,
        Kind::Throttled => Unread::Throttled { wait: None },
        Kind::Unreachable | Kind::Silent | Kind::Fault => Unread::Unreachable { said },
        Kind::Conflict | Kind::Refused => Unread::NotUnderstood { said },
    }
}

#[async_trait]
impl SecretSource for KubeSecrets {
    fn place(&self) -> String {
        format!("the cluster at {}", self.cluster.server())
    }

    fn lane(&self, errand: Errand, locator: &Locator) -> Option<Lane> {
        let wanted = ours(locator)?;
        let what = match errand {
            Errand::Fetch => "the object",
            Errand::Describe => "the metadata of the object",
        };
        let name = format!("{what} {}/{}", wanted.namespace(), wanted.name());
        Some(Lane { name, batch: NonZeroUsize::MAX, parallel: PARALLEL })
    }

    async fn fetch(&self, locators: &[Locator]) -> Vec<Result<Fetched, Unread>> {
        let wanted: Vec<Wanted> = locators.iter().filter_map(ours).cloned().collect();
        if wanted.len() != locators.len() {
            return vec![Err(foreign()); locators.len()];
        }
        self.read(&wanted).await
    }

    async fn describe(&self, locators: &[Locator]) -> Vec<Result<Description, Unread>> {
        let wanted: Vec<Wanted> = locators.iter().filter_map(ours).cloned().collect();
        if wanted.len() != locators.len() {
            return vec![Err(foreign()); locators.len()];
        }
        self.look(&wanted).await
    }
}

const fn ours(locator: &Locator) -> Option<&Wanted> {
    match locator {
        Locator::Kubernetes(wanted) => Some(wanted),
        _ => None,
    }
}

fn foreign() -> Unread {
    Unread::NoSource { said: Words::new("this source reads Kubernetes Secrets only") }
}
