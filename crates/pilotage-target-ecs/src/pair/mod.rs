//! Two services behind one rule of a load balancer: one serves, the other one is idle or a candidate.
//!
//! Each has a target group of its own. The engine drives: it has the idle service started with the
//! candidate, gives it a share of the requests by the weights of the rule, and has the other one
//! stopped in the end. Which of the two serves is read from the rule, so that neither has a colour.
//!
//! - **Weights that somebody else has changed are not overwritten**: the rule is read right before it
//!   is written, and must be as the engine has seen it.
//! - **A unit is ready when it runs the release and the load balancer finds it healthy.** A target
//!   group that is in no rule is looked at by nobody, so it is put there with weight 0 *before*.
//! - **A service is stopped only when it has no weight**, and when what has it is healthy.
//! - **ECS has no say in traffic**: when it goes back by itself, that is told as the candidate's
//!   failure, and the requests stay where they are.
//!
//! Weights divide clients, not requests, where the rule is sticky; see [`EcsPair::sticky`].

mod apply;
mod capacity;
mod group;
mod health;
mod history;
mod look;
mod place;
mod prepare;
mod traffic;
mod weights;

pub use place::{InvalidPair, PairPlace, Side};

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use pilotage_artifact::{Release, ReleaseId};
use pilotage_aws::ecs::Ecs;
use pilotage_aws::elb::{Elb, Forward};
use pilotage_clock::Clock;
use pilotage_driver::role::Target;
use pilotage_rollout::Span;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::target::{
    Capabilities, Fencing, Observation, Order, Outcome, ReadFailure, RollingControl, TrafficControl,
};

use pilotage_ecs_task::images::Images;

use crate::catalogue::Shared;
use crate::outcome::said;
use crate::register::RegisterError;
use crate::target::{ComposeError, EcsTarget};
use look::Sight;

/// Two services that take turns.
#[derive(Debug)]
pub struct EcsPair {
    elb: Elb,
    place: PairPlace,
    clock: Arc<dyn Clock>,
    /// The services, each as it is known on its own.
    services: [EcsTarget; 2],
    memory: Mutex<Memory>,
}

/// What this process remembers between two looks; all of it can be lost.
#[derive(Debug, Default)]
struct Memory {
    /// The last look, as long as nothing was written since.
    look: Option<Sight>,
    /// How the rule divided requests when the engine was told last.
    told: Option<Forward>,
    /// What ECS has taken back at each side, as far as that shows.
    taken_back: [Option<ReleaseId>; 2],
}

impl Memory {
    fn take_note(&mut self, side: usize, release: Option<ReleaseId>) {
        let [one, other] = &mut self.taken_back;
        *(if side == 0 { one } else { other }) = release;
    }
}

impl EcsPair {
    /// The pair. Nothing is asked yet.
    pub fn new(ecs: &Ecs, elb: &Elb, place: PairPlace, clock: Arc<dyn Clock>) -> Self {
        let catalogue = Shared::default();
        let services = [0, 1].map(|side: usize| {
            let name = place.side(side).service.clone();
            EcsTarget::sharing(ecs, name, clock.clone(), catalogue.clone())
        });
        Self { elb: elb.clone(), place, clock, services, memory: Mutex::default() }
    }

    /// The same for a run that an earlier process has begun: it looks for what that has left.
    pub fn resumed(self) -> Self {
        Self { services: self.services.map(EcsTarget::resumed), ..self }
    }

    /// What serves, with these images, as a release that can be brought up. Where that changes
    /// nothing, it is the release that serves. Writes nothing.
    pub async fn compose(
        &self,
        id: Option<ReleaseId>,
        sequence: Option<u64>,
        images: &Images,
    ) -> Result<Release, ComposeError> {
        let unread = |failure| ComposeError::Unread { reason: said(failure) };
        let sight = self.look().await.map_err(unread)?;
        let serving = sight.serving();
        let service = sight.service(serving);
        self.service(serving).composed(service, id, sequence, images).await
    }

    /// Makes ECS know a release that was composed, before a run of it begins; see
    /// [`EcsTarget::register`].
    pub async fn register(&self, release: &Release) -> Result<(), RegisterError> {
        let [one, other] = &self.services;
        other.begins_anew();
        one.register(release).await
    }

    /// Whether this process has composed exactly this release, or has seen it.
    pub fn knows(&self, release: &Release) -> bool {
        self.service(0).knows(release)
    }

    fn service(&self, side: usize) -> &EcsTarget {
        let [one, other] = &self.services;
        if side == 0 { one } else { other }
    }

    fn memory<T>(&self, visit: impl FnOnce(&mut Memory) -> T) -> T {
        visit(&mut self.memory.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Target for EcsPair {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            traffic: TrafficControl::Weights { granularity: weights::FINEST },
            rolling: RollingControl::Driven,
            preview: self.place.preview.is_some(),
            fencing: Fencing::Checked,
            lag: Span::from_secs(10),
            settle: Span::from_secs(30),
        }
    }

    async fn observe(&self) -> Result<Observation, ReadFailure> {
        self.observed().await
    }

    async fn apply(&self, run: &RunId, order: &Order) -> Outcome {
        self.applied(run, order).await
    }
}
