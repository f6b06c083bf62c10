//! Looking: both services with one call, the rule, and the health of what shall run.

use pilotage_aws::ecs::Service;
use pilotage_aws::elb::{Behind, Route, State};
use pilotage_rollout::target::{Delegation, Observation, ReadFailure};
use pilotage_rollout::{Fence, Share, Span};

use super::{EcsPair, Side, group, weights};
use crate::observe::incarnation;
use crate::outcome::unread;
use crate::tag;

/// How old a look may be that an order is checked against.
const FRESH: Span = Span::from_secs(2);

/// What was seen at one moment.
#[derive(Debug, Clone)]
pub(super) struct Sight {
    at: Span,
    services: [Service; 2],
    /// The shares that the rule gives.
    pub(super) shares: [Share; 2],
    pub(super) route: Route,
    behind: [Vec<Behind>; 2],
}

impl Sight {
    pub(super) fn service(&self, side: usize) -> &Service {
        let [one, other] = &self.services;
        if side == 0 { one } else { other }
    }

    pub(super) fn share(&self, side: usize) -> Share {
        let [one, other] = self.shares;
        if side == 0 { one } else { other }
    }

    pub(super) fn behind(&self, side: usize) -> &[Behind] {
        let [one, other] = &self.behind;
        if side == 0 { one } else { other }
    }

    /// How many targets of a side answer.
    pub(super) fn healthy(&self, side: usize) -> usize {
        self.behind(side).iter().filter(|behind| behind.state == State::Healthy).count()
    }

    /// Whether a side has no tasks and shall have none.
    pub(super) fn is_empty(&self, side: usize) -> bool {
        is_empty(self.service(side))
    }

    /// Whether requests go to where something runs, or shall run.
    pub(super) fn is_served(&self) -> bool {
        [0, 1].into_iter().any(|side| self.share(side) > Share::NONE && !self.is_empty(side))
    }

    /// The side that requests go to, most of them where they are divided.
    pub(super) fn serving(&self) -> usize {
        usize::from(self.share(1) > self.share(0))
    }

    /// The highest number that was claimed at either side.
    pub(super) fn fence(&self) -> Fence {
        tag::fence(self.service(0)).max(tag::fence(self.service(1)))
    }

    /// The number that was claimed at both sides.
    fn claimed(&self) -> Fence {
        tag::fence(self.service(0)).min(tag::fence(self.service(1)))
    }
}

/// What ECS leads through stages itself rewrites the weights as well.
fn led_by_us(side: &Side, service: &Service) -> Result<(), ReadFailure> {
    match service.strategy() {
        "ROLLING" => Ok(()),
        other => Err(ReadFailure::Refused {
            reason: format!(
                "ECS deploys `{}` by {other} itself, and would move the same weights: give it the                  strategy `ROLLING`, or deploy it on its own",
                side.service
            ),
        }),
    }
}

fn is_empty(service: &Service) -> bool {
    service.desired_count == 0 && service.running_and_pending() == 0
}

impl EcsPair {
    pub(super) async fn observed(&self) -> Result<Observation, ReadFailure> {
        let sight = self.look().await?;
        let mut groups = Vec::new();
        for side in [0, 1] {
            let share = sight.share(side);
            // Where nothing serves, the weights of what is empty are nobody's.
            if sight.is_empty(side) && (share == Share::NONE || !sight.is_served()) {
                continue;
            }
            groups.push(self.groups(&sight, side).await?);
        }
        self.memory(|memory| memory.told = Some(sight.route.forward.clone()));
        Ok(Observation {
            fence: sight.claimed(),
            incarnation: incarnation(sight.service(0))
                ^ incarnation(sight.service(1)).rotate_left(1),
            groups: group::merged(groups.into_iter().flatten()),
            delegation: Delegation::Idle,
        })
    }

    /// Looks, now.
    pub(super) async fn look(&self) -> Result<Sight, ReadFailure> {
        let at = self.clock.elapsed();
        let services = self.both(at).await?;
        let route = self.route().await?;
        let [one, other] = &services;
        let behind = [self.behind(0, one).await?, self.behind(1, other).await?];
        let shares = weights::shares(&route.forward, self.pair());
        let sight = Sight { at, services, shares, route, behind };
        self.memory(|memory| memory.look = Some(sight.clone()));
        Ok(sight)
    }

    /// The last look, if nothing was written since and it is not old.
    pub(super) async fn current(&self) -> Result<Sight, ReadFailure> {
        let now = self.clock.elapsed().as_millis();
        let is_fresh =
            |sight: &Sight| now.saturating_sub(sight.at.as_millis()) <= FRESH.as_millis();
        match self.memory(|memory| memory.look.clone()).filter(is_fresh) {
            Some(sight) => Ok(sight),
            None => self.look().await,
        }
    }

    /// The rule as it is now, which may divide among the pair and nobody else.
    pub(super) async fn route(&self) -> Result<Route, ReadFailure> {
        let route = self.elb.route(&self.place.route).await.map_err(|failure| unread(&failure))?;
        match weights::stranger(&route.forward, self.pair()) {
            None => Ok(route),
            Some(group) => Err(ReadFailure::Refused {
                reason: format!(
                    "the rule `{}` also sends requests to `{group}`, which is no part of the pair: \
                     give it weight 0, or name the right target groups",
                    self.place.route
                ),
            }),
        }
    }

    pub(super) fn pair(&self) -> [&str; 2] {
        [&self.place.side(0).group, &self.place.side(1).group]
    }

    async fn both(&self, at: Span) -> Result<[Service; 2], ReadFailure> {
        let names = [0, 1].map(|side| self.place.side(side).service.service());
        let found = self.services[0].ecs.services(self.place.cluster(), &names).await;
        let found = found.map_err(|failure| unread(&failure))?;
        let (one, other) = (self.among(&found, 0)?, self.among(&found, 1)?);
        for (side, service) in [(0, &one), (1, &other)] {
            self.service(side).seen(at, service)?;
            led_by_us(self.place.side(side), service)?;
            self.service(side).learn(service).await?;
        }
        Ok([one, other])
    }

    fn among(&self, found: &[Service], side: usize) -> Result<Service, ReadFailure> {
        let name = &self.place.side(side).service;
        let service = found.iter().find(|service| service.name == name.service());
        service.cloned().ok_or_else(|| ReadFailure::Refused {
            reason: format!(
                "there is no service `{name}`: create it, with no tasks, behind its target group"
            ),
        })
    }

    /// What is behind a side; nobody asks where there is nothing.
    async fn behind(&self, side: usize, service: &Service) -> Result<Vec<Behind>, ReadFailure> {
        if is_empty(service) {
            return Ok(Vec::new());
        }
        let group = &self.place.side(side).group;
        self.elb.behind(group).await.map_err(|failure| unread(&failure))
    }
}
