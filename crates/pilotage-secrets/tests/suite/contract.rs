//! Every source of this crate, and the fake, keep the contract.

use std::fs;

use pilotage_secrets::local::{Environment, Files};
use pilotage_testkit::contract::{Holding, secret_source};

use crate::harbour::{Harbour, locator};

#[tokio::test(start_paused = true)]
async fn the_fake_vault() {
    let Harbour { vault, .. } = Harbour::new();
    for (one, other, missing) in [
        ("asm:prod/db", "asm:prod/queue", "asm:prod/none"),
        ("ssm:/prod/db", "ssm:plain", "ssm:/prod/none"),
        ("akv:shop/db", "akv:shop/queue", "akv:shop/none"),
        ("k8s:shop/db/password", "k8s:shop/db/user", "k8s:shop/none/x"),
    ] {
        let present = [(one, b"one-value".to_vec()), (other, vec![0, 255, 10])];
        let present = present.map(|(text, value)| (locator(text), value)).to_vec();
        for (locator, value) in &present {
            vault.put(locator, value.clone());
        }
        let foreign = vec![locator("env:HOME"), locator("file:x")];
        let missing = locator(missing);
        secret_source(&*vault, &Holding { present, missing, foreign, describes: true }).await;
    }
}

#[tokio::test]
async fn the_environment() {
    let of = |name: &str, value: &[u8]| (name.to_owned(), value.to_vec());
    let source = Environment::new([of("ONE", b"one-value"), of("TWO", &[255, 1])]);
    let holding = Holding {
        present: vec![
            (locator("env:ONE"), b"one-value".to_vec()),
            (locator("env:TWO"), vec![255, 1]),
        ],
        missing: locator("env:NONE"),
        foreign: vec![locator("asm:x"), locator("file:x")],
        describes: true,
    };
    secret_source(&source, &holding).await;
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the files that are read must be written")]
async fn files() {
    let place = tempfile::tempdir().expect("a directory");
    fs::write(place.path().join("one"), "one-value\n").expect("a file");
    fs::write(place.path().join("two"), [255, 1]).expect("a file");
    let holding = Holding {
        present: vec![
            (locator("file:one"), b"one-value\n".to_vec()),
            (locator(&format!("file:{}/two", place.path().display())), vec![255, 1]),
        ],
        missing: locator("file:none"),
        foreign: vec![locator("asm:x"), locator("env:x")],
        describes: true,
    };
    secret_source(&Files::new(place.path()), &holding).await;
}
