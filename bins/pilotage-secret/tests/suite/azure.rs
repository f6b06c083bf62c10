//! The binary over the vaults of a small Azure, with each login that needs no command line of Azure.

use pilotage_testkit::fake::FakeAzure;
use pilotage_testkit::fake::azure::{CLIENT, SECRET, TENANT, Version};
use serde_json::{Value, json};

use crate::place::{Place, done};

const CONFIG: &str = "[env.prod.secrets.web]\nDB = 'akv:shop/db#/password'\nKEY = 'akv:shop/key'\n";

/// A place that is pointed at the fake, where nobody is logged in yet.
fn stranger(azure: &FakeAzure, config: &str) -> Place {
    let mut place = Place::new(config);
    let address = azure.address();
    for (name, value) in [
        ("HOME", "/nonexistent"),
        ("PILOTAGE_KEY_VAULT_ENDPOINT", address.as_str()),
        ("AZURE_AUTHORITY_HOST", address.as_str()),
        ("AZURE_TENANT_ID", TENANT),
        ("AZURE_CLIENT_ID", CLIENT),
    ] {
        place.environment.insert(name.into(), value.into());
    }
    place
}

/// The same, with the secret of an application.
fn at(azure: &FakeAzure, config: &str) -> Place {
    let mut place = stranger(azure, config);
    place.environment.insert("AZURE_CLIENT_SECRET".into(), SECRET.into());
    place
}

fn put(azure: &FakeAzure, name: &str, value: &str) -> String {
    // The fake writes values into its JSON as they are.
    let value = value.replace('"', "\\\"");
    azure.with(|state| state.vault.put(name, Version { value, ..Version::default() }))
}

/// A vault with two secrets, and their versions.
async fn filled() -> (FakeAzure, [String; 2]) {
    let azure = FakeAzure::start().await;
    let db = put(&azure, "db", r#"{"password":"canary-one"}"#);
    let key = put(&azure, "key", "canary-two");
    (azure, [db, key])
}

#[tokio::test(flavor = "multi_thread")]
async fn each_verb_works_over_vaults() {
    let (azure, [db, key]) = filled().await;
    let place = at(&azure, CONFIG);
    let out = done(&place, &["check"]);
    assert_eq!(out, format!("akv:shop/db {db}\nakv:shop/key {key}\n"));
    assert_eq!(azure.with(|state| state.vault.read), 0, "looking reads no value");
    let out = done(&place, &["resolve"]);
    let rows = format!("web DB akv:shop/db#/password {db}\nweb KEY akv:shop/key {key}\n");
    assert_eq!(out, rows, "names and versions, and no value");
    for args in [&["check", "--read", "--json"][..], &["resolve", "--json"]] {
        let out = done(&place, args);
        assert!(out.contains(&db) && !out.contains("canary"), "{args:?}: {out}");
    }
    let script = r#"test "$DB $KEY" = "canary-one canary-two" && echo "got $DB""#;
    let out = done(&place, &["exec", "--", "sh", "-c", script]);
    assert_eq!(out, "got [secret:DB]\n");
    let values: Value =
        serde_json::from_str(&done(&place, &["resolve", "--values"])).expect("JSON");
    assert_eq!(values, json!({ "DB": "canary-one", "KEY": "canary-two" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn pins_keep_a_version_and_say_what_has_moved_or_is_gone() {
    let (azure, [old, _]) = filled().await;
    let place = at(&azure, "[env.prod.secrets.web]\nDB = 'akv:shop/db'\n");
    done(&place, &["check", "--write-pins", "pins.json"]);
    let new = put(&azure, "db", "canary-new");
    let values = done(&place, &["resolve", "--values", "--pins", "pins.json"]);
    assert!(values.contains("canary-one"), "{values}");
    let since = place.run_binary(&["check", "--since", "pins.json"]);
    let said = String::from_utf8_lossy(&since.stderr);
    assert_eq!(since.status.code(), Some(0), "the old version is still there: {said}");
    assert!(said.contains(&format!("akv:shop/db: was {old}, is {new}")), "{said}");
    azure.with(|state| state.vault.secrets.remove("db"));
    azure.with(|state| state.vault.deleted.insert("db".into(), 86_400));
    let since = place.run_binary(&["check", "--since", "pins.json"]);
    let said = String::from_utf8_lossy(&since.stderr);
    assert_eq!(since.status.code(), Some(6), "{said}");
    assert!(said.contains(&format!("akv:shop/db: version {old} ")), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pod_or_a_job_is_let_in_by_its_token() {
    let (azure, _) = filled().await;
    let mut place = stranger(&azure, CONFIG);
    place.write("token", b"canary.of.cluster\n");
    let file = place.path().join("token");
    place.environment.insert("AZURE_FEDERATED_TOKEN_FILE".into(), file.into());
    let refused = place.run_binary(&["check"]);
    let said = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(6), "nobody trusts it yet: {said}");
    assert!(said.contains("AADSTS7000215") && !said.contains("canary"), "{said}");
    azure.with(|state| state.trusted.insert("canary.of.cluster".into()));
    done(&place, &["check", "--read"]);
    assert_eq!(azure.with(|state| state.logins()), 2, "once for looking, once for reading");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_is_wrong_is_told_at_once() {
    let (azure, _) = filled().await;
    let version =
        |is_disabled, exp| Version { value: "canary".into(), is_disabled, nbf: None, exp };
    azure.with(|state| {
        state.vault.put("disabled", version(true, None));
        state.vault.put("expired", version(false, Some(1)));
        state.vault.forbidden.insert("forbidden".into());
        state.vault.deleted.insert("deleted".into(), 86_400);
    });
    let place = at(
        &azure,
        "[env.prod.secrets.web]\nA = 'akv:shop/none'\nB = 'akv:shop/disabled'\nC = 'akv:shop/expired'\n\
         D = 'akv:shop/forbidden'\nE = 'akv:shop/deleted'\nF = 'akv:shop/db#/none'\n\
         G = 'akv:shop/key/00000000000000000000000000000009'\nH = 'akv:shop/key'\n",
    );
    let left = place.run_binary(&["resolve"]);
    let said = String::from_utf8_lossy(&left.stderr);
    assert_eq!(left.status.code(), Some(6), "{said}");
    for words in [
        "akv:shop/none: there is no such secret",
        "akv:shop/disabled: the secret is disabled",
        "akv:shop/expired: the secret is outside the time",
        "akv:shop/forbidden: access is denied",
        "akv:shop/deleted: the secret is scheduled for deletion",
        "there is no `/none`",
        "akv:shop/key/00000000000000000000000000000009: the secret has no such version",
        "7 of 8 secrets cannot be resolved",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!said.contains("canary") && !said.contains(SECRET), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_that_is_too_busy_is_asked_again_and_an_end_of_it_is_said() {
    let (azure, _) = filled().await;
    // One login, and then as often as the resolver is willing to ask.
    let place = at(&azure, "[env.prod.secrets.web]\nKEY = 'akv:shop/key'\n");
    azure.with(|state| state.vault.faults.push((503, String::new())));
    done(&place, &["resolve"]);
    assert!(azure.with(|state| state.vault.faults.is_empty()), "the fault was met");
}
