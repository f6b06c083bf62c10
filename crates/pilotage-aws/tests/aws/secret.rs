//! Secrets: the contract over an emulator, and how many calls two hundred references take.

use std::collections::BTreeSet;
use std::sync::Arc;

use pilotage_aws::secret::{ParameterStore, SecretsManager};
use pilotage_clock::SystemClock;
use pilotage_secrets::{Errand, Failure, Locator, Reference, Resolver, SecretSource};
use pilotage_testkit::contract::{Holding, secret_source};

use crate::emulator::{Emulator, unique};

/// Secrets and parameters of one test.
struct Vault {
    emulator: Emulator,
    secrets: aws_sdk_secretsmanager::Client,
    parameters: aws_sdk_ssm::Client,
}

impl Vault {
    fn open() -> Option<Self> {
        let emulator = Emulator::moto()?;
        let secrets = aws_sdk_secretsmanager::Client::new(&emulator.admin());
        let parameters = aws_sdk_ssm::Client::new(&emulator.admin());
        Some(Self { emulator, secrets, parameters })
    }

    async fn secret(&self, name: &str, value: &str) -> Locator {
        let made = self.secrets.create_secret().name(name).secret_string(value).send().await;
        made.expect("created");
        locator(&format!("asm:{name}"))
    }

    async fn parameter(&self, name: &str, value: &str) -> Locator {
        let kind = aws_sdk_ssm::types::ParameterType::SecureString;
        let put = self.parameters.put_parameter().name(name).value(value).r#type(kind);
        put.overwrite(true).send().await.expect("put");
        locator(&format!("ssm:{name}"))
    }
}

fn locator(text: &str) -> Locator {
    text.parse::<Reference>().expect("a reference").locator().clone()
}

#[tokio::test]
async fn secrets_manager_keeps_the_contract() {
    let Some(vault) = Vault::open() else { return };
    let source = SecretsManager::new(&vault.emulator.session().await);
    let mut present = Vec::new();
    for number in 0..3 {
        let (name, value) = (unique("app/secret"), format!("value-of-{number}"));
        present.push((vault.secret(&name, &value).await, value.into_bytes()));
    }
    let missing = locator(&format!("asm:{}", unique("nowhere")));
    let foreign = vec![locator("ssm:/app/x"), locator("env:X")];
    secret_source(&source, &Holding { present, missing, foreign, describes: true }).await;
}

#[tokio::test]
async fn parameter_store_keeps_the_contract() {
    let Some(vault) = Vault::open() else { return };
    let source = ParameterStore::new(&vault.emulator.session().await);
    let mut present = Vec::new();
    for number in 0..3 {
        let (name, value) = (format!("/{}", unique("app")), format!("value-of-{number}"));
        present.push((vault.parameter(&name, &value).await, value.into_bytes()));
    }
    let missing = locator(&format!("ssm:/{}", unique("nowhere")));
    let foreign = vec![locator("asm:app"), locator("env:X")];
    secret_source(&source, &Holding { present, missing, foreign, describes: true }).await;
}

#[tokio::test]
async fn versions_are_pinned_and_one_that_is_not_there_is_told() {
    let Some(vault) = Vault::open() else { return };
    let session = vault.emulator.session().await;
    let name = unique("app/rotated");
    vault.secret(&name, "first").await;
    let source = SecretsManager::new(&session);
    let told = source.describe(&[locator(&format!("asm:{name}"))]).await;
    let first = told[0].as_ref().expect("it is there").version.clone().expect("it has versions");
    let put = vault.secrets.put_secret_value().secret_id(&name).secret_string("second");
    put.send().await.expect("put");
    for (pin, value) in [
        (format!("@id={first}"), "first"),
        ("@stage=AWSPREVIOUS".into(), "first"),
        (String::new(), "second"),
    ] {
        let read = source.fetch(&[locator(&format!("asm:{name}{pin}"))]).await;
        assert_eq!(
            read[0].as_ref().expect("it is there").value.expose(),
            value.as_bytes(),
            "{pin}"
        );
    }
    let none = source
        .fetch(&[locator(&format!("asm:{name}@id=00000000-0000-0000-0000-000000000000"))])
        .await;
    assert!(matches!(none[0], Err(Failure::NoSuchVersion)), "{none:?}");

    let path = format!("/{}", unique("app"));
    vault.parameter(&path, "one").await;
    vault.parameter(&path, "two").await;
    let source = ParameterStore::new(&session);
    for (pin, value) in [(":1", "one"), ("", "two")] {
        let read = source.fetch(&[locator(&format!("ssm:{path}{pin}"))]).await;
        assert_eq!(
            read[0].as_ref().expect("it is there").value.expose(),
            value.as_bytes(),
            "{pin}"
        );
    }
    let none = source.fetch(&[locator(&format!("ssm:{path}:9"))]).await;
    assert!(matches!(none[0], Err(Failure::NoSuchVersion)), "{none:?}");
}

#[tokio::test]
async fn a_deleted_secret_is_told_from_one_that_never_was() {
    let Some(vault) = Vault::open() else { return };
    let name = unique("app/deleted");
    let secret = vault.secret(&name, "gone").await;
    vault.secrets.delete_secret().secret_id(&name).send().await.expect("deleted");
    let source = SecretsManager::new(&vault.emulator.session().await);
    let read = source.fetch(std::slice::from_ref(&secret)).await;
    assert!(matches!(read[0], Err(Failure::Deleted { .. })), "{read:?}");
    let told = source.describe(&[secret]).await;
    assert!(told[0].as_ref().expect("it is described").gone_at.is_some(), "{told:?}");
}

#[tokio::test]
async fn two_hundred_references_take_no_more_calls_than_their_batches() {
    let Some(vault) = Vault::open() else { return };
    let (secrets, parameters) = (120_u32, 80_u32);
    let (run, mut references) = (unique("many"), Vec::new());
    for number in 0..secrets {
        references.push(vault.secret(&format!("{run}/{number}"), "v").await);
    }
    for number in 0..parameters {
        references.push(vault.parameter(&format!("/{run}/{number}"), "v").await);
    }
    let session = vault.emulator.session().await;
    let sources: Vec<Arc<dyn SecretSource>> =
        vec![Arc::new(SecretsManager::new(&session)), Arc::new(ParameterStore::new(&session))];
    let resolver = Resolver::new(sources, Arc::new(SystemClock::new()));
    let references = references.into_iter().map(|locator| Reference::new(locator, None));
    let references: Vec<Reference> = references.map(|one| one.expect("a reference")).collect();
    let resolution = resolver.resolve(references.clone()).await;
    let complete = resolution.complete().expect("all of them are there");
    assert_eq!(complete.len(), references.len());
    assert!(
        resolver.calls() <= secrets.div_ceil(20) + parameters.div_ceil(10),
        "{}",
        resolver.calls()
    );
    let lanes: BTreeSet<String> = references
        .iter()
        .filter_map(|one| SecretsManager::new(&session).lane(Errand::Fetch, one.locator()))
        .map(|lane| lane.name)
        .collect();
    assert_eq!(lanes.len(), 1);
}
