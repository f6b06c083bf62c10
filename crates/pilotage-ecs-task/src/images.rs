//! A task definition with other images, and nothing else changed.

use std::collections::BTreeMap;

use pilotage_artifact::{Digest, ImageRef};
use pilotage_aws::ecs::Draft;
use serde_json::{Map, Value};

/// Images by the name of their container; by digest, because a tag is not a fact.
pub type Images = BTreeMap<String, ImageRef<Digest>>;

/// There is no such container.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the task definition `{family}` has no container `{container}`; it has {}: correct the name, \
     or add the container where the task definition is written",
    .known.join(", ")
)]
pub struct NoContainer {
    /// Which task definition.
    pub family: String,
    /// What was asked for.
    pub container: String,
    /// What it has.
    pub known: Vec<String>,
}

/// The draft with these images.
pub fn with_images(draft: Draft, images: &Images) -> Result<Draft, NoContainer> {
    images.keys().try_for_each(|container| has(&draft, container))?;
    Ok(draft.with(|document| {
        for container in containers(document) {
            let name = container.get("name").and_then(Value::as_str).unwrap_or_default();
            if let Some(image) = images.get(name) {
                container.insert("image".into(), Value::String(image.to_string()));
            }
        }
    }))
}

/// Whether the draft has a container of this name.
pub(crate) fn has(draft: &Draft, container: &str) -> Result<(), NoContainer> {
    let known = names(draft);
    if known.iter().any(|name| name == container) {
        return Ok(());
    }
    Err(NoContainer { family: draft.family().into(), container: container.into(), known })
}

fn containers(document: &mut Map<String, Value>) -> impl Iterator<Item = &mut Map<String, Value>> {
    let containers = document.get_mut("containerDefinitions").and_then(Value::as_array_mut);
    containers.into_iter().flatten().filter_map(Value::as_object_mut)
}

fn names(draft: &Draft) -> Vec<String> {
    let containers = draft.document().get("containerDefinitions").and_then(Value::as_array);
    let name = |container: &Value| Some(container.get("name")?.as_str()?.to_owned());
    containers.into_iter().flatten().filter_map(name).collect()
}
