//! What is deployed to: one service that ECS deploys to, or two that the engine drives.

use std::path::Path;
use std::sync::Arc;

use pilotage_artifact::{Release, ReleaseId};
use pilotage_aws::Session;
use pilotage_aws::ecs::Ecs;
use pilotage_aws::elb::Elb;
use pilotage_aws::logs::Logs;
use pilotage_cli::{Io, PlatformError};
use pilotage_clock::SystemClock;
use pilotage_driver::role::Target;
use pilotage_target_ecs::{ComposeError, EcsPair, EcsTarget, Images, RegisterError};

use super::Place;
use super::place::Named;

/// What is deployed to.
#[derive(Debug, Clone)]
pub(super) enum Service {
    /// One, which ECS deploys to.
    One(Arc<EcsTarget>),
    /// Two behind one rule.
    Pair(Arc<EcsPair>),
}

impl Service {
    /// The service that is named, as a process that may go on with what another one began.
    pub(super) async fn reach(
        place: &Place,
        session: &Session,
        root: &Path,
        io: &Io,
    ) -> Result<Self, PlatformError> {
        let (ecs, clock) = (Ecs::new(session), Arc::new(SystemClock::new()));
        Ok(match place.named(session, root).await? {
            Named::One(name) => {
                let target = EcsTarget::new(&ecs, name, clock);
                let target = target.listening(&Logs::new(session), io.veil());
                Self::One(Arc::new(target.resumed()))
            }
            Named::Pair(place) => {
                let pair = EcsPair::new(&ecs, &Elb::new(session), place, clock);
                Self::Pair(Arc::new(pair.resumed()))
            }
        })
    }

    pub(super) fn target(&self) -> Arc<dyn Target> {
        match self {
            Self::One(one) => one.clone(),
            Self::Pair(pair) => pair.clone(),
        }
    }

    pub(super) async fn compose(
        &self,
        id: Option<ReleaseId>,
        sequence: Option<u64>,
        images: &Images,
    ) -> Result<Release, ComposeError> {
        match self {
            Self::One(one) => one.compose(id, sequence, images).await,
            Self::Pair(pair) => pair.compose(id, sequence, images).await,
        }
    }

    pub(super) fn knows(&self, release: &Release) -> bool {
        match self {
            Self::One(one) => one.knows(release),
            Self::Pair(pair) => pair.knows(release),
        }
    }

    pub(super) async fn register(&self, release: &Release) -> Result<(), RegisterError> {
        match self {
            Self::One(one) => one.register(release).await,
            Self::Pair(pair) => pair.register(release).await,
        }
    }
}
