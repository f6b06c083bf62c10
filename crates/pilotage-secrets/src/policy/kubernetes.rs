//! The roles of Kubernetes that a manifest needs.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::Locator;
use crate::manifest::Manifest;

/// One role for each namespace, which may get the named Secrets and list none.
///
/// There is none for planning: Kubernetes has no right to look at a Secret without its values.
pub fn role(manifest: &Manifest, name: &str) -> Vec<Value> {
    let mut names: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for reference in manifest.references() {
        if let Locator::Kubernetes(secret) = reference.locator() {
            names.entry(secret.namespace()).or_default().insert(secret.name());
        }
    }
    let role = |(namespace, names): (&str, BTreeSet<&str>)| {
        json!({
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "Role",
            "metadata": { "name": name, "namespace": namespace },
            "rules": [{
                "apiGroups": [""],
                "resources": ["secrets"],
                "resourceNames": names,
                "verbs": ["get"],
            }],
        })
    };
    names.into_iter().map(role).collect()
}
