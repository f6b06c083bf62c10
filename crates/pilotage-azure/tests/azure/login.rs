//! Each way to log in.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pilotage_azure::login::{ClientLogin, CommandLine, ManagedIdentity, Proof};
use pilotage_azure::{Error, Login, Resource};
use pilotage_clock::Clock;
use pilotage_identity::{TokenFile, web};
use pilotage_rollout::{Moment, Span};
use pilotage_testkit::fake::azure::{CLIENT, FakeAzure as Fake, SECRET, TENANT};
use secrecy::{ExposeSecret as _, SecretString};

/// A clock that stands still, so that nothing is waited for and ends are exact.
#[derive(Debug)]
pub(crate) struct Still;

#[async_trait::async_trait]
impl Clock for Still {
    fn now(&self) -> Moment {
        Moment::from_millis(1_000)
    }

    fn elapsed(&self) -> Span {
        Span::ZERO
    }

    async fn sleep(&self, _: Span) {}
}

pub(crate) fn clock() -> Arc<Still> {
    Arc::new(Still)
}

pub(crate) fn with_secret(fake: &Fake, secret: &str) -> ClientLogin {
    let proof = Proof::Secret(SecretString::from(secret));
    ClientLogin::new(fake.address(), TENANT, CLIENT, proof, clock())
}

async fn ask(login: &dyn Login) -> Result<pilotage_azure::AccessToken, Error> {
    login.token(&Resource::CONTAINER_REGISTRY).await
}

#[tokio::test]
async fn a_secret_gets_a_token_whose_end_is_known() {
    let fake = Fake::start().await;
    let token = ask(&with_secret(&fake, SECRET)).await.expect("it is the right one");
    assert!(token.secret.expose_secret().starts_with("entra."));
    assert_eq!(token.ends, Moment::from_millis(3_600_000));
}

#[tokio::test]
async fn a_wrong_secret_is_refused_in_azure_s_words_and_never_repeated() {
    let fake = Fake::start().await;
    let error = ask(&with_secret(&fake, "wrong-secret")).await.expect_err("it is wrong");
    let text = format!("{error} {error:?}");
    assert!(text.contains("AADSTS7000215") && !text.contains("wrong-secret"), "{text}");
    assert!(!error.is_passing());
}

#[tokio::test]
async fn a_federated_token_is_read_anew_each_time() {
    let fake = Fake::start().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("token");
    let proof = Proof::Federated(Arc::new(TokenFile::new(file.clone())));
    let login = ClientLogin::new(fake.address(), TENANT, CLIENT, proof, clock());
    assert!(ask(&login).await.expect_err("no file").to_string().contains("web identity token"));

    fake.with(|state| state.trusted.insert("second".into()));
    write(&file, "first\n");
    assert!(matches!(ask(&login).await, Err(Error::Web(web::Error::Refused { status: 401, .. }))));
    write(&file, "second\n");
    ask(&login).await.expect("the file has a token that is trusted now");
}

#[tokio::test]
async fn the_machine_s_identity_is_asked_for_in_its_own_way() {
    let fake = Fake::start().await;
    let login = |client: Option<&str>| {
        ManagedIdentity::new(client.map(Into::into), clock()).at(fake.address())
    };
    ask(&login(None)).await.expect("there is one");
    ask(&login(Some(CLIENT))).await.expect("it is that one");
    assert!(ask(&login(Some("another"))).await.is_err());
}

#[tokio::test]
async fn passing_trouble_is_tried_again_three_times_at_most() {
    let fake = Fake::start().await;
    fake.with(|state| state.busy = 2);
    ask(&with_secret(&fake, SECRET)).await.expect("the third attempt");
    fake.with(|state| state.busy = 4);
    assert!(ask(&with_secret(&fake, SECRET)).await.expect_err("still busy").is_passing());
    assert_eq!(fake.with(|state| state.busy), 1);
}

#[tokio::test]
async fn a_secret_is_never_sent_in_the_clear() {
    let proof = Proof::Secret(SecretString::from(SECRET));
    let login = ClientLogin::new("http://login.example.org", TENANT, CLIENT, proof, clock());
    assert!(matches!(ask(&login).await, Err(Error::Web(web::Error::Address { .. }))));
}

#[tokio::test]
async fn the_command_line_is_asked_for_the_resource_and_its_complaint_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = script(
        folder.path(),
        "good",
        r#"[ "$1 $2 $3 $4 $5 $6" = "account get-access-token --output json --resource https://containerregistry.azure.net" ] || exit 9
echo '{"accessToken": "hidden", "expiresOn": "2026-01-01", "expires_on": 1800000000}'"#,
    );
    let token = ask(&CommandLine::new(None).by(good)).await.expect("somebody has signed in");
    assert_eq!(token.ends, Moment::from_millis(1_800_000_000_000));

    let bad = script(folder.path(), "bad", "echo 'Please run az login' >&2; exit 1");
    let error = ask(&CommandLine::new(None).by(bad)).await.expect_err("nobody has").to_string();
    assert!(error.contains("Please run az login"), "{error}");

    let old = script(folder.path(), "old", r#"echo '{"accessToken": "hidden"}'"#);
    let error = ask(&CommandLine::new(None).by(old)).await.expect_err("too old").to_string();
    assert!(!error.contains("hidden") && error.contains("2.54"), "{error}");

    let nowhere = ask(&CommandLine::new(None).by(folder.path().join("nowhere"))).await;
    assert!(matches!(nowhere, Err(Error::CommandLine { .. })));
}

fn script(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    write(&path, &format!("#!/bin/sh\n{text}\n"));
    let executable = std::fs::Permissions::from_mode(0o700);
    std::fs::set_permissions(&path, executable).expect("they can be set");
    path
}

#[expect(clippy::disallowed_methods, reason = "tokens of CI systems come in files")]
fn write(file: &Path, text: &str) {
    std::fs::write(file, text).expect("it can be written");
}
