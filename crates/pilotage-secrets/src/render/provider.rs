//! A `SecretProviderClass` of the Secrets Store CSI driver.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Unrenderable, Variables, no, only_key};
use crate::manifest::Wanted;
use crate::reference::{Cloud, KeyVault, Parameter, Pick, SecretsManager, Selector, Variable};
use crate::{Locator, Reference};

/// The variables that read from one thing, each with its reference.
type Shared<'a> = BTreeMap<&'a Locator, Vec<(&'a Variable, &'a Reference)>>;

/// The document: each value becomes a file that is called like its variable. Key Vault needs the
/// id of its directory.
pub fn secret_provider_class(
    name: &str,
    variables: &Variables,
    tenant: Option<&str>,
) -> Result<Value, Unrenderable> {
    let mut shared = Shared::new();
    for (variable, Wanted { from, .. }) in variables {
        shared.entry(from.locator()).or_default().push((variable, from));
    }
    let in_vaults = shared.keys().any(|locator| matches!(locator, Locator::KeyVault(_)));
    let (provider, parameters) =
        if in_vaults { ("azure", azure(&shared, tenant)?) } else { ("aws", aws(&shared)?) };
    Ok(json!({
        "apiVersion": "secrets-store.csi.x-k8s.io/v1",
        "kind": "SecretProviderClass",
        "metadata": { "name": name },
        "spec": { "provider": provider, "parameters": parameters },
    }))
}

fn aws(shared: &Shared<'_>) -> Result<Value, Unrenderable> {
    let objects: Vec<Value> = shared.iter().map(aws_object).collect::<Result<_, _>>()?;
    // JSON is YAML, which is what the driver expects in this text.
    Ok(json!({ "objects": Value::Array(objects).to_string() }))
}

fn aws_object(
    (locator, variables): (&&Locator, &Vec<(&Variable, &Reference)>),
) -> Result<Value, Unrenderable> {
    let [(first, _), ..] = variables.as_slice() else { return Ok(Value::Null) };
    let mut object = match locator {
        Locator::SecretsManager(secret) => of_secret(secret),
        Locator::Parameter(parameter) => of_parameter(parameter),
        _ => return Err(no(first, "one document reads from AWS or from one vault of Azure")),
    };
    let mut paths = Vec::new();
    for (variable, reference) in variables {
        match only_key(variable, reference)? {
            Some(key) => {
                paths.push(json!({ "path": Value::from(key).to_string(), "objectAlias": variable.as_str() }));
            }
            None if object.get("objectAlias").is_some() => {
                return Err(no(variable, "another variable has the same value"));
            }
            None => set(&mut object, "objectAlias", variable.as_str().into()),
        }
    }
    if !paths.is_empty() {
        set(&mut object, "jmesPath", Value::Array(paths));
    }
    Ok(object)
}

fn of_secret(secret: &SecretsManager) -> Value {
    let mut object = json!({ "objectName": secret.secret_id(), "objectType": "secretsmanager" });
    match &secret.pick {
        Pick::Current => {}
        Pick::Stage(stage) => set(&mut object, "objectVersionLabel", stage.as_str().into()),
        Pick::Id(id) => set(&mut object, "objectVersion", id.as_str().into()),
    }
    object
}

fn of_parameter(parameter: &Parameter) -> Value {
    let mut object = json!({ "objectName": parameter.base(), "objectType": "ssmparameter" });
    match &parameter.selector {
        Selector::Latest => {}
        Selector::Version(number) => set(&mut object, "objectVersion", number.to_string().into()),
        Selector::Label(label) => set(&mut object, "objectVersionLabel", label.as_str().into()),
    }
    object
}

fn azure(shared: &Shared<'_>, tenant: Option<&str>) -> Result<Value, Unrenderable> {
    let mut vaults: BTreeSet<(&str, Cloud)> = BTreeSet::new();
    let mut objects = Vec::new();
    for (variable, reference) in shared.values().flatten() {
        let Locator::KeyVault(secret) = reference.locator() else {
            return Err(no(variable, "one document reads from AWS or from one vault of Azure"));
        };
        if reference.pointer().is_some() {
            return Err(no(variable, "the driver knows no keys inside of secrets of Azure"));
        }
        if tenant.is_none() {
            return Err(no(variable, "the directory of its vault is not known; give `--tenant`"));
        }
        vaults.insert((secret.vault(), secret.cloud()));
        if vaults.len() > 1 {
            return Err(no(variable, "one document reads from one vault"));
        }
        objects.push(azure_object(variable, secret));
    }
    let (vault, cloud) = vaults.first().copied().unwrap_or_default();
    let cloud = match cloud {
        Cloud::Public => "AzurePublicCloud",
        Cloud::China => "AzureChinaCloud",
        Cloud::Government => "AzureUSGovernmentCloud",
    };
    Ok(json!({
        "keyvaultName": vault,
        "cloudName": cloud,
        "tenantId": tenant,
        "objects": json!({ "array": objects }).to_string(),
    }))
}

fn azure_object(variable: &Variable, secret: &KeyVault) -> String {
    let version = secret.version().map(ToString::to_string).unwrap_or_default();
    json!({
        "objectName": secret.name(),
        "objectType": "secret",
        "objectVersion": version,
        "objectAlias": variable.as_str(),
    })
    .to_string()
}

fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(name.into(), value);
    }
}
