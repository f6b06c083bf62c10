//! How requests are divided among target groups.

use aws_sdk_elasticloadbalancingv2::types::{
    ForwardActionConfig, TargetGroupStickinessConfig as Stickiness, TargetGroupTuple,
};

/// The weights by which a rule divides requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forward {
    /// The groups, each once, in the rule's order.
    pub weights: Vec<Weight>,
    /// For how many seconds a client stays with the group that it was given first, where it does.
    pub sticky: Option<i32>,
}

/// What one target group gets of the requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weight {
    /// The ARN of the target group.
    pub group: String,
    /// Its part of the sum of all weights.
    pub weight: u16,
}

impl Forward {
    /// What a target group gets; nothing is said of one that the rule does not know.
    pub fn weight(&self, group: &str) -> Option<u16> {
        self.weights.iter().find(|one| one.group == group).map(|one| one.weight)
    }

    /// The same with this weight; a group that the rule does not know yet comes last.
    pub fn with(mut self, group: &str, weight: u16) -> Self {
        match self.weights.iter_mut().find(|one| one.group == group) {
            Some(one) => one.weight = weight,
            None => self.weights.push(Weight { group: group.into(), weight }),
        }
        self
    }

    /// What an action says. Without a weight, a group has one of 1.
    pub(super) fn told(config: &ForwardActionConfig) -> Self {
        let weight = |told: &TargetGroupTuple| Weight {
            group: told.target_group_arn().unwrap_or_default().into(),
            weight: u16::try_from(told.weight().unwrap_or(1)).unwrap_or(0),
        };
        let sticky = config.target_group_stickiness_config();
        let sticky = sticky.filter(|sticky| sticky.enabled() == Some(true));
        Self {
            weights: config.target_groups().iter().map(weight).collect(),
            sticky: sticky.and_then(Stickiness::duration_seconds),
        }
    }

    /// All requests to one group, as a rule without weights says it.
    pub(super) fn whole(group: &str) -> Self {
        Self { weights: vec![Weight { group: group.into(), weight: 1 }], sticky: None }
    }

    /// An action that says this; whatever else the old one said is said again.
    pub(super) fn config(&self, old: Option<&ForwardActionConfig>) -> ForwardActionConfig {
        let tuple = |one: &Weight| {
            let tuple = TargetGroupTuple::builder().target_group_arn(&one.group);
            tuple.weight(i32::from(one.weight)).build()
        };
        let sticky = old.and_then(ForwardActionConfig::target_group_stickiness_config).cloned();
        ForwardActionConfig::builder()
            .set_target_groups(Some(self.weights.iter().map(tuple).collect()))
            .set_target_group_stickiness_config(sticky)
            .build()
    }
}
