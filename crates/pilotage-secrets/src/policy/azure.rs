//! The role assignments of Azure that a manifest needs.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Party;
use crate::Locator;
use crate::manifest::Manifest;

/// Where the vaults are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The subscription.
    pub subscription: String,
    /// The resource group.
    pub resource_group: String,
}

/// A role for whoever is meant, on one secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Assignment {
    /// The name of the role.
    pub role_definition_name: &'static str,
    /// Its id, which is the same in every directory.
    pub role_definition_id: &'static str,
    /// On what.
    pub scope: String,
}

/// Who reads gets the right to read one secret; who plans may see its versions and no value.
pub fn assignments(manifest: &Manifest, party: Party, scope: &Scope) -> BTreeSet<Assignment> {
    let (role_definition_name, role_definition_id) = match party {
        Party::Task | Party::Execution => {
            ("Key Vault Secrets User", "4633458b-17de-408a-874b-0445c86b69e6")
        }
        Party::Plan => ("Key Vault Reader", "21090545-7ca7-4776-b22c-e363652d74d2"),
    };
    let Scope { subscription, resource_group } = scope;
    let assignment = |reference: &crate::Reference| match reference.locator() {
        Locator::KeyVault(secret) => Some(Assignment {
            role_definition_name,
            role_definition_id,
            scope: format!(
                "/subscriptions/{subscription}/resourceGroups/{resource_group}/providers/\
                 Microsoft.KeyVault/vaults/{}/secrets/{}",
                secret.vault(),
                secret.name()
            ),
        }),
        _ => None,
    };
    manifest.references().filter_map(assignment).collect()
}
