//! What is to be brought up: the live task definition with other images, and nothing else changed.

use pilotage_artifact::{InvalidReleaseId, Release, ReleaseId};
use pilotage_aws::ecs::Draft;
use pilotage_ecs_task::content;
use pilotage_ecs_task::images::{Images, NoContainer, with_images};

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
    #[error(transparent)]
    NoContainer(#[from] NoContainer),
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
