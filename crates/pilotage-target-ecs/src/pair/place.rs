//! Where the pair is.

use pilotage_aws::ecs::ServiceName;
use pilotage_aws::elb::RouteArn;

/// One of the two services, and what it stands behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// The service.
    pub service: ServiceName,
    /// The ARN of the target group that its tasks are registered with, and no others.
    pub group: String,
}

/// Where the pair is: two services in one cluster, and the rule that divides requests among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairPlace {
    sides: [Side; 2],
    pub(super) route: RouteArn,
    pub(super) preview: Option<RouteArn>,
}

/// Two services that make no pair.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPair {
    /// They are in different clusters.
    #[error("`{one}` and `{other}` are in different clusters: a pair is in one")]
    Clusters {
        /// One of them.
        one: ServiceName,
        /// The other one.
        other: ServiceName,
    },
    /// They are the same.
    #[error("both services of the pair are `{service}`: name two")]
    OneService {
        /// It.
        service: ServiceName,
    },
    /// They stand behind the same target group.
    #[error(
        "both services of the pair stand behind `{group}`, so that no weight could tell them apart: \
         give each a target group of its own"
    )]
    OneGroup {
        /// It.
        group: String,
    },
    /// The preview would show what everybody gets.
    #[error("the preview's rule is the rule of all requests, `{route}`: give it one of its own")]
    OneRoute {
        /// It.
        route: RouteArn,
    },
}

impl PairPlace {
    /// Two services behind a rule. A second rule shows the candidate before it gets any requests.
    pub fn new(
        sides: [Side; 2],
        route: RouteArn,
        preview: Option<RouteArn>,
    ) -> Result<Self, InvalidPair> {
        let [one, other] = &sides;
        if one.service == other.service {
            return Err(InvalidPair::OneService { service: one.service.clone() });
        }
        if one.service.cluster() != other.service.cluster() {
            let (one, other) = (one.service.clone(), other.service.clone());
            return Err(InvalidPair::Clusters { one, other });
        }
        if one.group == other.group {
            return Err(InvalidPair::OneGroup { group: one.group.clone() });
        }
        if preview.as_ref() == Some(&route) {
            return Err(InvalidPair::OneRoute { route });
        }
        Ok(Self { sides, route, preview })
    }

    pub(super) fn side(&self, side: usize) -> &Side {
        let [one, other] = &self.sides;
        if side == 0 { one } else { other }
    }

    pub(super) fn cluster(&self) -> &str {
        self.side(0).service.cluster()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(service: &str, group: &str) -> Side {
        Side { service: service.parse().expect("a name"), group: group.into() }
    }

    #[test]
    fn what_makes_no_pair_is_refused_before_anything_is_asked() {
        let arn = |rule: u8| {
            let arn = format!("arn:aws:elasticloadbalancing:x:1:listener-rule/app/web/1/2/{rule}");
            arn.parse::<RouteArn>().expect("an ARN")
        };
        let place = |sides, preview| PairPlace::new(sides, arn(1), preview);
        let good = || [side("shop/blue", "b"), side("shop/green", "g")];
        assert!(place(good(), Some(arn(2))).is_ok());
        let wrong = [
            place(good(), Some(arn(1))),
            place([side("shop/blue", "b"), side("shop/blue", "g")], None),
            place([side("shop/blue", "b"), side("shop/green", "b")], None),
            place([side("shop/blue", "b"), side("other/green", "g")], None),
        ];
        assert!(wrong.iter().all(Result::is_err), "{wrong:?}");
    }
}
