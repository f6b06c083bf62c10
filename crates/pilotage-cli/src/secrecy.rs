//! What a run knows to be secret: whatever its configuration names and this machine can read.
//!
//! Values that stand in a cloud are not read for this: a program that has never seen a value cannot
//! show it.

use std::path::Path;

use pilotage_redact::{Unmasked, Veil};
use pilotage_secrets::local::{Environment as Variables, Files};
use pilotage_secrets::manifest::Manifest;
use pilotage_secrets::{Errand, Locator, Reference, SecretSource};

use crate::{Deed, Environment};

/// Masks whatever an environment names as a secret, and says which variables cannot be masked. What
/// cannot be read is nothing that could be shown.
pub(crate) async fn conceal(
    veil: &Veil,
    environment: &Environment,
    manifest: &Manifest,
    root: &Path,
) -> Vec<Unmasked> {
    conceal_checks(veil, environment);
    let sources: [Box<dyn SecretSource>; 2] =
        [Box::new(Variables::new(variables())), Box::new(Files::new(root))];
    for source in &sources {
        conceal_values(veil, manifest, &**source).await;
    }
    let values = named(environment).filter_map(|name| Some((name, variable(name)?)));
    values.flat_map(|(name, value)| veil.add(name, value.as_bytes())).collect()
}

/// The variables that hold an address or a password.
fn named(environment: &Environment) -> impl Iterator<Item = &str> {
    let receivers = environment.notify.iter().map(|receiver| &receiver.variable);
    let migration = environment.migration.iter();
    let migration = migration.flat_map(|table| table.database.iter().chain(&table.secrets));
    receivers.chain(migration).map(String::as_str)
}

fn conceal_checks(veil: &Veil, environment: &Environment) {
    for check in environment.checks.values() {
        if let Deed::Command { env, .. } = &check.deed {
            veil.look_over(env.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        }
    }
}

async fn conceal_values(veil: &Veil, manifest: &Manifest, source: &dyn SecretSource) {
    let is_there = |locator: &&Locator| source.lane(Errand::Fetch, locator).is_some();
    let wanted = manifest.references().map(Reference::locator).filter(is_there);
    let wanted: Vec<Locator> = wanted.cloned().collect();
    for (locator, fetched) in wanted.iter().zip(source.fetch(&wanted).await) {
        if let Ok(fetched) = fetched {
            // What is short in a document is no news: most of it is no secret.
            let _short = veil.add(&locator.to_string(), fetched.value.expose());
        }
    }
}

fn variable(name: &str) -> Option<String> {
    variables()
        .find(|(known, _)| known == name)
        .and_then(|(_, value)| String::from_utf8(value).ok())
}

fn variables() -> impl Iterator<Item = (String, Vec<u8>)> {
    use std::os::unix::ffi::OsStringExt as _;
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_vec())))
}
