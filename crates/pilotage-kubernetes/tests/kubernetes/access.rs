//! Finding a cluster, where nobody has to run.

use std::path::Path;

use pilotage_kubernetes::{Access, Cluster, Explicit};

/// A server with these certificates, and a token.
pub(crate) fn explicit(server: &str, authorities: &[Vec<u8>], token: &str) -> Explicit {
    let authority = authorities.iter().map(|der| pem(der)).collect();
    Explicit { server: server.into(), authority: Some(authority), token: token.to_owned().into() }
}

pub(crate) fn pem(der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

fn kubeconfig(folder: &Path, server: &str, user: &str) -> Access {
    kubeconfig_with(folder, server, user, None)
}

fn kubeconfig_with(folder: &Path, server: &str, user: &str, context: Option<&str>) -> Access {
    let file = folder.join("kubeconfig");
    let text = format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: a\n\
         clusters: [{{name: c, cluster: {{server: '{server}'}}}}]\n\
         users: [{{name: u, user: {user}}}]\n\
         contexts: [{{name: a, context: {{cluster: c, user: u}}}}, \
         {{name: b, context: {{cluster: c, user: u, namespace: shop}}}}]\n"
    );
    write(&file, &text);
    Access::Kubeconfig { file: Some(file), context: context.map(str::to_owned) }
}

#[expect(clippy::disallowed_methods, reason = "a test makes the files that it needs")]
pub(crate) fn write(file: &Path, text: &str) {
    std::fs::write(file, text).expect("written");
}

async fn refused(access: &Access) -> String {
    Cluster::open(access).await.expect_err("it cannot be used").to_string()
}

#[tokio::test]
async fn the_context_says_the_namespace() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = "https://k.example:6443";
    let open = async |context| {
        let access = kubeconfig_with(folder.path(), server, "{token: t}", context);
        Cluster::open(&access).await.expect("it is whole").namespace().to_string()
    };
    assert_eq!(open(None).await, "default");
    assert_eq!(open(Some("b")).await, "shop");
}

#[tokio::test]
async fn a_context_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let access = kubeconfig_with(folder.path(), "https://k.example", "{token: t}", Some("prod"));
    let error = refused(&access).await;
    assert!(error.contains("prod") && error.contains("kubeconfig"), "{error}");
}

#[tokio::test]
async fn a_file_that_is_not_there_is_named() {
    let file = Some("/no/such/kubeconfig".into());
    let error = refused(&Access::Kubeconfig { file, context: None }).await;
    assert!(error.contains("/no/such/kubeconfig") && error.contains("KUBECONFIG"), "{error}");
}

#[tokio::test]
async fn credentials_never_go_in_the_clear() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = refused(&kubeconfig(folder.path(), "http://k.example", "{token: t}")).await;
    assert!(error.contains("in the clear"), "{error}");
    let explicit = Explicit {
        server: "http://k.example".into(),
        authority: None,
        token: "t".to_owned().into(),
    };
    let error = refused(&Access::Explicit(explicit)).await;
    assert!(error.contains("in the clear"), "{error}");
}

#[tokio::test]
async fn an_authority_without_a_certificate_is_an_error() {
    let explicit = Explicit {
        server: "https://k.example".into(),
        authority: Some("no certificate".into()),
        token: "t".to_owned().into(),
    };
    let error = refused(&Access::Explicit(explicit)).await;
    assert!(error.contains("its authority as PEM"), "{error}");
}

#[tokio::test]
async fn what_a_credential_plugin_prints_is_not_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    for (script, said) in [("exit 3", "exit status: 3"), ("exit 0", "no `ExecCredential`")] {
        let plugin = format!(
            "{{exec: {{apiVersion: client.authentication.k8s.io/v1, command: sh, \
             args: ['-c', 'echo \"hush: [token\"; {script}'], interactiveMode: Never}}}}"
        );
        let access = kubeconfig(folder.path(), "https://k.example", &plugin);
        let error = Cluster::open(&access).await.expect_err("the plugin fails");
        let all = format!("{error} {error:?}");
        assert!(all.contains(said) && !all.contains("hush"), "{all}");
    }
}

#[tokio::test]
async fn what_a_broken_kubeconfig_holds_is_not_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let access = kubeconfig(folder.path(), "https://k.example", "{token: hush, [}");
    let error = Cluster::open(&access).await.expect_err("it cannot be read");
    let all = format!("{error} {error:?}");
    assert!(all.contains("in YAML (line 5)") && !all.contains("hush"), "{all}");
}
