//! The binary over Secrets of a real API server: by a kubeconfig, and by the files of a pod.

use std::path::PathBuf;
use std::process::{Command, Output};

use k8s_openapi::ByteString;
use k8s_openapi::api::authentication::v1::{TokenRequest, TokenRequestSpec};
use k8s_openapi::api::core::v1::{Namespace, Secret, ServiceAccount};
use k8s_openapi::api::rbac::v1::{Role, RoleBinding};
use kube::api::{DeleteParams, PostParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Api, Client, Config};
use pilotage_testkit::real;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::place::{Place, done};

/// Where every pod finds who it is.
const FOLDER: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// A namespace of the test's own, with one Secret.
struct Space {
    kubeconfig: PathBuf,
    client: Client,
    name: String,
}

impl Space {
    async fn open() -> Option<Self> {
        let kubeconfig = real::require("kubernetes", "PILOTAGE_TEST_KUBERNETES")?;
        let client = Client::try_from(config(&kubeconfig).await).expect("it can be used");
        let folder = tempfile::Builder::new().prefix("x").rand_bytes(12).tempdir().expect("made");
        let name = folder.path().file_name().expect("it has one").to_string_lossy().to_lowercase();
        let space = Self { kubeconfig, client, name: format!("pilotage-{name}") };
        let wanted = object::<Namespace>(json!({ "metadata": { "name": space.name } }));
        create(Api::all(space.client.clone()), wanted).await;
        let values = [("password", "canary-one"), ("key.json", r#"{"id":"canary-two"}"#)];
        let pair = |(key, value): (&str, &str)| (key.to_owned(), ByteString(value.into()));
        let mut secret = object::<Secret>(json!({ "metadata": { "name": "db" } }));
        secret.data = Some(values.into_iter().map(pair).collect());
        create(space.api(), secret).await;
        Some(space)
    }

    fn api<T>(&self) -> Api<T>
    where
        T: kube::Resource<DynamicType = (), Scope = k8s_openapi::NamespaceResourceScope>,
    {
        Api::namespaced(self.client.clone(), &self.name)
    }

    fn config(&self) -> String {
        let Self { name, .. } = self;
        format!(
            "[env.prod.secrets.web]\nDB = 'k8s:{name}/db/password'\nKEY = 'k8s:{name}/db/key.json#/id'\n"
        )
    }

    /// Where the administrator's kubeconfig leads to the cluster.
    fn place(&self, config: &str) -> Place {
        let mut place = Place::new(config);
        place.environment.insert("HOME".into(), "/nonexistent".into());
        place.environment.insert("KUBECONFIG".into(), self.kubeconfig.clone().into());
        place
    }

    /// The token of an account that may read Secrets here, or may do nothing.
    async fn token(&self, account: &str, reads: bool) -> String {
        let accounts = self.api::<ServiceAccount>();
        let named = json!({ "name": account });
        create(accounts.clone(), object(json!({ "metadata": named }))).await;
        if reads {
            let rules = json!([{ "apiGroups": [""], "resources": ["secrets"], "verbs": ["get"] }]);
            create(self.api::<Role>(), object(json!({ "metadata": named, "rules": rules }))).await;
            let whom =
                json!([{ "kind": "ServiceAccount", "name": account, "namespace": self.name }]);
            let group = "rbac.authorization.k8s.io";
            let what = json!({ "apiGroup": group, "kind": "Role", "name": account });
            let binding = json!({ "metadata": named, "subjects": whom, "roleRef": what });
            create(self.api::<RoleBinding>(), object(binding)).await;
        }
        let asked = TokenRequest { spec: TokenRequestSpec::default(), ..TokenRequest::default() };
        let given = accounts.create_token_request(account, &PostParams::default(), &asked).await;
        given.expect("created").status.expect("it was given").token
    }

    async fn close(self) {
        let spaces: Api<Namespace> = Api::all(self.client);
        spaces.delete(&self.name, &DeleteParams::default()).await.expect("it was ours");
    }
}

async fn config(kubeconfig: &std::path::Path) -> Config {
    let kubeconfig = Kubeconfig::read_from(kubeconfig).expect("it can be read");
    let options = KubeConfigOptions::default();
    Config::from_custom_kubeconfig(kubeconfig, &options).await.expect("it is whole")
}

fn object<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("an object")
}

async fn create<T>(api: Api<T>, object: T)
where
    T: Clone + core::fmt::Debug + DeserializeOwned + serde::Serialize,
{
    api.create(&PostParams::default(), &object).await.expect("created");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_verb_works_over_secrets_of_a_cluster() {
    let Some(space) = Space::open().await else { return };
    let place = space.place(&space.config());
    let left = place.run_binary(&["check"]);
    let said = String::from_utf8_lossy(&left.stderr);
    assert_eq!(left.status.code(), Some(0), "{said}");
    assert!(
        said.contains("keeps no versions"),
        "a Secret cannot be pinned, and that is said: {said}"
    );
    let out = done(&place, &["resolve"]);
    let row = format!("web DB k8s:{}/db/password ", space.name);
    assert!(out.starts_with(&row) && !out.contains("canary"), "{out}");
    let script = r#"test "$DB $KEY" = "canary-one canary-two" && echo "got $KEY""#;
    assert_eq!(done(&place, &["exec", "--", "sh", "-c", script]), "got [secret:KEY]\n");
    let values: Value =
        serde_json::from_str(&done(&place, &["resolve", "--values"])).expect("JSON");
    assert_eq!(values, json!({ "DB": "canary-one", "KEY": "canary-two" }));
    space.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_in_a_cluster_is_told_for_each_reference() {
    let Some(space) = Space::open().await else { return };
    let name = &space.name;
    let place = space.place(&format!(
        "[env.prod.secrets.web]\nA = 'k8s:{name}/none/key'\nB = 'k8s:{name}/db/none'\n\
         C = 'k8s:{name}-none/db/password'\nD = 'k8s:{name}/db/key.json#/none'\nE = 'k8s:{name}/db/password'\n"
    ));
    let left = place.run_binary(&["resolve"]);
    let said = String::from_utf8_lossy(&left.stderr);
    assert_eq!(left.status.code(), Some(6), "{said}");
    assert_eq!(said.matches("there is no such secret").count(), 3, "{said}");
    assert!(said.contains("there is no `/none`"), "{said}");
    assert!(said.contains("4 of 5 secrets cannot be resolved"), "{said}");
    assert!(!said.contains("canary"), "{said}");
    space.close().await;
}

/// Runs the binary where it finds the files of a pod; none if this machine gives nobody a view of
/// its own of the file system.
#[expect(clippy::disallowed_methods, reason = "a pod is played by a view of its own")]
fn in_pod(place: &Place, args: &str) -> Option<Output> {
    let apart = Command::new("unshare").args(["--map-root-user", "--mount", "true"]).output();
    if !apart.is_ok_and(|apart| apart.status.success()) {
        real::not_run("unshare", "no mount namespace can be made here");
        return None;
    }
    let script = format!(
        "set -e; mount -t tmpfs pod \"$(realpath /var/run)\"; mkdir -p {FOLDER}; \
         cp pod/* {FOLDER}/; exec {} {args}",
        env!("CARGO_BIN_EXE_pilotage-secret")
    );
    let mut pod = Command::new("unshare");
    pod.args(["--map-root-user", "--mount", "sh", "-c", &script]);
    pod.env_clear().envs(&place.environment).current_dir(place.path());
    Some(pod.output().expect("it starts"))
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_pod_its_service_account_is_let_in_as_far_as_its_role_goes() {
    let Some(space) = Space::open().await else { return };
    let cluster = config(&space.kubeconfig).await;
    let authority = Kubeconfig::read_from(&space.kubeconfig).expect("it can be read");
    let authority = authority.clusters[0].cluster.clone().expect("a cluster");
    let mut place = space.place(&space.config());
    place.environment.remove(std::ffi::OsStr::new("KUBECONFIG"));
    let host = cluster.cluster_url.host().expect("a host").to_owned();
    let port = cluster.cluster_url.port_u16().expect("a port").to_string();
    for (name, value) in [("KUBERNETES_SERVICE_HOST", host), ("KUBERNETES_SERVICE_PORT", port)] {
        place.environment.insert(name.into(), value.into());
    }
    place.folder("pod");
    place.write("pod/namespace", space.name.as_bytes());
    place.write("pod/ca.crt", &certificate(&authority));
    for (account, reads) in [("reader", true), ("stranger", false)] {
        let token = space.token(account, reads).await;
        place.write("pod/token", token.as_bytes());
        let Some(left) = in_pod(&place, "exec -- sh -c 'echo got $DB'") else { break };
        let (out, said) =
            (String::from_utf8_lossy(&left.stdout), String::from_utf8_lossy(&left.stderr));
        assert!(!said.contains(&token) && !said.contains("canary"), "{said}");
        if reads {
            assert_eq!(
                (left.status.code(), out.as_ref()),
                (Some(0), "got [secret:DB]\n"),
                "{said}"
            );
        } else {
            assert_eq!((left.status.code(), out.as_ref()), (Some(6), ""), "{said}");
            assert_eq!(said.matches("access is denied").count(), 2, "{said}");
        }
    }
    space.close().await;
}

/// Who vouches for the server, from wherever the kubeconfig has it.
#[expect(clippy::disallowed_methods, reason = "the kubeconfig may name a file")]
fn certificate(cluster: &kube::config::Cluster) -> Vec<u8> {
    use base64::Engine as _;
    if let Some(data) = &cluster.certificate_authority_data {
        return base64::engine::general_purpose::STANDARD.decode(data).expect("base64");
    }
    let file = cluster.certificate_authority.as_ref().expect("somebody vouches for it");
    std::fs::read(file).expect("it is there")
}
