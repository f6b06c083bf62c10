//! A side as groups, one for each release: who is ready by both accounts, and what ECS took back.

use pilotage_aws::elb::{Behind, State};
use pilotage_rollout::Share;
use pilotage_rollout::target::{Delegation, Failing, Group, ReadFailure};

use super::look::Sight;
use super::{EcsPair, health};
use crate::groups;

impl EcsPair {
    /// What a side runs, and how it fares.
    pub(super) async fn groups(
        &self,
        sight: &Sight,
        side: usize,
    ) -> Result<Vec<Group>, ReadFailure> {
        let (target, service) = (self.service(side), sight.service(side));
        let explained = target.explained(service).await;
        let told = explained.as_ref().map(|told| (&told.deployment, told.failing.as_slice()));
        let mut groups =
            target.catalogue(|known| groups::groups(service, |arn| known.release(arn), told));
        let behind = sight.behind(side);
        ready(&mut groups, service.running_and_pending(), behind);
        if let Some(first) = groups.first_mut().filter(|first| first.ready < first.desired) {
            first.failing.extend(health::failing(behind));
        }
        divide(&mut groups, sight.share(side));
        let is_idle = sight.share(side) == Share::NONE;
        let may_be_ours = target.has_begun() || target.is_heir() && is_idle;
        let is_asked = service.desired_count > 0 && may_be_ours;
        let seen = if is_asked { target.delegation(service).await? } else { Delegation::Idle };
        let taken_back = match &seen {
            Delegation::RolledBack { release, .. } => Some(release.clone()),
            _ => None,
        };
        self.memory(|memory| memory.take_note(side, taken_back));
        Ok(self.blamed(side, groups, seen))
    }

    /// What ECS did on its own is told of the release that it failed with: another release in its
    /// place is ECS's doing, and nobody's deploy.
    fn blamed(&self, side: usize, mut groups: Vec<Group>, seen: Delegation) -> Vec<Group> {
        let unit = self.place.side(side).service.to_string();
        match seen {
            Delegation::Failed { release, reason } => {
                let ours = groups.iter_mut().find(|group| group.release.id == release);
                if let Some(ours) = ours {
                    ours.failing.insert(0, Failing { unit, reason, hopeless: true });
                }
                groups
            }
            Delegation::RolledBack { release, reason } => {
                let known = self.service(side).catalogue(|known| known.named(&release));
                let Some(release) = known else { return groups };
                vec![Group {
                    release,
                    desired: groups.iter().map(|group| group.desired).max().unwrap_or(0),
                    ready: 0,
                    restarts: groups.iter().map(|group| group.restarts).max().unwrap_or(0),
                    in_flight: None,
                    share: total(&groups),
                    failing: vec![Failing { unit, reason, hopeless: true }],
                }]
            }
            _ => groups,
        }
    }
}

/// A release on both sides is one group.
pub(super) fn merged(groups: impl Iterator<Item = Group>) -> Vec<Group> {
    let mut merged: Vec<Group> = Vec::new();
    for group in groups {
        match merged.iter_mut().find(|other| other.release == group.release) {
            Some(same) => {
                same.share = sum(same.share, group.share);
                groups::merge(same, group);
            }
            None => merged.push(group),
        }
    }
    merged
}

/// How many units are ready for certain. Targets do not say what they run, so that each is taken to
/// belong to another release as long as it can: never more are ready than healthy targets are left
/// when all others have theirs, nor than tasks are left when all targets that do not answer are ours.
fn ready(groups: &mut [Group], tasks: u32, behind: &[Behind]) {
    let count = |fits: fn(&State) -> bool| behind.iter().filter(|one| fits(&one.state)).count();
    let healthy = count(|state| *state == State::Healthy);
    let waiting = count(|state| !matches!(state, State::Healthy | State::Draining));
    let running: usize = groups.iter().map(|group| usize::from(group.ready)).sum();
    let answering = usize::try_from(tasks).unwrap_or(usize::MAX).saturating_sub(waiting);
    for group in groups {
        let others = running - usize::from(group.ready);
        let most = healthy.saturating_sub(others).min(answering);
        group.ready = group.ready.min(u16::try_from(most).unwrap_or(u16::MAX));
    }
}

