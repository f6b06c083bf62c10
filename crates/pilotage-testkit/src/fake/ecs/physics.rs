//! What happens while time passes: tasks come up or do not, and deployments end.

use super::world::{Breaker, End, Service, Task, Trouble, World};
use super::{balancer, stages};

/// How many tasks may fail in a row.
const PATIENCE: u32 = 3;

/// A moment passes.
pub(super) fn step(world: &mut World) {
    grow_up(world);
    let names: Vec<String> = world.services.keys().cloned().collect();
    for name in names {
        let Some(mut service) = world.services.remove(&name) else { continue };
        roll(world, &mut service);
        world.services.insert(name, service);
    }
    balancer::step(world);
}

/// Tasks that had their time come up, or end.
fn grow_up(world: &mut World) {
    let mut tasks = std::mem::take(&mut world.tasks);
    for task in tasks.iter_mut().filter(|task| task.own.is_some()) {
        let says = task.live(world.now, world.start_up);
        world.hear(task, says);
    }
    let of_services = tasks.iter_mut().filter(|task| task.own.is_none());
    for task in of_services.filter(|task| task.status == "PENDING") {
        if world.now < task.since + world.start_up {
            continue;
        }
        match trouble(world, task) {
            None | Some(Trouble::Sick) => task.become_("RUNNING", world.now),
            Some(Trouble::Hangs) => {}
            Some(trouble) => {
                task.end = Some(end(trouble));
                task.become_("STOPPED", world.now);
                if let Trouble::Exits(_) = trouble {
                    let says = world.last_words.iter();
                    let says = says.map(|(who, text)| (world.now, who.clone(), text.clone()));
                    let says = says.collect();
                    world.hear(task, says);
                }
            }
        }
    }
    world.tasks = tasks;
}

fn trouble(world: &World, task: &Task) -> Option<Trouble> {
    let definition = world.definition(&task.definition).ok()?;
    let mut images = definition.images();
    images.find_map(|(_, image)| world.troubles.get(image).copied())
}

pub(super) fn end(trouble: Trouble) -> End {
    let end = |code, reason: &str, exit, container: Option<&str>| End {
        code,
        reason: reason.into(),
        exit,
        container: container.map(Into::into),
    };
    let (failed, exited) = ("TaskFailedToStart", "EssentialContainerExited");
    let ended = "Essential container in task exited";
    match trouble {
        Trouble::NoImage => {
            let words = "CannotPullContainerError: pull image manifest has been retried 1 time(s): \
                         failed to resolve ref shop/web: not found";
            end(failed, words, None, Some(words))
        }
        Trouble::PullThrottled => {
            let words = "CannotPullContainerError: toomanyrequests: Rate exceeded";
            end(failed, words, None, Some(words))
        }
        Trouble::NoSecret => {
            let words = "ResourceInitializationError: unable to pull secrets or registry auth: \
                         execution resource retrieval failed: unable to retrieve secret from asm: \
                         AccessDeniedException: not authorized to perform \
                         secretsmanager:GetSecretValue";
            end(failed, words, None, None)
        }
        Trouble::Exits(code) => end(exited, ended, Some(code), None),
        Trouble::OutOfMemory | Trouble::Hangs | Trouble::Sick => {
            let words = "OutOfMemoryError: Container killed due to memory usage";
            end(exited, ended, Some(137), Some(words))
        }
    }
}

impl Task {
    fn become_(&mut self, status: &'static str, now: u64) {
        (self.status, self.since) = (status, now);
    }

    fn stop(&mut self, now: u64, reason: String) {
        let code = "ServiceSchedulerInitiated";
        self.end = Some(End { code, reason, exit: Some(143), container: None });
        self.become_("STOPPED", now);
    }
}

fn roll(world: &mut World, service: &mut Service) {
    begin(world, service);
    count_failures(world, service);
    if break_off(world, service) {
        return;
    }
    fill(world, service);
    if stages::step(world, service) {
        return;
    }
    replace(world, service);
    complete(world, service);
}

/// The history says of a new deployment that it is pending, for a while.
fn begin(world: &World, service: &mut Service) {
    for past in service.past.iter_mut().filter(|past| past.status == "PENDING") {
        if world.now >= past.created_at + world.pending_for {
            past.status = "IN_PROGRESS";
        }
    }
}

/// Failures count as long as none comes up.
fn count_failures(world: &World, service: &mut Service) {
    let Some(primary) = service.deployments.iter_mut().find(|one| one.standing == "PRIMARY") else {
        return;
    };
    let ours = |task: &&Task| task.started_by == primary.id;
    let has_come_up = world.tasks.iter().filter(ours).any(|task| task.status == "RUNNING");
    let failed =
        |task: &&Task| task.end.as_ref().is_some_and(|end| end.code != "ServiceSchedulerInitiated");
    let count = world.tasks.iter().filter(ours).filter(failed).count();
    primary.failed = if has_come_up { 0 } else { u32::try_from(count).unwrap_or(u32::MAX) };
}

