//! Versions of secrets, from a source through a record to the check before a rollback.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use pilotage_cli::{Io, Out};
use pilotage_secret::{Sources, World};
use pilotage_secrets::{Locator, Reference};
use pilotage_testkit::fake::{FakeVault, HastyClock};

use crate::place::Place;

const CONFIG: &str = r#"
[env.prod.secrets.web]
DB = "asm:prod/db#/password"
QUEUE = "ssm:/prod/queue"
[env.staging.secrets.web]
DB = "asm:staging/db"
"#;

const CREATE: &str = "record create --draft draft.toml --key ci.pem --by ci";

#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<u8>>>);

impl io::Write for Heard {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn locator(text: &str) -> Locator {
    text.parse::<Reference>().expect("a reference").locator().clone()
}

/// A vault, with the versions of two environments pinned in files.
fn pinned() -> (Place, Arc<FakeVault>) {
    let (place, vault) = (Place::new(), Arc::new(FakeVault::new(Arc::<HastyClock>::default())));
    place.write("pilotage.toml", CONFIG);
    vault.put(&locator("asm:prod/db"), r#"{"password":"canary-one"}"#);
    vault.put(&locator("ssm:/prod/queue"), "canary-two");
    vault.put(&locator("asm:staging/db"), "canary-three");
    for environment in ["prod", "staging"] {
        let line = format!("check --env {environment} --write-pins @/{environment}.json");
        assert_eq!(secret(&place, &vault, &line).0, 0);
    }
    (place, vault)
}

/// What `pilotage-secret` returns and says; `@` stands for the place.
fn secret(place: &Place, vault: &Arc<FakeVault>, line: &str) -> (u8, String) {
    let heard = Heard::default();
    let stream = || Out::new(heard.clone(), false);
    let world = World {
        io: Io { out: stream(), err: stream(), no_color: true },
        clock: Arc::<HastyClock>::default(),
        environment: [].into(),
        sources: Sources::Given(vec![vault.clone()]),
        warden: "none".into(),
    };
    let here = place.path().to_str().expect("text");
    let line = format!("pilotage-secret --config @/pilotage.toml {line}").replace('@', here);
    let code = pilotage_secret::run(line.split_whitespace().map(Into::into), &world);
    let said = heard.0.lock().unwrap_or_else(PoisonError::into_inner);
    (code, String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn a_rollback_to_a_record_is_refused_when_a_version_that_it_names_is_gone() {
    let (place, vault) = pinned();
    let create = format!("{CREATE} --secrets prod=prod.json --secrets staging=staging.json");
    let id = place.expect(&create, 0).out.trim().to_owned();
    let shown = place.expect(&format!("record show {id} --out release.json"), 0).out;
    let first = "00000000-0000-4000-8000-000000000001";
    assert!(shown.contains(&format!("asm:prod/db in prod, version {first}")), "{shown}");
    assert!(shown.contains("ssm:/prod/queue in prod, version 1"), "{shown}");
    assert!(shown.contains("asm:staging/db in staging, version"), "{shown}");
    let shown = place.expect(&format!("record show {id} --json"), 0).out;
    let shown: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
    let secrets = shown["content"]["secrets"].as_array().expect("a list").clone();
    assert!(secrets.iter().any(|one| {
        one["environment"] == "prod" && one["reference"] == "asm:prod/db" && one["version"] == first
    }));

    let check = "check --env prod --since @/release.json";
    assert_eq!(
        secret(&place, &vault, check),
        (0, format!("asm:prod/db {first}\nssm:/prod/queue 1\n"))
    );
    vault.put(&locator("asm:prod/db"), r#"{"password":"canary-new"}"#);
    let (code, said) = secret(&place, &vault, check);
    assert_eq!(code, 0, "the old version is the previous one: {said}");
    assert!(said.contains(&format!("asm:prod/db: was {first}, is ")), "{said}");
    let values = "resolve --env prod --component web --values --pins @/release.json";
    assert!(secret(&place, &vault, values).1.contains("canary-one"), "the record pins");

    vault.put(&locator("asm:prod/db"), r#"{"password":"canary-newer"}"#);
    vault.prune(&locator("asm:prod/db"));
    let (code, said) = secret(&place, &vault, check);
    assert_eq!(code, 6, "{said}");
    assert!(said.contains(&format!("asm:prod/db: version {first} is gone")), "{said}");
    let staging = "check --env staging --since @/release.json";
    assert_eq!(secret(&place, &vault, staging).0, 0, "another environment has lost nothing");
    assert!(!said.contains("canary"), "{said}");
}

#[test]
fn what_pins_nothing_is_told_and_never_taken_for_nothing_moved() {
    let (place, vault) = pinned();
    place.expect(&format!("{CREATE} --secrets prod=prod.json --out release.json"), 0);
    let (code, said) = secret(&place, &vault, "check --env staging --since @/release.json");
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("pins no secret of `staging`"), "{said}");
    let damaged = place.read("release.json").replace("asm:prod/db", "asm:prod/other");
    place.write("damaged.json", &damaged.replace("\"version\"", "\"Version\""));
    let (code, said) = secret(&place, &vault, "check --env prod --since @/damaged.json");
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("holds no release record"), "{said}");

    place.write("empty.json", "{}");
    place.write("values.json", r#"{"asm:prod/db#/password":"canary"}"#);
    for (file, words) in [
        ("prod=none.json", "cannot be read"),
        ("prod=empty.json", "pins nothing"),
        ("prod=values.json", "holds no pins"),
        ("prod=draft.toml", "holds no pins"),
        ("prod.json", "an environment and a file are expected"),
    ] {
        let left = place.expect(&format!("{CREATE} --secrets {file}"), 2);
        assert!(left.err.contains(words) && !left.err.contains("canary"), "{file}: {left:?}");
    }
    let twice = format!("{CREATE} --secrets prod=prod.json --secrets prod=prod.json");
    assert!(place.expect(&twice, 2).err.contains("asm:prod/db in prod"), "which is it?");
}
