//! References as `vals` and its relatives write them: `ref+awssecrets://NAME?version_id=ID#/KEY`.

use super::secrets_manager::{Pick, SecretsManager};
use super::{BadReference, KeyVault, Kubernetes, Locator, Parameter, Pointer, Reference};

/// The parameters of a reference, each a name and a value.
type Query<'a> = Vec<(&'a str, &'a str)>;

impl Reference {
    /// Reads a reference of `vals`; `text` follows `ref+`.
    pub(super) fn from_vals(text: &str) -> Result<Self, BadReference> {
        let text = text.strip_suffix('+').unwrap_or(text);
        let (kind, rest) = text.split_once("://").ok_or(shape())?;
        let (rest, pointer) = match rest.split_once('#') {
            None => (rest, None),
            Some((rest, pointer)) => (rest, Some(pointer.parse::<Pointer>()?)),
        };
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let query = parameters(query)?;
        Self::new(locator(kind, path, &query)?, pointer)
    }
}

fn locator(kind: &str, path: &str, query: &Query<'_>) -> Result<Locator, BadReference> {
    match kind {
        "awssecrets" => SecretsManager::parse(path, pick(query)?).map(Locator::SecretsManager),
        "awsssm" => parameter(path, query).map(Locator::Parameter),
        _ if !query.is_empty() => Err(unknown_parameter()),
        "azurekeyvault" => KeyVault::parse(path).map(Locator::KeyVault),
        "k8s" => Kubernetes::parse(path.strip_prefix("v1/Secret/").ok_or(shape())?)
            .map(Locator::Kubernetes),
        "envsubst" => path.strip_prefix('$').ok_or(shape())?.parse().map(Locator::Env),
        "file" => path.parse().map(Locator::File),
        _ => Err(shape()),
    }
}

fn parameters(query: &str) -> Result<Query<'_>, BadReference> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').ok_or(unknown_parameter())).collect()
}

fn pick(query: &Query<'_>) -> Result<Pick, BadReference> {
    let wrong = |_| BadReference::new("the stage or the version is none", "correct the parameter");
    match query.as_slice() {
        [] => Ok(Pick::Current),
        [("version_stage", stage)] => Ok(Pick::stage(stage.parse().map_err(wrong)?)),
        [("version_id", id)] => Ok(Pick::Id(id.parse().map_err(wrong)?)),
        _ => Err(unknown_parameter()),
    }
}

fn parameter(path: &str, query: &Query<'_>) -> Result<Parameter, BadReference> {
    let version = match query.as_slice() {
        [] | [("mode", "singleparam")] => String::new(),
        [("version", version)] => format!(":{version}"),
        _ => return Err(unknown_parameter()),
    };
    // A name with a path has a leading slash, which is often left out here.
    let needs_slash = path.contains('/') && !path.starts_with('/');
    Parameter::parse(&format!("{}{path}{version}", if needs_slash { "/" } else { "" }))
}

const fn unknown_parameter() -> BadReference {
    BadReference::new(
        "a parameter after `?` is not one that can be kept",
        "only a version can; where region, account or role matter, write `asm:ARN` or `ssm:ARN`",
    )
}

const fn shape() -> BadReference {
    BadReference::new(
        "this kind of `ref+` reference is not known",
        "known are `ref+awssecrets://`, `ref+awsssm://`, `ref+azurekeyvault://`, \
         `ref+k8s://v1/Secret/`, `ref+envsubst://$` and `ref+file://`",
    )
}
