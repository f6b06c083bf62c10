//! Secrets of the cluster that the kubeconfig, or the pod that this runs in, names.

use std::sync::Arc;

use pilotage_kubernetes::{Access, Cluster, KubeSecrets};
use pilotage_secrets::{Locator, SecretSource};

use super::closed::Closed;

/// Whether a locator is in a cluster.
pub(super) const fn is_there(locator: &Locator) -> bool {
    matches!(locator, Locator::Kubernetes(_))
}

/// The cluster, or a source that says why it cannot be asked.
pub(super) async fn open() -> Arc<dyn SecretSource> {
    match Cluster::open(&Access::Usual).await {
        Ok(cluster) => Arc::new(KubeSecrets::new(cluster)),
        Err(error) => Arc::new(Closed::new("Kubernetes", is_there, &error.to_string())),
    }
}