/// The circuit breaker. Going back makes a new deployment of what was completed last.
fn break_off(world: &mut World, service: &mut Service) -> bool {
    let Some(primary) = service.primary().cloned() else { return false };
    let is_hopeless = primary.state == "IN_PROGRESS" && primary.failed >= PATIENCE;
    // What goes back is not given up in turn.
    let goes_back = primary.reason.contains("rolling back");
    if !is_hopeless || goes_back || service.breaker == Breaker::Off {
        return false;
    }
    let number = world.next();
    let failed = "ECS deployment circuit breaker: tasks failed to start.".to_owned();
    let back = service.past.iter().rev().find(|past| past.status == "SUCCESSFUL").cloned();
    let back = back.filter(|_| service.breaker == Breaker::RollBack);
    for one in service.deployments.iter_mut().filter(|one| one.id == primary.id) {
        one.state = "FAILED";
        one.reason.clone_from(&failed);
        one.standing = if back.is_some() { "ACTIVE" } else { "PRIMARY" };
    }
    let state = if back.is_some() { "ROLLBACK_IN_PROGRESS" } else { "STOPPED" };
    for past in service.past.iter_mut().filter(|past| past.deployment == primary.id) {
        past.status = state;
    }
    service.tell(
        number,
        world.now,
        &format!("(deployment {}) deployment failed: tasks failed to start.", primary.id),
    );
    if let Some(back) = back {
        let id = format!("ecs-svc/{number}");
        let reason = format!(
            "ECS deployment circuit breaker: rolling back to deploymentId {}.",
            back.deployment
        );
        service.begin(&id, &back.definition, world.now, reason);
    }
    true
}

/// New tasks for those that are missing; a failed deployment gets none.
fn fill(world: &mut World, service: &Service) {
    let Some(primary) = service.primary().filter(|primary| primary.state != "FAILED") else {
        return;
    };
    let has = world.count(&primary.id, "RUNNING") + world.count(&primary.id, "PENDING");
    for _ in has..service.desired {
        let task = Task::new(world, &primary.id, &primary.definition);
        world.tasks.push(task);
    }
}

/// Old tasks go as new ones run; those that are too many as well.
fn replace(world: &mut World, service: &Service) {
    let Some(primary) = service.primary() else { return };
    let new = world.count(&primary.id, "RUNNING");
    let mut spare = service.desired.saturating_sub(new);
    let now = world.now;
    let is_listed = |task: &Task| service.deployments.iter().any(|one| one.id == task.started_by);
    for task in world.tasks.iter_mut().filter(|task| task.end.is_none() && is_listed(task)) {
        if task.started_by == primary.id || primary.state == "FAILED" {
            continue;
        }
        if task.status == "RUNNING" && spare > 0 {
            spare -= 1;
            continue;
        }
        task.stop(now, format!("Scaling activity initiated by (deployment {})", task.started_by));
    }
    let surplus = new.saturating_sub(service.desired);
    let ours = world.tasks.iter_mut().filter(|task| task.started_by == primary.id);
    for task in ours.filter(|task| task.status == "RUNNING").take(surplus) {
        task.stop(now, format!("Scaling activity initiated by (deployment {})", primary.id));
    }
}

/// What runs as many as it should, and is alone, is complete; what is listed beside it is gone.
fn complete(world: &mut World, service: &mut Service) {
    let Some(primary) = service.primary().cloned() else { return };
    let others = service.deployments.iter().filter(|one| one.id != primary.id);
    let is_alone = !others.into_iter().any(|one| world.has_tasks(&one.id));
    let answers = |group: &String| world.healthy(group) >= service.desired;
    let is_whole = world.count(&primary.id, "RUNNING") == service.desired
        && service.target_group.as_ref().is_none_or(answers);
    if primary.state != "IN_PROGRESS" || !is_alone || !is_whole {
        return;
    }
    let number = world.next();
    service.deployments.retain(|one| one.id == primary.id);
    for one in &mut service.deployments {
        one.state = "COMPLETED";
        one.reason = format!("ECS deployment {} completed.", one.id);
    }
    for past in &mut service.past {
        match past.status {
            "IN_PROGRESS" if past.deployment == primary.id => past.status = "SUCCESSFUL",
            "ROLLBACK_IN_PROGRESS" => past.status = "ROLLBACK_SUCCESSFUL",
            _ => {}
        }
    }
    service.tell(number, world.now, "(service web) has reached a steady state.");
}
