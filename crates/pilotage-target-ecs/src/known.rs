//! A task definition as the release that it is.

use pilotage_artifact::{Digest, InvalidReleaseId, Release, ReleaseId};
use pilotage_aws::ecs::TaskDefinition;

use pilotage_ecs_task::content;

use crate::tag;

/// A task definition that was looked at. What is registered never changes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Known {
    pub(crate) arn: String,
    pub(crate) release: Release,
    /// Whether we registered it.
    pub(crate) is_ours: bool,
    pub(crate) definition: Option<TaskDefinition>,
}

impl Known {
    /// What it is, by its tags; by its name where it has none.
    pub(crate) fn of(definition: TaskDefinition) -> Result<Self, InvalidReleaseId> {
        let digest = content::digest(&definition.draft);
        let tagged = tag::release(&definition.tags);
        let is_ours = tagged.is_some();
        let (id, sequence) = match tagged {
            Some(tagged) => tagged,
            None => (name(&definition.arn)?, 0),
        };
        let release = Release { id, digest, sequence };
        Ok(Self { arn: definition.arn.clone(), release, is_ours, definition: Some(definition) })
    }

    /// What was just registered for a release, whatever the answer says of its tags.
    pub(crate) fn registered(release: Release, definition: TaskDefinition) -> Self {
        let arn = definition.arn.clone();
        Self { arn, release, is_ours: true, definition: Some(definition) }
    }

    /// One that is forgotten: it can be told from others, and that is all.
    pub(crate) fn forgotten(arn: &str) -> Result<Self, InvalidReleaseId> {
        let release = Release { id: name(arn)?, digest: Digest::of(arn.as_bytes()), sequence: 0 };
        Ok(Self { arn: arn.into(), release, is_ours: false, definition: None })
    }

    /// Whether it can still be run.
    pub(crate) fn is_runnable(&self) -> bool {
        self.definition.as_ref().is_some_and(|definition| definition.status != "INACTIVE")
    }
}

/// A name for a release that somebody else has registered: family and revision.
fn name(arn: &str) -> Result<ReleaseId, InvalidReleaseId> {
    let tail = arn.rsplit('/').next().unwrap_or(arn);
    let fits = |letter: char| match letter {
        'a'..='z' | '0'..='9' | '-' => letter,
        'A'..='Z' => letter.to_ascii_lowercase(),
        ':' => '.',
        _ => '-',
    };
    let text: String = tail.chars().map(fits).collect();
    let begin = text.len().saturating_sub(60);
    let text = format!("td.{}", text.get(begin..).unwrap_or_default().trim_matches(['-', '.']));
    text.parse()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_have_registered_has_a_name() {
        let named = |arn: &str| name(arn).expect("a name").to_string();
        assert_eq!(named("arn:aws:ecs:x:1:task-definition/Web_App:41"), "td.web-app.41");
        let long = format!("arn:aws:ecs:x:1:task-definition/{}:7", "a".repeat(255));
        assert!(named(&long).ends_with("a.7") && named(&long).len() <= 63);
    }
}
