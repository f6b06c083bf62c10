//! Missing rights, and a namespace that is not there.

use k8s_openapi::api::authentication::v1::{TokenRequest, TokenRequestSpec};
use k8s_openapi::api::core::v1::ServiceAccount;
use k8s_openapi::api::rbac::v1::{PolicyRule, Role, RoleBinding, RoleRef, Subject};
use kube::Api;
use kube::api::PostParams;
use pilotage_kubernetes::{Access, Cluster, KubeLeases};
use pilotage_lease::{Course, LeaseStore as _, Written};

use crate::cluster::{Bench, new_name, proposal, unique};

/// The token of a service account that may do these things with leases.
async fn token(bench: &Bench, verbs: &[&str]) -> String {
    account(bench, &unique("ci"), verbs).await
}

/// The same, of an account of this name.
pub(crate) async fn account(bench: &Bench, name: &str, verbs: &[&str]) -> String {
    granted(bench, name, rule("coordination.k8s.io", "leases", verbs)).await
}

/// The token of a service account that may do these things with these objects.
pub(crate) async fn token_for(bench: &Bench, group: &str, what: &str, verbs: &[&str]) -> String {
    granted(bench, &unique("ci"), rule(group, what, verbs)).await
}

async fn granted(bench: &Bench, name: &str, allowed: PolicyRule) -> String {
    let (client, space) = (bench.admin().await, bench.namespace.as_str());
    let (name, options) = (name.to_owned(), PostParams::default());
    let mut account = ServiceAccount::default();
    account.metadata.name = Some(name.clone());
    let accounts: Api<ServiceAccount> = Api::namespaced(client.clone(), space);
    accounts.create(&options, &account).await.expect("created");
    let mut role = Role { rules: Some(vec![allowed]), ..Role::default() };
    role.metadata.name = Some(name.clone());
    let roles: Api<Role> = Api::namespaced(client.clone(), space);
    roles.create(&options, &role).await.expect("created");
    let bindings: Api<RoleBinding> = Api::namespaced(client, space);
    bindings.create(&options, &binding(&name, space)).await.expect("created");
    let asked = TokenRequest { spec: TokenRequestSpec::default(), ..TokenRequest::default() };
    let given = accounts.create_token_request(&name, &options, &asked).await.expect("created");
    given.status.expect("it was given").token
}

fn rule(group: &str, what: &str, verbs: &[&str]) -> PolicyRule {
    PolicyRule {
        api_groups: Some(vec![group.into()]),
        resources: Some(vec![what.into()]),
        verbs: verbs.iter().map(|verb| (*verb).to_owned()).collect(),
        ..PolicyRule::default()
    }
}

fn binding(name: &str, space: &str) -> RoleBinding {
    let subject = Subject {
        kind: "ServiceAccount".into(),
        name: name.into(),
        namespace: Some(space.into()),
        ..Subject::default()
    };
    let group = "rbac.authorization.k8s.io".into();
    let role_ref = RoleRef { api_group: group, kind: "Role".into(), name: name.into() };
    let mut binding =
        RoleBinding { role_ref, subjects: Some(vec![subject]), ..RoleBinding::default() };
    binding.metadata.name = Some(name.into());
    binding
}

/// Leases, as somebody who shows this token.
async fn leases(bench: &Bench, token: &str) -> KubeLeases {
    KubeLeases::new(cluster(bench, token).await, bench.namespace.clone())
}

/// The cluster, for somebody who shows this token.
pub(crate) async fn cluster(bench: &Bench, token: &str) -> Cluster {
    let config = bench.config().await;
    let authorities = config.root_cert.expect("its certificate is its own");
    let explicit = crate::access::explicit(&config.cluster_url.to_string(), &authorities, token);
    Cluster::open(&Access::Explicit(explicit)).await.expect("it is whole")
}

#[tokio::test]
async fn the_documented_rights_are_enough() {
    let Some(bench) = Bench::open().await else { return };
    let token = token(&bench, &["get", "create", "update"]).await;
    let (store, name) = (leases(&bench, &token).await, new_name());
    let Ok(Written::Applied(tag)) = store.write(&name, &proposal(None, 1)).await else {
        panic!("it may create");
    };
    let second = store.write(&name, &proposal(Some(&tag), 2)).await;
    assert!(matches!(second, Ok(Written::Applied(_))), "it may update: {second:?}");
    assert!(store.read(&name).await.expect("it may get").is_some());
    bench.close().await;
}

#[tokio::test]
async fn whoever_may_only_read_is_told_which_rights_are_missing() {
    let Some(bench) = Bench::open().await else { return };
    let (writer, name) = (bench.leases().await, new_name());
    let Ok(Written::Applied(tag)) = writer.write(&name, &proposal(None, 1)).await else {
        panic!("an administrator may create");
    };
    let token = token(&bench, &["get"]).await;
    let reader = leases(&bench, &token).await;
    let read = reader.read(&name).await.expect("it may read");
    assert_eq!(read.expect("it is there").tag, tag);
    for (name, expected, verb) in [(new_name(), None, "create"), (name, Some(&tag), "update")] {
        let error = reader.write(&name, &proposal(expected, 2)).await.expect_err("it may not");
        assert_eq!(error.course, Course::Stays, "{error}");
        let error = error.to_string();
        assert!(error.contains(&format!("`{verb}` failed: access denied")), "{error}");
        assert!(error.contains("the verbs `get`, `create` and `update` on `leases`"), "{error}");
        assert!(!error.contains(&token), "{error}");
    }
    bench.close().await;
}

#[tokio::test]
async fn an_unknown_token_is_told_and_not_shown() {
    let Some(bench) = Bench::open().await else { return };
    let store = leases(&bench, "not-a-token-of-anybody").await;
    let error = store.read(&new_name()).await.expect_err("nobody is let in");
    assert_eq!(error.course, Course::Stays, "{error}");
    let error = error.to_string();
    assert!(error.contains("the credentials were rejected"), "{error}");
    assert!(!error.contains("not-a-token"), "{error}");
    bench.close().await;
}

#[tokio::test]
async fn a_missing_namespace_is_an_error_with_its_remedy() {
    let Some(bench) = Bench::open().await else { return };
    let nowhere = unique("nowhere");
    let store = bench.leases_in(nowhere.parse().expect("a name")).await;
    let error = store.write(&new_name(), &proposal(None, 1)).await.expect_err("there is none");
    assert_eq!(error.course, Course::Stays, "{error}");
    let remedy = format!("kubectl create namespace {nowhere}");
    assert!(error.to_string().contains(&remedy), "{error}");
    assert_eq!(store.read(&new_name()).await.expect("nothing is there"), None);
    bench.close().await;
}
