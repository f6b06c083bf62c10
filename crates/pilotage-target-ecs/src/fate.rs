//! What became of *our* deployment, told from one description of the service.
//!
//! This is where others report success after a rollback. ECS goes back by beginning a new deployment
//! of the old task definition, and then the failed one is listed for a while and vanishes. So neither
//! "the service is steady" nor "one deployment is left" nor "the task definition is ours" tells
//! anything: only the id that `UpdateService` has answered with does.

use pilotage_aws::ecs::{Deployment, DeploymentId, RolloutState, Service};
use pilotage_rollout::Moment;

/// The deployment that we have begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// The id that was answered.
    pub id: DeploymentId,
    /// The ARN of the task definition that it runs.
    pub definition: String,
    /// The ARN of the one that was primary before.
    pub from: Option<String>,
    /// When it began, by the server's clock, the only one that is ever compared.
    pub created_at: Option<Moment>,
    /// Whether a description has shown it. One that has not may be older than it.
    pub shown: bool,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It goes on, or says something that is younger than this crate.
    Underway,
    /// It is primary and completed. Nothing else is success.
    Completed,
    /// ECS gave it up, and left things as they are.
    Failed {
        /// In ECS's words.
        reason: String,
    },
    /// ECS, or a person, went back.
    TakenBack {
        /// In ECS's words.
        reason: String,
    },
    /// Somebody has begun another one.
    Overtaken {
        /// Which one.
        by: DeploymentId,
    },
    /// The description is older than the deployment.
    NotShown,
}

/// What became of our deployment.
pub fn fate(service: &Service, ours: &Begun) -> Fate {
    let Some(primary) = service.primary() else {
        return Fate::Failed { reason: "the service has no deployment any more".into() };
    };
    if primary.id == ours.id {
        return own(service, primary);
    }
    let listed = service.deployments.iter().find(|deployment| deployment.id == ours.id);
    let is_older = ours.created_at.is_some() && primary.created_at < ours.created_at;
    if listed.is_none() && !ours.shown && is_older {
        return Fate::NotShown;
    }
    // The old one may be made primary again, or deployed anew; the text is gone once that is done.
    let is_former = ours.from.as_deref() == Some(primary.task_definition.as_str())
        && primary.task_definition != ours.definition;
    if goes_back(primary) || is_former || is_older {
        return Fate::TakenBack { reason: reason(listed, primary) };
    }
    Fate::Overtaken { by: primary.id.clone() }
}

/// Ours is primary: its own word counts. Where ECS says none, all of its tasks must run, and no others.
fn own(service: &Service, primary: &Deployment) -> Fate {
    match &primary.rollout_state {
        Some(RolloutState::Completed) => Fate::Completed,
        Some(RolloutState::Failed) => Fate::Failed { reason: words(primary) },
        Some(RolloutState::InProgress | RolloutState::Other(_)) => Fate::Underway,
        None => {
            let is_alone = service.deployments.len() == 1;
            let is_whole = primary.running_count >= primary.desired_count;
            if is_alone && is_whole { Fate::Completed } else { Fate::Underway }
        }
    }
}

/// Whether ECS says of this deployment that it goes back.
pub fn goes_back(deployment: &Deployment) -> bool {
    words(deployment).to_ascii_lowercase().contains("rolling back")
}

fn words(deployment: &Deployment) -> String {
    deployment.rollout_state_reason.clone().unwrap_or_default()
}

