//! What others take for success, as small oracles over the same answers.
//!
//! Each is the rule of a tool that is in wide use, or of the SDK's waiter, and each was reported to have
//! been green while the old release, or nothing, was running.

use pilotage_aws::ecs::{PastDeployment, PastState, RolloutState, Service, Task};
use pilotage_rollout::Moment;

/// The SDK's waiter: one deployment is left, and as many tasks run as there shall be.
pub(crate) fn is_stable(services: &[Service]) -> bool {
    services.iter().all(|service| {
        service.deployments.len() == 1 && service.running_count == service.desired_count
    })
}

/// Stable, and nothing says that it failed.
pub(crate) fn is_stable_and_not_failed(service: &Service) -> bool {
    let failed = Some(&RolloutState::Failed);
    let state = service.primary().and_then(|primary| primary.rollout_state.as_ref());
    is_stable(std::slice::from_ref(service)) && state != failed
}

/// One deployment is left, and enough tasks run what the service, asked again, says that it runs.
pub(crate) fn runs_what_it_says(service: &Service) -> bool {
    let says = service.task_definition.as_deref();
    let runs = |one: &&pilotage_aws::ecs::Deployment| Some(&*one.task_definition) == says;
    let running: u32 = service.deployments.iter().filter(runs).map(|one| one.running_count).sum();
    service.deployments.len() == 1 && running == service.desired_count
}

/// No deployment of ours goes on (by the clock of the client), and the service names our revision.
pub(crate) fn none_is_active(
    service: &Service,
    history: &[PastDeployment],
    since: Moment,
    definition: &str,
) -> bool {
    let is_active =
        |past: &&PastDeployment| past.state == PastState::Underway && past.created_at > Some(since);
    !history.iter().any(|past| is_active(&past)) && names(service, definition)
}

/// What was rolled back is complete as well, and the service names our revision.
pub(crate) fn is_over(service: &Service, history: &[PastDeployment], definition: &str) -> bool {
    let over =
        |past: &PastDeployment| matches!(past.state, PastState::Successful | PastState::RolledBack);
    history.first().is_some_and(over) && names(service, definition)
}

fn names(service: &Service, definition: &str) -> bool {
    service.primary().is_some_and(|primary| primary.task_definition == definition)
}

/// As many tasks of the newest deployment run as there shall be.
pub(crate) fn runs_enough(service: &Service) -> bool {
    service.primary().is_some_and(|primary| primary.running_count >= service.desired_count)
}

/// The newest event says so.
pub(crate) fn says_steady(service: &Service) -> bool {
    service.events.first().is_some_and(|event| event.message.contains("steady state"))
}

/// No container says that it failed.
pub(crate) fn no_bad_exit(task: &Task) -> bool {
    task.containers.iter().all(|container| container.exit_code.unwrap_or(0) == 0)
}
