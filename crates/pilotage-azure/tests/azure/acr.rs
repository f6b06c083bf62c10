//! The registry's part: from a login to a token for one repository, through the registry client.

use std::sync::Arc;

use pilotage_azure::acr::AcrCredentials;
use pilotage_registry::auth::{Credential, Credentials};
use pilotage_registry::{Client, Settings};
use pilotage_testkit::fake::azure::{FakeAzure as Fake, SECRET, TENANT};
use secrecy::ExposeSecret as _;

use crate::login::{clock, with_secret};

fn credentials(fake: &Fake, secret: &str) -> AcrCredentials {
    let login = Arc::new(with_secret(fake, secret));
    AcrCredentials::new(login, clock()).in_tenant(TENANT).also(fake.host())
}

#[tokio::test]
async fn the_registry_client_gets_from_the_login_to_the_tags_of_one_repository() {
    let fake = Fake::start().await;
    let credentials = Arc::new(credentials(&fake, SECRET));
    let client = Client::new(credentials, clock(), Settings::default());
    let repository = format!("{}/team/app", fake.host()).parse().expect("a repository");
    let remote = client.repository(&repository).expect("a registry");
    for _ in 0..2 {
        let tags = remote.tags().await.expect("it may be read");
        assert_eq!(tags.iter().map(ToString::to_string).collect::<Vec<_>>(), ["v1.2.3"]);
    }
    assert_eq!(fake.with(|state| state.served("/oauth2/exchange")), 1, "it is kept");
}

#[tokio::test]
async fn a_refresh_token_is_kept_until_it_is_refused_or_near_its_end() {
    let fake = Fake::start().await;
    let credentials = credentials(&fake, SECRET);
    let exchanged = |fake: &Fake| fake.with(|state| state.served("/oauth2/exchange"));
    for _ in 0..3 {
        let given = credentials.credential(fake.host()).await.expect("given");
        let Credential::Identity { token, .. } = given else { panic!("{given:?}") };
        assert!(token.expose_secret().starts_with("refresh."));
    }
    assert_eq!(exchanged(&fake), 1);

    credentials.refused(fake.host()).await;
    fake.with(|state| state.refresh_ends = 1);
    for _ in 0..2 {
        credentials.credential(fake.host()).await.expect("given");
    }
    assert_eq!(exchanged(&fake), 3, "what is over is not kept");
}

#[tokio::test]
async fn other_registries_get_nothing_and_azure_is_not_asked() {
    let fake = Fake::start().await;
    let credentials = credentials(&fake, SECRET);
    for registry in ["ghcr.io", "127.0.0.1:1", "my.azurecr.io.example.org"] {
        let given = credentials.credential(registry).await.expect("nothing is no error");
        assert!(matches!(given, Credential::None), "{registry}");
    }
    assert!(fake.with(|state| state.served.is_empty()));
}

#[tokio::test]
async fn a_login_that_fails_is_an_error_and_never_anonymous() {
    let fake = Fake::start().await;
    let error = credentials(&fake, "wrong").credential(fake.host()).await.expect_err("refused");
    assert!(error.to_string().contains("AADSTS7000215"), "{error}");
}
