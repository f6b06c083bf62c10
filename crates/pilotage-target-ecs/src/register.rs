//! Making ECS know a release before a run of it begins, so that any machine can go on with that run:
//! what a release contains is kept nowhere else.

use pilotage_artifact::{Release, ReleaseId};
use pilotage_aws::Failure;
use pilotage_rollout::Span;
use pilotage_rollout::target::ReadFailure;

use crate::candidate::Candidate;
use crate::known::Known;
use crate::outcome::passes;
use crate::tag;
use crate::target::EcsTarget;

/// How often a revision is asked for: an account may register one in a second, and so may somebody
/// else in the same second.
const ATTEMPTS: u32 = 6;

/// How long to leave ECS alone after the first refusal; each further one doubles it.
const REST: Span = Span::from_millis(700);

/// A release that ECS does not know.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// It was not composed by this process, or is another one by now.
    #[error("`{release}` is not what the service would get now")]
    OtherContent {
        /// Which release.
        release: ReleaseId,
    },
    /// It was refused.
    #[error("the task definition of `{release}` cannot be registered")]
    Refused {
        /// Which release.
        release: ReleaseId,
        /// By whom and why.
        source: Box<Failure>,
    },
    /// What there is cannot be read.
    #[error("whether `{release}` was registered cannot be read: {reason}")]
    Unread {
        /// Which release.
        release: ReleaseId,
        /// Why.
        reason: String,
    },
}

impl EcsTarget {
    /// Whether this process has composed exactly this release, or has seen it.
    pub fn knows(&self, release: &Release) -> bool {
        self.catalogue(|known| {
            let composed = known.candidate(&release.id).map(Candidate::release);
            let seen = known.runnable(&release.id).map(|known| &known.release);
            composed == Some(release) || seen == Some(release)
        })
    }

    /// Registers a release that was composed, unless it serves already; from here on this process
    /// begins something of its own. A revision whose registration got no answer is looked for before
    /// another one is asked for. Nothing that serves is touched.
    pub async fn register(&self, release: &Release) -> Result<(), RegisterError> {
        self.begins_anew();
        if self.catalogue(|known| known.runnable(&release.id).is_some()) {
            return Ok(());
        }
        let candidate = self.composed_as(release)?;
        let mut rest = REST;
        for _ in 1..ATTEMPTS {
            if self.tried(&candidate).await? {
                return Ok(());
            }
            self.clock.sleep(rest).await;
            rest = rest * 2;
        }
        let refused = |why| refused(release, why);
        self.put(&candidate).await.map(drop).map_err(refused)
    }

    /// This process begins something of its own.
    pub(crate) fn begins_anew(&self) {
        self.memory(|memory| memory.is_heir = false);
    }

    /// Whether an earlier process may have begun what this one goes on with.
    pub(crate) fn is_heir(&self) -> bool {
        self.memory(|memory| memory.is_heir)
    }

    fn composed_as(&self, release: &Release) -> Result<Candidate, RegisterError> {
        let composed = self.catalogue(|known| known.candidate(&release.id).cloned());
        let composed = composed.filter(|candidate| candidate.release() == release);
        composed.ok_or_else(|| RegisterError::OtherContent { release: release.id.clone() })
    }

    /// Whether it is registered now; if not, another try may succeed.
    async fn tried(&self, candidate: &Candidate) -> Result<bool, RegisterError> {
        let Err(source) = self.put(candidate).await else { return Ok(true) };
        if source.may_have_happened() && self.is_found(candidate).await? {
            return Ok(true);
        }
        if passes(source.kind()) {
            return Ok(false);
        }
        Err(refused(candidate.release(), source))
    }

    /// Registers what a candidate is.
    pub(crate) async fn put(&self, candidate: &Candidate) -> Result<Known, Failure> {
        let tags = tag::of_release(candidate.release());
        let definition = self.ecs.register(candidate.draft(), &tags).await?;
        let known = Known::registered(candidate.release().clone(), definition);
        self.catalogue(|all| all.known.insert(known.arn.clone(), known.clone()));
        Ok(known)
    }

    async fn is_found(&self, candidate: &Candidate) -> Result<bool, RegisterError> {
        let release = &candidate.release().id;
        let found = self.search(release, candidate.draft().family()).await;
        found.map(|found| found.is_some()).map_err(|failure| {
            let (ReadFailure::Unavailable { reason, .. } | ReadFailure::Refused { reason }) =
                failure;
            RegisterError::Unread { release: release.clone(), reason }
        })
    }
}

fn refused(release: &Release, why: Failure) -> RegisterError {
    RegisterError::Refused { release: release.id.clone(), source: Box::new(why) }
}
