//! The block `secrets` of a container definition of ECS.

use serde_json::{Value, json};

use super::{Unrenderable, Variables, no, only_key};
use crate::Locator;
use crate::manifest::{Form, Wanted};
use crate::reference::{Parameter, Pick, SecretsManager, Selector, Site, Variable};

/// The block; `default` is where references are that do not say it.
pub fn ecs(variables: &Variables, default: Option<&Site>) -> Result<Value, Unrenderable> {
    let entry = |(variable, wanted)| {
        let value_from = value_from(variable, wanted, default)?;
        Ok(json!({ "name": variable.as_str(), "valueFrom": value_from }))
    };
    variables.iter().map(entry).collect::<Result<Vec<_>, _>>().map(Value::Array)
}

fn value_from(
    variable: &Variable,
    wanted: &Wanted,
    default: Option<&Site>,
) -> Result<String, Unrenderable> {
    if wanted.form != Form::Env {
        return Err(no(variable, "it knows variables alone; resolve it with `exec` inside"));
    }
    let key = only_key(variable, &wanted.from)?;
    let nowhere = || no(variable, "its account and region are not known; refer to it by its ARN");
    match wanted.from.locator() {
        Locator::SecretsManager(secret) => {
            let site = secret.site.as_ref().or(default).ok_or_else(nowhere)?;
            if key.is_some_and(|key| key.contains(':')) {
                return Err(no(variable, "a key with a colon cannot be told from what follows it"));
            }
            Ok(of_secret(secret, site, key))
        }
        Locator::Parameter(parameter) => {
            let site = parameter.site.as_ref().or(default).ok_or_else(nowhere)?;
            of_parameter(variable, parameter, site, key)
        }
        _ => Err(no(variable, "it reads from Secrets Manager and Parameter Store alone")),
    }
}

/// The ARN, with three fields after it if any of them says something.
fn of_secret(secret: &SecretsManager, site: &Site, key: Option<&str>) -> String {
    let arn = site.arn("secretsmanager", &format_args!("secret:{}", secret.name));
    let (stage, id) = match &secret.pick {
        Pick::Current => ("", ""),
        Pick::Stage(stage) => (stage.as_str(), ""),
        Pick::Id(id) => ("", id.as_str()),
    };
    match (key.unwrap_or(""), stage, id) {
        ("", "", "") => arn,
        (key, stage, id) => format!("{arn}:{key}:{stage}:{id}"),
    }
}

fn of_parameter(
    variable: &Variable,
    parameter: &Parameter,
    site: &Site,
    key: Option<&str>,
) -> Result<String, Unrenderable> {
    if key.is_some() {
        return Err(no(variable, "it takes parameters as a whole; keep documents as secrets"));
    }
    if parameter.selector != Selector::Latest {
        return Err(no(variable, "it cannot pin a parameter; keep it in Secrets Manager"));
    }
    Ok(parameter.arn(site))
}
