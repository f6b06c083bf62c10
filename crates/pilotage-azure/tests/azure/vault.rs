//! Key Vault over a strict fake: the contract, what is told apart, and where tokens go.

use std::sync::Arc;

use pilotage_azure::login::Settings;
use pilotage_azure::vault::KeyVaults;
use pilotage_rollout::{Moment, Span};
use pilotage_secrets::{Failure, Locator, Reference, SecretSource as _};
use pilotage_testkit::contract::{Holding, secret_source};
use pilotage_testkit::fake::HastyClock;
use pilotage_testkit::fake::azure::{FakeAzure as Fake, SECRET, State, Version, id};

use crate::login::{clock, with_secret};

fn vaults(fake: &Fake) -> KeyVaults {
    let login = Arc::new(with_secret(fake, SECRET));
    KeyVaults::new(login, clock()).emulated_at(&fake.address()).expect("it is on this machine")
}

fn locator(text: &str) -> Locator {
    text.parse::<Reference>().expect("a reference").locator().clone()
}

fn put(fake: &Fake, name: &str, value: &str) -> String {
    put_dated(fake, name, Version { value: value.into(), ..Version::default() })
}

fn put_dated(fake: &Fake, name: &str, version: Version) -> String {
    fake.with(|state| state.vault.put(name, version))
}

/// What reading and what describing says.
async fn both(vaults: &KeyVaults, text: &str) -> [Result<(), Failure>; 2] {
    let wanted = [locator(text)];
    let read = vaults.fetch(&wanted).await.remove(0).map(drop);
    [read, vaults.describe(&wanted).await.remove(0).map(drop)]
}

#[tokio::test]
async fn vaults_keep_the_contract() {
    let fake = Fake::start().await;
    let mut present = Vec::new();
    for number in 0..3 {
        let value = format!("value-of-{number}");
        put(&fake, &format!("secret{number}"), "older");
        put(&fake, &format!("secret{number}"), &value);
        present.push((locator(&format!("akv:shop/secret{number}")), value.into_bytes()));
    }
    let (missing, foreign) = (locator("akv:shop/none"), vec![locator("env:X"), locator("asm:x")]);
    let holding = Holding { present, missing, foreign, describes: true };
    secret_source(&vaults(&fake), &holding).await;
}

#[tokio::test]
async fn describing_reads_no_value_and_finds_the_newest_on_any_page() {
    let fake = Fake::start().await;
    for value in ["one", "two", "three", "four", "five"] {
        put(&fake, "db", value);
    }
    let vaults = vaults(&fake);
    let told = vaults.describe(&[locator("akv:shop/db")]).await.remove(0).expect("it is there");
    assert_eq!(told.version.expect("it has versions").as_str(), id(4));
    assert_eq!(told.versions.len(), 5);
    let oldest = format!("akv:shop/db/{}", id(0));
    let told = vaults.describe(&[locator(&oldest)]).await.remove(0).expect("it is there");
    assert_eq!(told.version.expect("it is that one").as_str(), id(0));
    assert_eq!(fake.with(|state| state.vault.read), 0);
    let read = vaults.fetch(&[locator(&oldest)]).await.remove(0).expect("it is there");
    assert_eq!(read.value.expose(), b"one");
}

#[tokio::test]
async fn whatever_is_wrong_has_its_own_name() {
    let fake = Fake::start().await;
    let version = |is_disabled, nbf, exp| Version { value: "v".into(), is_disabled, nbf, exp };
    put_dated(&fake, "disabled", version(true, None, None));
    // The clock of the tests stands at one second.
    put_dated(&fake, "expired", version(false, None, Some(1)));
    put_dated(&fake, "early", version(false, Some(2), None));
    put_dated(&fake, "good", version(false, Some(1), Some(2)));
    put(&fake, "forbidden", "v");
    fake.with(|state| {
        state.vault.forbidden.insert("forbidden".into());
        state.vault.deleted.insert("deleted".into(), 86_400);
    });
    let vaults = vaults(&fake);
    let gone_at = Some(Moment::from_millis(86_400_000));
    for (name, expected) in [
        ("disabled", Failure::Disabled),
        ("expired", Failure::OutOfTime),
        ("early", Failure::OutOfTime),
        ("none", Failure::Missing),
        ("deleted", Failure::Deleted { gone_at }),
        ("good/00000000000000000000000000000009", Failure::NoSuchVersion),
    ] {
        let told = both(&vaults, &format!("akv:shop/{name}")).await;
        assert_eq!(told, [Err(expected.clone()), Err(expected)], "{name}");
    }
    assert_eq!(both(&vaults, "akv:shop/good").await, [Ok(()), Ok(())]);
    let told = both(&vaults, "akv:shop/forbidden").await;
    for told in told {
        let Err(Failure::Denied { said }) = told else { panic!("{told:?}") };
        assert!(said.as_str().contains("ForbiddenByRbac"), "{said}");
    }
}

