//! Leases in a cluster.

use std::sync::Arc;

use pilotage_cli::KubernetesLease;
use pilotage_kubernetes::{Access, Cluster, KubeLeases};
use pilotage_lease::LeaseStore;

use crate::failure::Failure;

pub(super) async fn open(lease: &KubernetesLease) -> Result<Arc<dyn LeaseStore>, Failure> {
    let KubernetesLease { namespace, context, kubeconfig } = lease.clone();
    let access = match (kubeconfig, context) {
        (None, None) => Access::Usual,
        (file, context) => Access::Kubeconfig { file, context },
    };
    let namespace = namespace.map(|name| name.parse()).transpose().map_err(Failure::store)?;
    let cluster = Cluster::open(&access).await.map_err(Failure::store)?;
    let namespace = namespace.unwrap_or_else(|| cluster.namespace().clone());
    Ok(Arc::new(KubeLeases::new(cluster, namespace)))
}
