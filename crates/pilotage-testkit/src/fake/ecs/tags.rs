//! Tags of services and task definitions.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::answer::Refusal;
use super::fields::Fields;
use super::world::World;

/// The most tags that a thing may have.
const MOST: usize = 50;

pub(super) fn tag(world: &mut World, body: &Value) -> Result<Value, Refusal> {
    let fields = Fields::of(body, &["resourceArn", "tags"])?;
    let arn = fields.need("resourceArn")?;
    let tags = read(fields.value("tags").unwrap_or(&Value::Null))?;
    let found = world.services.values_mut().find(|service| service.arn == arn);
    let Some(service) = found else {
        return Err(Refusal::new(
            "ServiceNotFoundException",
            "The specified service wasn't found.",
        ));
    };
    service.tags.extend(tags);
    if service.tags.len() > MOST {
        return Err(Refusal::invalid("Too many tags."));
    }
    Ok(json!({}))
}

/// Tags as a request says them.
pub(super) fn read(told: &Value) -> Result<BTreeMap<String, String>, Refusal> {
    let mut tags = BTreeMap::new();
    for tag in told.as_array().into_iter().flatten() {
        let fields = Fields::of(tag, &["key", "value"])?;
        let (key, value) = (fields.need("key")?, fields.text("value").unwrap_or_default());
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b" +-=._:/@".contains(&byte);
        let is_short = key.len() <= 128 && value.len() <= 256;
        if !is_short || key.starts_with("aws:") || !key.bytes().chain(value.bytes()).all(fits) {
            return Err(Refusal::invalid(format!("the tag `{key}` is not allowed")));
        }
        tags.insert(key.into(), value.into());
    }
    Ok(tags)
}

/// Tags as an answer says them.
pub(super) fn told(tags: &BTreeMap<String, String>) -> Value {
    tags.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect()
}