#[tokio::test]
async fn trouble_is_told_apart_and_nothing_is_asked_twice() {
    let fake = Fake::start().await;
    put(&fake, "db", "canary-value");
    let vaults = vaults(&fake);
    for (status, body, code) in [
        (429, "", "throttled"),
        (500, "canary", "unreachable"),
        (503, "", "unreachable"),
        (302, "", "not-understood"),
        (409, "", "not-understood"),
        (200, "<html>canary</html>", "not-understood"),
        (200, r#"{"value":"canary","id":"https://x/secrets/db/short"}"#, "not-understood"),
        (401, "", "no-credentials"),
    ] {
        fake.with(|state| state.vault.faults.push((status, body.into())));
        let read = vaults.fetch(&[locator("akv:shop/db")]).await.remove(0);
        let failure = read.expect_err("there is no value");
        assert_eq!(failure.code(), code, "{status}: {failure}");
        assert!(!format!("{failure:?}").contains("canary"), "{failure:?}");
        assert_eq!(fake.with(|state| state.vault.faults.len()), 0, "{status}");
    }
    assert!(matches!(
        refused_for(&fake).await,
        Failure::Throttled { wait: Some(wait) } if wait == Span::from_secs(7)
    ));
}

/// The answer of a vault that says how long to wait; the fake says seven seconds with every 429.
async fn refused_for(fake: &Fake) -> Failure {
    fake.with(|state| state.vault.faults.push((429, String::new())));
    vaults(fake).fetch(&[locator("akv:shop/db")]).await.remove(0).expect_err("too busy")
}

#[tokio::test]
async fn tokens_go_to_vaults_alone() {
    let fake = Fake::start().await;
    for value in ["one", "two", "three"] {
        put(&fake, "db", value);
    }
    for elsewhere in ["http://127.0.0.1:1/secrets/db/versions?page=1", "https://shop.example.org/"]
    {
        fake.with(|state| state.vault.elsewhere = Some(elsewhere.into()));
        let told = vaults(&fake).describe(&[locator("akv:shop/db")]).await.remove(0);
        let Err(Failure::NotUnderstood { said }) = told else { panic!("{told:?}") };
        assert!(said.as_str().contains("somewhere else"), "{said}");
    }
    let login = Arc::new(with_secret(&fake, SECRET));
    for elsewhere in ["https://vault.example.org", "http://10.0.0.1", "127.0.0.1:80", ""] {
        let vaults = KeyVaults::new(login.clone(), clock());
        assert!(vaults.emulated_at(elsewhere).is_err_and(|error| error.is_setup()), "{elsewhere}");
    }
}

#[tokio::test]
async fn a_token_is_kept_until_shortly_before_its_end_or_until_it_is_refused() {
    let fake = Fake::start().await;
    put(&fake, "db", "value");
    let logins = |fake: &Fake| fake.with(|state| state.logins());
    let time = Arc::new(HastyClock::default());
    let settings = Settings::read(|name| fake.variable(name));
    let login = settings.login(time.clone()).expect("all is given");
    let vaults = KeyVaults::new(login, time.clone()).emulated_at(&fake.address()).expect("here");
    let wanted = [locator("akv:shop/db")];
    // A run of three hours with tokens that last for one.
    for _ in 0..36 {
        vaults.fetch(&wanted).await.remove(0).expect("it is there");
        time.advance(Span::from_mins(5));
    }
    assert_eq!(logins(&fake), 4, "each token serves for almost an hour");

    fake.with(State::revoke);
    let refused = vaults.fetch(&wanted).await.remove(0);
    assert!(matches!(refused, Err(Failure::NoCredentials { .. })), "{refused:?}");
    vaults.fetch(&wanted).await.remove(0).expect("with a new token");
}

#[tokio::test]
async fn without_a_login_it_is_said_why() {
    let fake = Fake::start().await;
    let login = Arc::new(with_secret(&fake, "wrong-secret"));
    let vaults = KeyVaults::new(login, clock()).emulated_at(&fake.address()).expect("here");
    let [read, _] = both(&vaults, "akv:shop/db").await;
    let Err(Failure::NoCredentials { said }) = read else { panic!("{read:?}") };
    assert!(said.as_str().contains("AADSTS7000215"), "{said}");
    assert!(!said.as_str().contains("wrong-secret"), "{said}");
}
