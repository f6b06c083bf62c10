//! A real cluster, and what tests need there before they begin.

use std::path::PathBuf;

use k8s_openapi::api::core::v1::Namespace as Space;
use kube::api::{DeleteParams, PostParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Api, Client, Config};
use pilotage_kubernetes::{Access, Cluster, KubeLeases, Namespace};
use pilotage_lease::{Fence, LeaseName, OwnerId, Proposal, Record, Tag};
use pilotage_testkit::real;

/// A cluster that runs, and a namespace of the test's own in it.
pub(crate) struct Bench {
    pub(crate) kubeconfig: PathBuf,
    pub(crate) namespace: Namespace,
}

impl Bench {
    /// The one that the environment names; a test without it says so.
    pub(crate) async fn open() -> Option<Self> {
        let kubeconfig = real::require("kubernetes", "PILOTAGE_TEST_KUBERNETES")?;
        let namespace: Namespace = unique("pilotage").parse().expect("a name");
        let bench = Self { kubeconfig, namespace };
        let mut space = Space::default();
        space.metadata.name = Some(bench.namespace.to_string());
        let spaces: Api<Space> = Api::all(bench.admin().await);
        spaces.create(&PostParams::default(), &space).await.expect("created");
        Some(bench)
    }

    /// For what the adapter never does, such as making namespaces.
    pub(crate) async fn admin(&self) -> Client {
        Client::try_from(self.config().await).expect("it can be used")
    }

    /// Where the server is, and as whom the kubeconfig asks it.
    pub(crate) async fn config(&self) -> Config {
        let kubeconfig = Kubeconfig::read_from(&self.kubeconfig).expect("it can be read");
        let options = KubeConfigOptions::default();
        Config::from_custom_kubeconfig(kubeconfig, &options).await.expect("it is whole")
    }

    /// Leases in the namespace, over a connection of their own.
    pub(crate) async fn leases(&self) -> KubeLeases {
        self.leases_in(self.namespace.clone()).await
    }

    pub(crate) async fn leases_in(&self, namespace: Namespace) -> KubeLeases {
        let access = Access::Kubeconfig { file: Some(self.kubeconfig.clone()), context: None };
        KubeLeases::new(Cluster::open(&access).await.expect("it can be used"), namespace)
    }

    /// Takes the namespace away again; in a cluster of one's own nothing is to be left behind.
    pub(crate) async fn close(self) {
        let spaces: Api<Space> = Api::all(self.admin().await);
        let deleted = spaces.delete(self.namespace.as_str(), &DeleteParams::default()).await;
        deleted.expect("it was ours");
    }
}

/// A name that nobody had before.
pub(crate) fn unique(prefix: &str) -> String {
    format!("{prefix}-{}", OwnerId::random().expect("random numbers"))
}

pub(crate) fn new_name() -> LeaseName {
    unique("shop").parse().expect("a name")
}

pub(crate) fn proposal(expected: Option<&Tag>, fence: u64) -> Proposal {
    let record = Record { revision: fence, fence: Fence(fence), ..Record::BLANK };
    Proposal { expected: expected.cloned(), record }
}
