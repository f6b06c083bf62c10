//! Documents for platforms: exact, pinned, or refused.

use std::collections::BTreeMap;

use pilotage_secrets::manifest::{Form, Wanted};
use pilotage_secrets::reference::Site;
use pilotage_secrets::render::{Store, Variables, ecs, external_secret, secret_provider_class};
use serde_json::{Value, json};

use crate::harbour::reference;

const ID: &str = "12345678-90ab-cdef-fedc-ba9876543210";
const ARN: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf";

fn variables(references: &[&str]) -> Variables {
    let wanted = |(number, text): (usize, &&str)| {
        let wanted = Wanted { from: reference(text), form: Form::Env, key: None };
        (format!("V{number}").parse().expect("a variable"), wanted)
    };
    references.iter().enumerate().map(wanted).collect::<BTreeMap<_, _>>()
}

fn in_ecs(text: &str) -> Result<String, String> {
    let site = Site::new("aws", "eu-west-1", "123456789012").expect("a site");
    let block = ecs(&variables(&[text]), Some(&site)).map_err(|error| error.to_string())?;
    Ok(block[0]["valueFrom"].as_str().expect("text").to_owned())
}

#[test]
fn value_from_is_what_ecs_understands_and_reads_back_to_the_same() {
    for (text, expected) in [
        (format!("asm:{ARN}"), ARN.to_owned()),
        (format!("asm:{ARN}#/password"), format!("{ARN}:password::")),
        (format!("asm:{ARN}@stage=AWSPREVIOUS"), format!("{ARN}::AWSPREVIOUS:")),
        (format!("asm:{ARN}@id={ID}"), format!("{ARN}:::{ID}")),
        (format!("asm:{ARN}#/password@id={ID}"), format!("{ARN}:password::{ID}")),
        ("ssm:/prod/x".into(), "arn:aws:ssm:eu-west-1:123456789012:parameter/prod/x".into()),
    ] {
        let found = in_ecs(&text).expect(&text);
        assert_eq!(found, expected);
        if text.starts_with("asm:arn") {
            assert_eq!(reference(&found), reference(&text), "it reads back to the same");
        }
    }
}

#[test]
fn what_ecs_cannot_say_is_refused() {
    for text in
        ["asm:db#/a/b", "asm:db#/a:b", "asm:db#/", "ssm:/x:3", "ssm:/x#/k", "akv:shop/x", "env:X"]
    {
        assert!(in_ecs(text).is_err(), "{text}");
    }
    assert!(ecs(&variables(&["asm:db"]), None).is_err(), "nobody knows the account");
}

fn external(references: &[&str]) -> Result<Value, String> {
    let store = Store { name: "main".into(), of_cluster: true };
    external_secret("web", &store, &variables(references)).map_err(|error| error.to_string())
}

#[test]
fn an_external_secret_names_keys_and_versions_and_is_read_once() {
    let document = external(&["asm:db", &format!("asm:db#/key@id={ID}")]).expect("it can be said");
    assert_eq!(document["spec"]["refreshInterval"], "0");
    assert_eq!(document["spec"]["secretStoreRef"]["kind"], "ClusterSecretStore");
    let data = &document["spec"]["data"];
    assert_eq!(data[0]["remoteRef"], json!({ "key": "db" }));
    let remote = json!({ "key": "db", "property": "key", "version": format!("uuid/{ID}") });
    assert_eq!(data[1]["remoteRef"], remote);
    let vault =
        external(&["akv:shop/db/0123456789abcdef0123456789abcdef"]).expect("it can be said");
    assert_eq!(vault["spec"]["data"][0]["remoteRef"]["key"], "secret/db");
    for wrong in [
        &["asm:a", "ssm:/b"][..],
        &["akv:shop/a", "akv:other/b"],
        &["asm:a#/x.y"],
        &["env:X"],
        &["ssm:/x:label"],
    ] {
        assert!(external(wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn a_provider_class_gives_each_variable_a_file() {
    let all = variables(&["asm:db#/user", "asm:db#/a b", "asm:db", "ssm:/x:3"]);
    let document = secret_provider_class("web", &all, None).expect("it can be said");
    let objects = document["spec"]["parameters"]["objects"].as_str().expect("text");
    let objects: Value = serde_json::from_str(objects).expect("JSON");
    assert_eq!(
        objects[0],
        json!({
            "objectName": "db",
            "objectType": "secretsmanager",
            "objectAlias": "V2",
            "jmesPath": [
                { "path": "\"user\"", "objectAlias": "V0" },
                { "path": "\"a b\"", "objectAlias": "V1" },
            ],
        })
    );
    assert_eq!(objects[1]["objectVersion"], "3");
    let vault = variables(&["akv:shop.vault.azure.cn/db"]);
    assert!(secret_provider_class("web", &vault, None).is_err(), "whose directory?");
    let document = secret_provider_class("web", &vault, Some("t")).expect("it can be said");
    assert_eq!(document["spec"]["parameters"]["cloudName"], "AzureChinaCloud");
    for wrong in [
        &["akv:shop/a", "asm:b"][..],
        &["akv:shop/a", "akv:other/b"],
        &["akv:shop/a#/k"],
        &["asm:a", "asm:a"],
    ] {
        assert!(secret_provider_class("web", &variables(wrong), Some("t")).is_err(), "{wrong:?}");
    }
}
