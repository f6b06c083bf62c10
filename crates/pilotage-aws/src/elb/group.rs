//! Target groups: whether what is registered there answers, and how long it may finish.

use aws_sdk_elasticloadbalancingv2::types::{
    TargetDescription, TargetHealthDescription, TargetHealthStateEnum,
};
use pilotage_rollout::Span;

use super::Elb;
use crate::failure::{Call, Failure, failed};

/// How long a target finishes its requests, as the load balancer calls it.
const DELAY: &str = "deregistration_delay.timeout_seconds";

/// Something that stands behind a load balancer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// Its address, or the id of its machine.
    pub id: String,
    /// Its port.
    pub port: u16,
    /// Whether it answers.
    pub state: State,
    /// Why not, as a code.
    pub reason: Option<String>,
    /// Why not, in words.
    pub said: Option<String>,
}

/// Whether a target answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It is looked at for the first time.
    Initial,
    /// It answers.
    Healthy,
    /// It does not.
    Unhealthy,
    /// It is on its way out, and finishes what it has begun.
    Draining,
    /// Its group is in no rule, so that nobody looks.
    Unused,
    /// Nobody looks, because health checks are off.
    Unavailable,
    /// Something that is younger than this crate; it counts as not healthy.
    Other(String),
}

impl Elb {
    /// What is registered with a target group, and whether it answers.
    pub async fn behind(&self, group: &str) -> Result<Vec<Behind>, Failure> {
        let call = Call::new("elasticloadbalancing:DescribeTargetHealth", format!("`{group}`"));
        let asked = self.client.describe_target_health().target_group_arn(group);
        let answer = asked.send().await.map_err(|error| failed(call, error))?;
        Ok(answer.target_health_descriptions().iter().map(behind).collect())
    }

    /// How long a target that is taken away may finish its requests.
    pub async fn drain(&self, group: &str) -> Result<Span, Failure> {
        let action = "elasticloadbalancing:DescribeTargetGroupAttributes";
        let call = Call::new(action, format!("`{group}`"));
        let asked = self.client.describe_target_group_attributes().target_group_arn(group);
        let answer = asked.send().await.map_err(|error| failed(call.clone(), error))?;
        let told = answer.attributes().iter().find(|attribute| attribute.key() == Some(DELAY));
        let seconds = told.and_then(|told| told.value()).and_then(|value| value.parse().ok());
        let seconds = seconds.ok_or_else(|| Failure::unreadable(call, format!("no `{DELAY}`")))?;
        Ok(Span::from_secs(seconds))
    }
}

fn behind(told: &TargetHealthDescription) -> Behind {
    let (target, health) = (told.target(), told.target_health());
    let state = health.and_then(|health| health.state());
    Behind {
        id: target.and_then(|target| target.id()).unwrap_or_default().into(),
        port: target
            .and_then(TargetDescription::port)
            .map_or(0, |port| u16::try_from(port).unwrap_or(0)),
        state: state.map_or_else(|| State::Other(String::new()), state_of),
        reason: health.and_then(|health| health.reason()).map(|reason| reason.as_str().into()),
        said: health.and_then(|health| health.description()).map(Into::into),
    }
}

fn state_of(told: &TargetHealthStateEnum) -> State {
    match told.as_str() {
        "initial" => State::Initial,
        "healthy" => State::Healthy,
        "unhealthy" => State::Unhealthy,
        "draining" | "unhealthy.draining" => State::Draining,
        "unused" => State::Unused,
        "unavailable" => State::Unavailable,
        other => State::Other(other.into()),
    }
}
