//! Every way to log in, and where credentials go.

use std::sync::Arc;

use pilotage_registry::auth::{Credential, Given};
use pilotage_registry::{Blob, Client, Error, Settings};
use pilotage_testkit::fake::registry::{Behaviour, Fault, Login};
use pilotage_testkit::fake::{FakeRegistry, HastyClock};

use crate::support::{
    by_tag, client_with, fake, image, named, noise, order, path, promote, push, remote,
};

const USER: &str = "pilot";
const PASSWORD: &str = "s3cret";

fn password() -> Credential {
    Credential::Password { user: USER.into(), password: PASSWORD.into() }
}

async fn guarded(login: Login) -> FakeRegistry {
    let behaviour = Behaviour { login, ..Behaviour::default() };
    FakeRegistry::start_as(behaviour).await.expect("a free port")
}

fn by_token() -> Login {
    Login::Token(USER.into(), PASSWORD.into())
}

fn knowing(registry: &FakeRegistry, credential: Credential) -> Client {
    let given = Given::default().with(registry.name(), credential);
    client_with(Arc::new(given), Arc::new(HastyClock::default()), Settings::default())
}

fn tokens(registry: &FakeRegistry) -> usize {
    registry.seen().iter().filter(|seen| seen.path.starts_with("/token")).count()
}

#[tokio::test]
async fn every_way_leads_in() {
    let refresh = Credential::Identity { user: "<token>".into(), token: "r3fresh".into() };
    for (login, credential) in [
        (Login::Basic(USER.into(), PASSWORD.into()), password()),
        (by_token(), password()),
        (Login::Refresh("r3fresh".into()), refresh),
    ] {
        let registry = guarded(login.clone()).await;
        let client = knowing(&registry, credential);
        let (from, to) =
            (named(&client, &registry.name(), "a"), named(&client, &registry.name(), "b"));
        let image = image(&from, "login").await;
        // Scopes are checked: taking blobs over needs the right to read there as well.
        let copied = promote(&order(&from, &to, image.digest(), "v1")).await.expect("it arrives");
        assert_eq!(copied.sent, (0, 0), "{login:?}");
    }
}

#[tokio::test]
async fn who_needs_the_same_token_waits_for_it() {
    let registry = guarded(by_token()).await;
    let client = knowing(&registry, password());
    let at = named(&client, &registry.name(), "a");
    // The registry has to ask once.
    at.look(&by_tag("v1")).await.expect("an answer");
    registry.forget_tokens();
    registry.forget_seen();
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let at = at.clone();
        calls.spawn(async move { at.look(&by_tag("v1")).await.map(drop) });
    }
    while let Some(done) = calls.join_next().await {
        done.expect("no panic").expect("an answer");
    }
    assert!(tokens(&registry) <= 2, "{} tokens", tokens(&registry));
}

#[tokio::test]
async fn a_token_that_ended_on_the_way_is_replaced() {
    let registry = guarded(by_token()).await;
    let client = knowing(&registry, password());
    let at = named(&client, &registry.name(), "a");
    let bytes = noise("token", 5_000);
    let blob = push(&at, bytes.clone()).await;
    registry.forget_tokens();
    assert_eq!(at.blob(blob).collect(10_000).await.expect("it is there"), bytes);
    registry.forget_tokens();
    push(&at, noise("another", 5_000)).await;
}

#[tokio::test]
async fn a_refused_login_says_why_and_moves_nothing() {
    let registry = guarded(by_token()).await;
    let source = fake().await;
    let client = knowing(&registry, password());
    let (from, to) = (remote(&client, &source.name(), "a"), named(&client, &registry.name(), "b"));
    let image = image(&from, "refused").await;
    registry.fail(Fault::NoToken);
    let refused = promote(&order(&from, &to, image.digest(), "v1")).await.expect_err("no token");
    assert!(matches!(refused, Error::Unauthorized { .. }), "{refused:?}");
    assert!(refused.to_string().contains("password expired"), "{refused}");
    assert_eq!(registry.tag(path(&to), "v1"), None);

    let wrong = Credential::Password { user: USER.into(), password: "wrong".into() };
    let at = named(&knowing(&registry, wrong), &registry.name(), "b");
    let refused = at.look(&by_tag("v1")).await.expect_err("a wrong password");
    assert!(refused.to_string().contains("wrong password"), "{refused}");
    assert!(!format!("{refused:?}").contains("s3cret"));
}

#[tokio::test]
async fn another_host_never_sees_credentials() {
    let (registry, foreign) = (guarded(by_token()).await, fake().await);
    let client = knowing(&registry, password());
    let at = named(&client, &registry.name(), "a");
    let bytes = noise("elsewhere", 9_000);
    let blob = push(&at, bytes.clone()).await;
    let there = named(&client, &foreign.name(), "storage");
    push(&there, bytes.clone()).await;
    foreign.forget_seen();

    let address = format!("http://{}/v2/storage/blobs/{}", foreign.name(), blob.digest);
    registry.fail(Fault::BlobAt(address));
    assert_eq!(at.blob(blob).collect(10_000).await.expect("it is there"), bytes);
    let upload = format!("http://{}/v2/storage/blobs/uploads/99", foreign.name());
    registry.fail(Fault::UploadTo(upload));
    let bytes = noise("upload", 100);
    let refused = at.push(Blob::of(&bytes), &bytes, at.repository()).await;
    assert!(refused.is_err(), "there is no such upload");

    let seen = foreign.seen();
    assert!(seen.len() >= 2, "{seen:?}");
    assert!(seen.iter().all(|seen| seen.authorization.is_none()), "{seen:?}");
}
