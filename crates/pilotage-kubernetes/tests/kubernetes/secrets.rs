//! Secrets of a real API server: the contract, and what rights looking takes.

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use kube::Api;
use kube::api::PostParams;
use pilotage_kubernetes::{Access, Cluster, KubeSecrets};
use pilotage_secrets::{Failure, Locator, Reference, SecretSource as _};
use pilotage_testkit::contract::{Holding, secret_source};

use crate::cluster::{Bench, unique};
use crate::rights;

fn locator(bench: &Bench, name: &str, key: &str) -> Locator {
    let text = format!("k8s:{}/{name}/{key}", bench.namespace.as_str());
    text.parse::<Reference>().expect("a reference").locator().clone()
}

/// Makes an object with these values.
async fn store(bench: &Bench, values: &[(&str, &[u8])]) -> String {
    let pair = |(key, value): &(&str, &[u8])| ((*key).to_owned(), ByteString(value.to_vec()));
    let data = Some(values.iter().map(pair).collect());
    let mut object = Secret { data, ..Secret::default() };
    let name = unique("app");
    object.metadata.name = Some(name.clone());
    let objects: Api<Secret> = Api::namespaced(bench.admin().await, bench.namespace.as_str());
    objects.create(&PostParams::default(), &object).await.expect("created");
    name
}

async fn source(bench: &Bench) -> KubeSecrets {
    let access = Access::Kubeconfig { file: Some(bench.kubeconfig.clone()), context: None };
    KubeSecrets::new(Cluster::open(&access).await.expect("it can be used"))
}

#[tokio::test]
async fn secrets_keep_the_contract() {
    let Some(bench) = Bench::open().await else { return };
    let values: [(&str, &[u8]); 3] =
        [("user", b"value-one"), ("pass.word", b"value-two"), ("binary", b"\xff\x00\xfe-three")];
    let name = store(&bench, &values).await;
    let present = values.map(|(key, value)| (locator(&bench, &name, key), value.to_vec()));
    // Metadata has no keys, so that describing is looked at below.
    let (missing, describes) = (locator(&bench, &name, "gone"), false);
    let foreign = ["env:X", "asm:x"];
    let foreign = foreign.map(|text| text.parse::<Reference>().expect("one").locator().clone());
    let (present, foreign) = (present.to_vec(), foreign.to_vec());
    let holding = Holding { present, missing, foreign, describes };
    secret_source(&source(&bench).await, &holding).await;
    bench.close().await;
}

#[tokio::test]
async fn what_is_described_is_the_version_that_is_read() {
    let Some(bench) = Bench::open().await else { return };
    let name = store(&bench, &[("key", b"canary")]).await;
    let wanted = [locator(&bench, &name, "key")];
    let source = source(&bench).await;
    let (seen, read) = (source.describe(&wanted).await, source.fetch(&wanted).await);
    let [Ok(seen)] = seen.as_slice() else { panic!("{seen:?}") };
    assert!(seen.version.is_some() && seen.version == read[0].as_ref().expect("read").version);
    assert!(!format!("{seen:?}").contains("canary"));
    let nowhere = [locator(&bench, &unique("nowhere"), "key")];
    assert!(matches!(source.describe(&nowhere).await.as_slice(), [Err(Failure::Missing)]));
    assert!(matches!(source.fetch(&nowhere).await.as_slice(), [Err(Failure::Missing)]));
    bench.close().await;
}

#[tokio::test]
async fn a_key_that_is_not_there_fails_alone_and_is_not_seen_from_outside() {
    let Some(bench) = Bench::open().await else { return };
    let name = store(&bench, &[("here", b"value")]).await;
    let both = [locator(&bench, &name, "gone"), locator(&bench, &name, "here")];
    let source = source(&bench).await;
    let read = source.fetch(&both).await;
    assert!(matches!(read.as_slice(), [Err(Failure::Missing), Ok(_)]), "{read:?}");
    let seen = source.describe(&both).await;
    assert!(seen.iter().all(Result::is_ok), "metadata has no keys: {seen:?}");
    bench.close().await;
}

#[tokio::test]
async fn looking_takes_the_right_to_get_and_nothing_more() {
    let Some(bench) = Bench::open().await else { return };
    let name = store(&bench, &[("key", b"value")]).await;
    let wanted = [locator(&bench, &name, "key")];
    for (verbs, is_enough) in [(&["get"][..], true), (&["list", "watch"], false)] {
        let token = rights::token_for(&bench, "", "secrets", verbs).await;
        let source = KubeSecrets::new(rights::cluster(&bench, &token).await);
        let seen = source.describe(&wanted).await;
        let read = source.fetch(&wanted).await;
        assert_eq!(seen[0].is_ok(), is_enough, "{verbs:?}: {seen:?}");
        assert_eq!(read[0].is_ok(), is_enough, "{verbs:?}: {read:?}");
        if !is_enough {
            assert!(matches!(&seen[0], Err(Failure::Denied { .. })), "{seen:?}");
            assert!(!format!("{seen:?}{read:?}").contains(&token));
        }
    }
    bench.close().await;
}