/// Gives the groups of a side their parts of its share; what rounding leaves goes to the first.
fn divide(groups: &mut [Group], whole: Share) {
    let mut left = whole;
    for group in groups.iter_mut().skip(1) {
        let part = u32::from(group.share.basis_points()) * u32::from(whole.basis_points()) / 10_000;
        group.share = share(part);
        left = share(u32::from(left.basis_points()).saturating_sub(part));
    }
    if let Some(first) = groups.first_mut() {
        first.share = left;
    }
}

fn total(groups: &[Group]) -> Share {
    groups.iter().fold(Share::NONE, |whole, group| sum(whole, group.share))
}

fn sum(one: Share, other: Share) -> Share {
    share(u32::from(one.basis_points()) + u32::from(other.basis_points()))
}

fn share(points: u32) -> Share {
    let points = u16::try_from(points).unwrap_or(u16::MAX);
    Share::from_basis_points(points).unwrap_or(Share::ALL)
}

#[cfg(test)]
mod tests {
    use pilotage_artifact::{Digest, Release};

    use super::*;

    fn group(name: &str, running: u16, share: Share) -> Group {
        let id = name.parse().expect("a name");
        let release = Release { id, digest: Digest::of(name.as_bytes()), sequence: 0 };
        let (restarts, in_flight, failing) = (0, None, Vec::new());
        Group { release, desired: running, ready: running, restarts, in_flight, share, failing }
    }

    fn behind(states: &[State]) -> Vec<Behind> {
        let behind = |state: &State| Behind {
            id: "10.0.0.1".into(),
            port: 80,
            state: state.clone(),
            reason: None,
            said: None,
        };
        states.iter().map(behind).collect()
    }

    fn certain(running: &[u16], tasks: u32, states: &[State]) -> Vec<u16> {
        let mut groups: Vec<Group> =
            running.iter().zip(["a", "b"]).map(|(n, name)| group(name, *n, Share::NONE)).collect();
        ready(&mut groups, tasks, &behind(states));
        groups.iter().map(|group| group.ready).collect()
    }

    #[test]
    fn only_what_runs_and_answers_is_ready() {
        use State::{Draining, Healthy, Initial, Unhealthy, Unused};
        assert_eq!(certain(&[2], 2, &[Healthy, Healthy]), [2]);
        assert_eq!(certain(&[2], 2, &[Healthy, Initial]), [1]);
        assert_eq!(certain(&[2], 2, &[Unused, Unused]), [0]);
        assert_eq!(certain(&[2], 2, &[]), [0], "what is not registered yet gets no requests");
        assert_eq!(certain(&[1], 1, &[Healthy, Healthy]), [1], "a task that has just ended");
        assert_eq!(certain(&[2], 2, &[Healthy, Healthy, Unhealthy]), [1], "a target of others");
        assert_eq!(certain(&[2], 2, &[Healthy, Healthy, Draining]), [2]);
        assert_eq!(certain(&[2], 3, &[Healthy, Healthy, Initial]), [2], "one is on its way");
    }

    #[test]
    fn healthy_targets_of_another_release_are_not_counted() {
        use State::{Healthy, Initial};
        assert_eq!(certain(&[2, 1], 3, &[Healthy, Initial, Initial]), [0, 0]);
        assert_eq!(certain(&[2, 1], 3, &[Healthy, Healthy, Healthy]), [2, 1]);
    }

    #[test]
    fn a_side_has_its_share_and_not_more() {
        let half = Share::from_percent(50).expect("a share");
        let mut groups = [
            group("a", 2, Share::ALL),
            group("b", 1, Share::from_basis_points(3_333).expect("one")),
        ];
        divide(&mut groups, half);
        assert_eq!(groups.map(|group| group.share.basis_points()), [3_334, 1_666]);
        let both = merged([group("a", 2, half), group("a", 1, half)].into_iter());
        assert_eq!((both[0].share, both[0].desired, both.len()), (Share::ALL, 3, 1));
    }
}
