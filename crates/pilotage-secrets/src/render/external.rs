//! An `ExternalSecret` of the External Secrets Operator.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Unrenderable, Variables, no, only_key};
use crate::Locator;
use crate::manifest::{Form, Wanted};
use crate::reference::{Pick, Selector, Variable};

/// The store that the operator reads from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// Its name.
    pub name: String,
    /// Whether it belongs to the whole cluster.
    pub of_cluster: bool,
}

/// The document, which is read once: a version that changes is a new document, and never a change
/// under a running release.
pub fn external_secret(
    name: &str,
    store: &Store,
    variables: &Variables,
) -> Result<Value, Unrenderable> {
    one_store(variables)?;
    let entry = |(variable, wanted): (&Variable, &Wanted)| {
        let remote = remote(variable, wanted)?;
        Ok(json!({ "secretKey": variable.as_str(), "remoteRef": remote }))
    };
    let data: Vec<Value> = variables.iter().map(entry).collect::<Result<_, _>>()?;
    let kind = if store.of_cluster { "ClusterSecretStore" } else { "SecretStore" };
    Ok(json!({
        "apiVersion": "external-secrets.io/v1",
        "kind": "ExternalSecret",
        "metadata": { "name": name },
        "spec": {
            "refreshInterval": "0",
            "secretStoreRef": { "name": store.name, "kind": kind },
            "target": { "name": name, "creationPolicy": "Owner", "immutable": true },
            "data": data,
        },
    }))
}

/// A store reads from one place: one service, and one vault of it.
fn one_store(variables: &Variables) -> Result<(), Unrenderable> {
    let mut places = BTreeSet::new();
    for (variable, wanted) in variables {
        places.insert(match wanted.from.locator() {
            Locator::KeyVault(secret) => secret.host(),
            other => other.scheme().to_owned(),
        });
        if places.len() > 1 {
            return Err(no(
                variable,
                "a store reads from one place, and another variable names another",
            ));
        }
    }
    Ok(())
}

fn remote(variable: &Variable, wanted: &Wanted) -> Result<Value, Unrenderable> {
    if wanted.form != Form::Env {
        return Err(no(variable, "the document makes values for variables; leave out `as`"));
    }
    let (key, version) = match wanted.from.locator() {
        Locator::SecretsManager(secret) => (
            secret.secret_id(),
            match &secret.pick {
                Pick::Current => None,
                Pick::Stage(stage) => Some(stage.to_string()),
                Pick::Id(id) => Some(format!("uuid/{id}")),
            },
        ),
        Locator::Parameter(parameter) => (
            parameter.base(),
            match &parameter.selector {
                Selector::Latest => None,
                Selector::Version(number) => Some(number.to_string()),
                Selector::Label(_) => {
                    return Err(no(variable, "the operator knows no labels; name the version"));
                }
            },
        ),
        Locator::KeyVault(secret) => {
            (format!("secret/{}", secret.name()), secret.version().map(ToString::to_string))
        }
        _ => return Err(no(variable, "the operator does not read from there")),
    };
    let property = only_key(variable, &wanted.from)?;
    // The operator reads dots and the like as a path of its own.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    if property.is_some_and(|property| !property.bytes().all(plain)) {
        return Err(no(variable, "the operator would read its key as a path; rename the key"));
    }
    let mut remote = json!({ "key": key });
    for (name, value) in [("version", version), ("property", property.map(str::to_owned))] {
        if let (Some(value), Some(remote)) = (value, remote.as_object_mut()) {
            remote.insert(name.into(), value.into());
        }
    }
    Ok(remote)
}