fn reason(ours: Option<&Deployment>, primary: &Deployment) -> String {
    let failed = ours.map(words).filter(|words| !words.is_empty());
    let back = format!("ECS is back at `{}` by {}", primary.task_definition, primary.id);
    match (failed, goes_back(primary)) {
        (Some(failed), _) => format!("{failed} {back}"),
        (None, true) => format!("{} {back}", words(primary)),
        (None, false) => format!("our deployment is no longer listed; {back}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn service(deployments: &Value) -> Service {
        let told = json!({
            "serviceArn": "arn", "serviceName": "web", "deployments": deployments,
        });
        serde_json::from_value(told).expect("a service")
    }

    fn one(id: &str, standing: &str, definition: &str, state: &str, at: u32, why: &str) -> Value {
        json!({
            "id": id, "status": standing, "taskDefinition": definition, "rolloutState": state,
            "createdAt": at, "rolloutStateReason": why,
        })
    }

    fn begun(shown: bool) -> Begun {
        Begun {
            id: "ecs-svc/2".into(),
            definition: "web:2".into(),
            from: Some("web:1".into()),
            created_at: Some(Moment::from_millis(20_000)),
            shown,
        }
    }

    fn of(deployments: &Value) -> Fate {
        fate(&service(deployments), &begun(true))
    }

    #[test]
    fn only_our_own_completion_is_success() {
        let ours = |state| json!([one("ecs-svc/2", "PRIMARY", "web:2", state, 20, "")]);
        assert_eq!(of(&ours("COMPLETED")), Fate::Completed);
        assert_eq!(of(&ours("IN_PROGRESS")), Fate::Underway);
        assert_eq!(of(&ours("ALMOST_DONE")), Fate::Underway);
        assert!(matches!(of(&ours("FAILED")), Fate::Failed { .. }));
    }

    #[test]
    fn every_way_back_is_one() {
        let back = "rolling back to deploymentId ecs-svc/1.";
        let failed = one("ecs-svc/2", "ACTIVE", "web:2", "FAILED", 20, "breaker");
        for deployments in [
            // ECS goes back, and then has gone back.
            json!([one("ecs-svc/3", "PRIMARY", "web:1", "IN_PROGRESS", 30, back), failed]),
            json!([one("ecs-svc/3", "PRIMARY", "web:1", "COMPLETED", 30, "")]),
            // The same task definition, forced: only the words tell.
            json!([one("ecs-svc/3", "PRIMARY", "web:2", "IN_PROGRESS", 30, back)]),
            // The old deployment is primary again.
            json!([one("ecs-svc/1", "PRIMARY", "web:1", "COMPLETED", 10, ""), failed]),
        ] {
            assert!(matches!(of(&deployments), Fate::TakenBack { .. }), "{deployments}");
        }
    }

    #[test]
    fn somebody_else_is_somebody_else() {
        let other = json!([
            one("ecs-svc/3", "PRIMARY", "web:3", "COMPLETED", 30, ""),
            one("ecs-svc/2", "ACTIVE", "web:2", "COMPLETED", 20, ""),
        ]);
        assert_eq!(of(&other), Fate::Overtaken { by: "ecs-svc/3".into() });
        let same = json!([one("ecs-svc/3", "PRIMARY", "web:2", "COMPLETED", 30, "")]);
        assert_eq!(of(&same), Fate::Overtaken { by: "ecs-svc/3".into() });
    }

    #[test]
    fn a_description_from_before_it_tells_nothing() {
        let before = service(&json!([one("ecs-svc/1", "PRIMARY", "web:1", "COMPLETED", 10, "")]));
        assert_eq!(fate(&before, &begun(false)), Fate::NotShown);
        assert!(matches!(fate(&before, &begun(true)), Fate::TakenBack { .. }));
    }

    #[test]
    fn without_a_word_of_ecs_its_tasks_must_run_alone() {
        let silent = |others: &Value| {
            let mut all = vec![json!({ "id": "ecs-svc/2", "status": "PRIMARY", "desiredCount": 2,
                "taskDefinition": "web:2", "runningCount": 2 })];
            all.extend(others.as_array().cloned().unwrap_or_default());
            of(&Value::Array(all))
        };
        assert_eq!(silent(&json!([])), Fate::Completed);
        let old = json!([{ "id": "ecs-svc/1", "status": "ACTIVE", "taskDefinition": "web:1" }]);
        assert_eq!(silent(&old), Fate::Underway);
    }
}
