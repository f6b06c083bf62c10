//! What is to be brought up: the live task definition with other images, and nothing else changed.

use std::collections::BTreeMap;

use pilotage_artifact::{Digest, ImageRef, InvalidReleaseId, Release, ReleaseId};
use pilotage_aws::ecs::Draft;
use serde_json::{Map, Value};

use crate::content;

/// The images of a release, by the name of their container; by digest, because a tag is not a fact.
pub type Images = BTreeMap<String, ImageRef<Digest>>;

/// A release that can be brought up.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    release: Release,
    draft: Draft,
}

/// A candidate that cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CandidateError {
    /// There is no such container.
    #[error(
        "the task definition `{family}` has no container `{container}`; it has {}: correct the name, \
         or add the container where the service is defined",
        .known.join(", ")
    )]
    NoContainer {
        /// Which task definition.
        family: String,
        /// What was asked for.
        container: String,
        /// What it has.
        known: Vec<String>,
    },
    /// A name stands for one content for ever.
    #[error(
        "the service runs something else under the name `{id}`: give this release another name, or \
         let it be named after its content"
    )]
    SameName {
        /// The name.
        id: ReleaseId,
    },
    /// It cannot be named after its content.
    #[error("the release cannot be named")]
    Unnameable(#[from] InvalidReleaseId),
    /// What serves cannot be copied.
    #[error(
        "the task definition that serves, `{arn}`, can no longer be described: ECS has deleted it; \
         register one and deploy that"
    )]
    Forgotten {
        /// Which task definition.
        arn: String,
    },
}

impl Candidate {
    /// The live draft with these images. If that changes nothing, it is the live release, by whatever
    /// name it was asked for.
    pub fn new(
        live: (&Release, &Draft),
        id: Option<ReleaseId>,
        sequence: u64,
        images: &Images,
    ) -> Result<Self, CandidateError> {
        let (serving, draft) = live;
        let draft = with_images(draft.clone(), images)?;
        let digest = content::digest(&draft);
        if digest == serving.digest {
            return Ok(Self { release: serving.clone(), draft });
        }
        let id = match id {
            Some(id) => id,
            None => format!("r-{}", digest.short()).parse()?,
        };
        if id == serving.id {
            return Err(CandidateError::SameName { id });
        }
        Ok(Self { release: Release { id, digest, sequence }, draft })
    }

    /// The release.
    pub const fn release(&self) -> &Release {
        &self.release
    }

    /// What is registered for it.
    pub const fn draft(&self) -> &Draft {
        &self.draft
    }
}

fn with_images(draft: Draft, images: &Images) -> Result<Draft, CandidateError> {
    let known = names(draft.document());
    if let Some(container) = images.keys().find(|name| !known.contains(name)) {
        let (family, container) = (draft.family().to_owned(), container.clone());
        return Err(CandidateError::NoContainer { family, container, known });
    }
    Ok(draft.with(|document| {
        for container in containers(document) {
            let name = container.get("name").and_then(Value::as_str).unwrap_or_default();
            if let Some(image) = images.get(name) {
                container.insert("image".into(), Value::String(image.to_string()));
            }
        }
    }))
}

fn containers(document: &mut Map<String, Value>) -> impl Iterator<Item = &mut Map<String, Value>> {
    let containers = document.get_mut("containerDefinitions").and_then(Value::as_array_mut);
    containers.into_iter().flatten().filter_map(Value::as_object_mut)
}

fn names(document: &Map<String, Value>) -> Vec<String> {
    let containers = document.get("containerDefinitions").and_then(Value::as_array);
    let name = |container: &Value| Some(container.get("name")?.as_str()?.to_owned());
    containers.into_iter().flatten().filter_map(name).collect()
}
