//! Why targets do not answer, in the load balancer's words and with what helps.

use pilotage_aws::elb::{Behind, State};
use pilotage_rollout::target::Failing;

/// The most targets that are told.
const MOST: usize = 5;

/// Targets that do not answer. What is looked at for the first time has not failed yet.
pub(super) fn failing(behind: &[Behind]) -> Vec<Failing> {
    let fails =
        |one: &&Behind| !matches!(one.state, State::Healthy | State::Initial | State::Draining);
    behind.iter().filter(fails).take(MOST).map(told).collect()
}

fn told(behind: &Behind) -> Failing {
    let Behind { id, port, state, reason, said } = behind;
    let code = reason.as_deref().unwrap_or_default();
    let words = said.as_deref().unwrap_or("the load balancer gives no reason");
    let what = match state {
        State::Other(state) if code.is_empty() => state.as_str(),
        _ => code,
    };
    let reason = match remedy(code) {
        Some(remedy) => format!("{what}: {words}; {remedy}"),
        None => format!("{what}: {words}"),
    };
    Failing { unit: format!("{id}:{port}"), reason, hopeless: false }
}

fn remedy(code: &str) -> Option<&'static str> {
    Some(match code {
        "Target.NotInUse" => {
            "its target group is in no rule, or its zone is off: let the rule forward to it, with \
             weight 0"
        }
        "Target.ResponseCodeMismatch" => {
            "the health check asks for another answer: correct its path or its codes, or what the \
             service answers there"
        }
        "Target.Timeout" => {
            "nothing answered in time: check the port, and that the tasks' security group lets the \
             load balancer in"
        }
        "Target.FailedHealthChecks" => {
            "the connection was refused or broken: check the port that the container listens on"
        }
        "Target.HealthCheckDisabled" => "health checks are off: turn them on",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_is_told_in_the_load_balancers_words_and_with_what_helps() {
        let behind = |state, reason: &str| Behind {
            id: "10.0.0.7".into(),
            port: 80,
            state,
            reason: Some(reason.into()),
            said: Some("Request timed out".into()),
        };
        let all = [
            behind(State::Healthy, ""),
            behind(State::Initial, "Elb.InitialHealthChecking"),
            behind(State::Unhealthy, "Target.Timeout"),
        ];
        let told = failing(&all);
        assert_eq!((told.len(), told[0].unit.as_str()), (1, "10.0.0.7:80"));
        assert!(told[0].reason.starts_with("Target.Timeout: Request timed out; nothing answered"));
        let novel = Behind { reason: None, said: None, ..behind(State::Other("dazed".into()), "") };
        assert_eq!(failing(&[novel])[0].reason, "dazed: the load balancer gives no reason");
    }
}
