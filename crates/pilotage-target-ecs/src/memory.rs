//! What this process remembers of a service between two looks.
//!
//! All of it can be lost: a new process finds its deployment again by what it runs.

use pilotage_artifact::ReleaseId;
use pilotage_aws::ecs::{DeploymentId, Service};
use pilotage_rollout::target::Failing;
use pilotage_rollout::{Fence, Span};

use crate::fate::Begun;
use crate::staged::Staged;

/// How old an answer may be at the very most.
const OLDEST: Span = Span::from_secs(60);

/// What is remembered.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// The deployment that is ours.
    pub(crate) ours: Ours,
    /// The deployment in stages that was looked at last.
    pub(crate) staged: Option<Staged>,
    /// The last look, as long as nothing was written since.
    pub(crate) look: Option<Look>,
    /// Why tasks of a deployment do not stay up.
    pub(crate) told: Option<Told>,
    /// Why tasks of our deployment died, once it has come to a bad end.
    pub(crate) last_words: Option<(DeploymentId, Vec<Failing>)>,
    /// The deployment about which the history was asked, and whether ours was taken back by it.
    pub(crate) asked: Option<(DeploymentId, bool)>,
    /// Our claim, and when it was made.
    pub(crate) claimed: Option<(Fence, Span)>,
    /// Whether an earlier process may have begun what this one goes on with.
    pub(crate) is_heir: bool,
}

/// The deployment that is ours.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Ours {
    /// None was begun by this process.
    #[default]
    None,
    /// It was asked for, and the answer was lost.
    Sent {
        /// What it brings.
        release: ReleaseId,
        /// It, but for its id and its time.
        definition: String,
        /// The ARN of the task definition that was primary before.
        from: Option<String>,
        /// What was listed before.
        before: Vec<DeploymentId>,
    },
    /// It was begun.
    Begun {
        /// What it brings.
        release: ReleaseId,
        /// It.
        begun: Begun,
    },
}

/// A look at the service.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    pub(crate) at: Span,
    pub(crate) service: Service,
    /// Whether it may still be given out as an observation.
    pub(crate) is_unspent: bool,
}

/// What was learned of tasks that do not stay up.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) deployment: DeploymentId,
    pub(crate) failed: u32,
    pub(crate) at: Span,
    pub(crate) failing: Vec<Failing>,
}

impl Memory {
    /// Whether an answer is older than our claim, which is told by the claim alone. After a while it is
    /// no answer that is old, but a claim that somebody took away.
    pub(crate) fn is_before_our_claim(&self, fence: Fence, now: Span) -> bool {
        self.claimed.is_some_and(|(ours, at)| {
            let age = now.as_millis().saturating_sub(at.as_millis());
            fence < ours && age < OLDEST.as_millis()
        })
    }

    /// What a look shows of our deployment: that it shows at all, and which one it is where the
    /// answer was lost.
    pub(crate) fn follow(&mut self, service: &Service) {
        match &mut self.ours {
            Ours::None => {}
            Ours::Begun { begun, .. } => {
                begun.shown |= service.deployments.iter().any(|one| one.id == begun.id);
            }
            Ours::Sent { release, definition, from, before } => {
                let is_new = |id: &DeploymentId| !before.contains(id);
                let ours = service.deployments.iter();
                let ours = ours
                    .filter(|one| one.task_definition == *definition && is_new(&one.id))
                    .min_by_key(|one| one.created_at);
                let Some(ours) = ours else { return };
                let begun = Begun {
                    id: ours.id.clone(),
                    definition: definition.clone(),
                    from: from.clone(),
                    created_at: ours.created_at,
                    shown: true,
                };
                self.ours = Ours::Begun { release: release.clone(), begun };
            }
        }
    }

    /// A deployment of what is wanted goes on already: it is taken for ours.
    pub(crate) fn adopt(&mut self, release: &ReleaseId, begun: Begun) {
        let is_ours = matches!(&self.ours, Ours::Begun { begun: ours, .. } if ours.id == begun.id);
        if !is_ours {
            self.ours = Ours::Begun { release: release.clone(), begun };
        }
    }
}
