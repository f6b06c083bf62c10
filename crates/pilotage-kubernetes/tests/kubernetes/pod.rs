//! The service account of a pod, with real tokens of a real API server.

use std::path::Path;

use k8s_openapi::api::core::v1::ServiceAccount;
use kube::Api;
use kube::api::DeleteParams;
use pilotage_kubernetes::{Access, Cluster, KubeLeases};
use pilotage_lease::{Course, LeaseStore as _, Written};

use crate::access::{pem, write};
use crate::cluster::{Bench, new_name, proposal};
use crate::rights::account;

const RIGHTS: [&str; 3] = ["get", "create", "update"];

/// Mounts what a pod of the bench's namespace finds, with this token.
async fn mount(bench: &Bench, folder: &Path, token: &str) -> Access {
    let config = bench.config().await;
    let authorities = config.root_cert.expect("its certificate is its own");
    let authority: String = authorities.iter().map(|der| pem(der)).collect();
    write(&folder.join("ca.crt"), &authority);
    write(&folder.join("namespace"), bench.namespace.as_str());
    write(&folder.join("token"), token);
    Access::Mounted { server: config.cluster_url.to_string(), folder: folder.to_path_buf() }
}

async fn leases(access: &Access) -> KubeLeases {
    let cluster = Cluster::open(access).await.expect("it is whole");
    let namespace = cluster.namespace().clone();
    KubeLeases::new(cluster, namespace)
}

#[tokio::test]
async fn three_files_are_enough() {
    let Some(bench) = Bench::open().await else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let token = account(&bench, "worker", &RIGHTS).await;
    let access = mount(&bench, folder.path(), &token).await;
    let (store, name) = (leases(&access).await, new_name());
    let written = store.write(&name, &proposal(None, 1)).await;
    assert!(matches!(written, Ok(Written::Applied(_))), "{written:?}");
    assert!(store.read(&name).await.expect("it may get").is_some());
    assert!(bench.leases().await.read(&name).await.expect("it may").is_some(), "it is there");
    bench.close().await;
}

#[tokio::test]
async fn a_token_that_is_over_is_refused_and_its_successor_is_not() {
    let Some(bench) = Bench::open().await else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let old = account(&bench, "old", &RIGHTS).await;
    let access = mount(&bench, folder.path(), &old).await;
    let accounts: Api<ServiceAccount> =
        Api::namespaced(bench.admin().await, bench.namespace.as_str());
    // The token of an account that is gone is over, whatever it says of its own end.
    accounts.delete("old", &DeleteParams::default()).await.expect("deleted");
    let refused = leases(&access).await.read(&new_name()).await.expect_err("it is over");
    assert_eq!(refused.course, Course::Stays, "{refused}");
    let refused = refused.to_string();
    assert!(refused.contains("the credentials were rejected"), "{refused}");
    assert!(!refused.contains(&old), "{refused}");
    let new = account(&bench, "new", &RIGHTS).await;
    write(&folder.path().join("token"), &new);
    assert_eq!(leases(&access).await.read(&new_name()).await.expect("it is let in"), None);
    bench.close().await;
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let access =
        Access::Mounted { server: "https://k.example".into(), folder: folder.path().into() };
    let refused = async || Cluster::open(&access).await.expect_err("not whole").to_string();
    let certificate = rcgen::generate_simple_self_signed(["k.example".to_owned()]);
    let certificate = pem(certificate.expect("a certificate").cert.der());
    for (name, text) in [("ca.crt", certificate.as_str()), ("namespace", "shop"), ("token", "")] {
        let error = refused().await;
        assert!(error.contains(name) && error.contains("name a kubeconfig"), "{name}: {error}");
        write(&folder.path().join(name), text);
    }
    let error = refused().await;
    assert!(error.contains("`token` is empty"), "{error}");
    write(&folder.path().join("token"), "t");
    let cluster = Cluster::open(&access).await.expect("it is whole");
    assert_eq!(cluster.namespace().as_str(), "shop");
}
