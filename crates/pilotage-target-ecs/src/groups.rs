//! The deployments of a service as groups, one for each release.

use pilotage_artifact::Release;
use pilotage_aws::ecs::{Deployment, DeploymentId, Service, Standing};
use pilotage_rollout::Share;
use pilotage_rollout::target::{Failing, Group};

/// The groups of a service. `release_of` tells what a task definition is.
pub(crate) fn groups(
    service: &Service,
    release_of: impl Fn(&str) -> Option<Release>,
    failing: Option<(&DeploymentId, &[Failing])>,
) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for deployment in service.deployments.iter().filter(|one| is_there(one)) {
        let told = failing.filter(|(id, _)| **id == deployment.id).map(|(_, failing)| failing);
        let Some(release) = release_of(&deployment.task_definition) else { continue };
        let group = group(service, deployment, release, told.unwrap_or_default());
        match groups.iter_mut().find(|other| other.release == group.release) {
            Some(same) => merge(same, group),
            None => groups.push(group),
        }
    }
    share(&mut groups);
    groups
}

fn is_there(deployment: &Deployment) -> bool {
    let has_tasks = deployment.running_count + deployment.pending_count > 0;
    has_tasks || deployment.standing == Standing::Primary
}

fn group(service: &Service, one: &Deployment, release: Release, failing: &[Failing]) -> Group {
    // What is not primary shall have none; what it still has is what counts.
    let desired = match one.standing {
        Standing::Primary => service.desired_count,
        _ => one.running_count + one.pending_count,
    };
    Group {
        release,
        desired: small(desired),
        ready: small(one.running_count),
        restarts: one.failed_tasks,
        in_flight: None,
        share: Share::NONE,
        failing: failing.to_vec(),
    }
}

pub(crate) fn merge(same: &mut Group, other: Group) {
    same.desired = same.desired.saturating_add(other.desired);
    same.ready = same.ready.saturating_add(other.ready);
    same.restarts = same.restarts.saturating_add(other.restarts);
    same.failing.extend(other.failing);
}

/// Every task that runs gets the same share; the rounding goes to the first.
fn share(groups: &mut [Group]) {
    let whole: u16 = groups.iter().fold(0, |sum, group| sum.saturating_add(group.ready));
    let mut left = Share::ALL;
    for group in groups.iter_mut().skip(1) {
        group.share = Share::ratio(group.ready, whole);
        left = Share::from_basis_points(
            left.basis_points().saturating_sub(group.share.basis_points()),
        )
        .unwrap_or(Share::NONE);
    }
    if let Some(first) = groups.first_mut() {
        first.share = left;
    }
}

fn small(count: u32) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use pilotage_artifact::Digest;
    use serde_json::{Value, json};

    use super::*;

    fn of(deployments: &Value, desired: u32) -> Vec<(String, u16, u16, u16)> {
        let told = json!({ "serviceArn": "a", "serviceName": "web", "desiredCount": desired,
            "deployments": deployments });
        let service: Service = serde_json::from_value(told).expect("a service");
        let release = |arn: &str| {
            let id = arn.parse().expect("a name");
            Some(Release { id, digest: Digest::of(arn.as_bytes()), sequence: 0 })
        };
        let told = |group: Group| {
            let Group { release, desired, ready, share, .. } = group;
            (release.id.to_string(), desired, ready, share.basis_points())
        };
        groups(&service, release, None).into_iter().map(told).collect()
    }

    fn one(id: &str, standing: &str, definition: &str, running: u32) -> Value {
        json!({ "id": id, "status": standing, "taskDefinition": definition,
            "desiredCount": 3, "runningCount": running })
    }

    #[test]
    fn what_is_left_of_the_old_counts_and_what_has_nothing_is_not_there() {
        let rolling = json!([one("2", "PRIMARY", "new", 1), one("1", "ACTIVE", "old", 2)]);
        assert_eq!(of(&rolling, 3), [("new".into(), 3, 1, 3334), ("old".into(), 2, 2, 6666)]);
        let done = json!([one("2", "PRIMARY", "new", 3), one("1", "INACTIVE", "old", 0)]);
        assert_eq!(of(&done, 3), [("new".into(), 3, 3, 10_000)]);
    }

    #[test]
    fn one_release_is_one_group_however_often_it_was_deployed() {
        let forced = json!([one("2", "PRIMARY", "new", 1), one("1", "ACTIVE", "new", 2)]);
        assert_eq!(of(&forced, 3), [("new".into(), 5, 3, 10_000)]);
    }

    #[test]
    fn a_service_without_tasks_still_serves_what_it_is_to_serve() {
        assert_eq!(of(&json!([one("1", "PRIMARY", "a", 0)]), 2), [("a".into(), 2, 0, 10_000)]);
    }
}
