//! Why tasks do not stay up: in ECS's words, with what helps, and whether waiting can.
//!
//! An exit code that is absent is not zero: the container never ran. Reasons that pass by themselves,
//! such as a registry that is busy, are told apart from those that do not.

use pilotage_aws::ecs::{Event, Task};
use pilotage_ecs_task::words::{remedy, words};
use pilotage_rollout::target::Failing;

/// The most units that are told.
const MOST: usize = 5;
/// The longest reason.
const LONGEST: usize = 600;
/// How many tasks must end in the same way before it counts as a loop.
const LOOP: usize = 3;

/// Units that ended, the newest first, for the deployment that they belong to.
pub fn failing(tasks: &[Task]) -> Vec<Failing> {
    let mut ended: Vec<&Task> = tasks.iter().filter(|task| is_failure(task)).collect();
    ended.sort_by_key(|task| std::cmp::Reverse(task.stopped_at));
    let loops = |task: &Task| {
        let ending = ending(task);
        ended.iter().filter(|other| self::ending(other) == ending).count() >= LOOP
    };
    ended.iter().take(MOST).map(|task| told(task, loops(task))).collect()
}

/// What the service itself has to say, where no task does: the newest word of what it cannot do.
pub fn unable(events: &[Event]) -> Option<Failing> {
    let says = |event: &&Event| event.message.contains("unable to");
    let event = events.iter().take(10).find(says)?;
    Some(Failing { unit: "service".into(), reason: cut(&event.message), hopeless: false })
}

/// A task that ECS itself has stopped, for there are newer ones, has not failed.
fn is_failure(task: &Task) -> bool {
    let code = task.stop_code.as_deref().unwrap_or_default();
    let is_planned = matches!(code, "ServiceSchedulerInitiated" | "UserInitiated");
    !is_planned || ending(task) == Ending::Unhealthy
}

/// How a task ended, as far as loops are told by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    OutOfMemory,
    Exit(i32),
    NotStarted,
    Unhealthy,
    Other,
}

fn ending(task: &Task) -> Ending {
    let words = words(task).to_ascii_lowercase();
    let exit = task.containers.iter().filter_map(|container| container.exit_code);
    if words.contains("outofmemory") {
        return Ending::OutOfMemory;
    }
    if words.contains("failed container health checks")
        || words.contains("failed elb health checks")
    {
        return Ending::Unhealthy;
    }
    if task.stop_code.as_deref() == Some("TaskFailedToStart") {
        return Ending::NotStarted;
    }
    exit.into_iter().find(|code| *code != 0).map_or(Ending::Other, Ending::Exit)
}

fn told(task: &Task, is_loop: bool) -> Failing {
    let words = words(task);
    let ending = ending(task);
    let remedy = remedy(&words).or_else(|| looping(ending, is_loop));
    let reason = match remedy {
        Some(remedy) => format!("{}; {remedy}", cut(&words)),
        None => cut(&words),
    };
    Failing { unit: task.id().into(), reason, hopeless: remedy.is_some() }
}

/// What a loop of the same end means. One that merely is not healthy may become so.
fn looping(ending: Ending, is_loop: bool) -> Option<&'static str> {
    match ending {
        Ending::OutOfMemory if is_loop => {
            Some("every task runs out of memory: raise `memory`, or find what needs so much")
        }
        Ending::Exit(_) if is_loop => {
            Some("every task ends like this: see what the container logs before it does")
        }
        _ => None,
    }
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn task(number: u32, code: &str, reason: &str, containers: &Value) -> Task {
        let told = json!({
            "taskArn": format!("arn:aws:ecs:x:1:task/shop/{number}"), "stopCode": code,
            "stoppedReason": reason, "stoppedAt": number, "containers": containers,
        });
        serde_json::from_value(told).expect("a task")
    }

    fn start(reason: &str) -> Failing {
        failing(&[task(1, "TaskFailedToStart", reason, &json!([]))]).remove(0)
    }

    #[test]
    fn what_cannot_heal_is_told_from_what_passes() {
        for (reason, hopeless) in [
            ("CannotPullContainerError: failed to resolve ref x: not found", true),
            ("CannotPullContainerError: pull access denied for x", true),
            ("CannotPullContainerError: toomanyrequests: Rate exceeded", false),
            ("CannotPullContainerError: dial tcp 1.2.3.4:443: i/o timeout", false),
            (
                "ResourceInitializationError: unable to pull secrets or registry auth: \
                 AccessDeniedException: User is not authorized",
                true,
            ),
            ("ResourceInitializationError: retrieved secret did not contain json key x", true),
            (
                "ResourceInitializationError: unable to pull secrets: context deadline exceeded",
                false,
            ),
            ("Capacity is unavailable at this time", false),
        ] {
            assert_eq!(start(reason).hopeless, hopeless, "{reason}");
        }
    }

    #[test]
    fn an_absent_exit_code_is_not_zero_and_is_said() {
        let containers = json!([{ "name": "web" }, { "name": "log", "exitCode": 0 }]);
        let told = failing(&[task(1, "TaskFailedToStart", "Timeout", &containers)]).remove(0);
        assert!(told.reason.contains("`web` has no exit code"), "{}", told.reason);
        assert!(!told.reason.contains("log"), "{}", told.reason);
    }

    #[test]
    fn running_out_of_memory_again_and_again_is_hopeless_and_once_is_not() {
        let reason = "OutOfMemoryError: Container killed due to memory usage";
        let containers = json!([{ "name": "web", "exitCode": 137, "reason": reason }]);
        let of = |count| {
            let tasks: Vec<Task> =
                (0..count).map(|n| task(n, "EssentialContainerExited", "x", &containers)).collect();
            failing(&tasks).remove(0)
        };
        assert!(!of(1).hopeless);
        assert!(of(3).hopeless && of(3).reason.contains("raise `memory`"));
    }

    #[test]
    fn what_ecs_stops_for_newer_ones_has_not_failed() {
        let containers = json!([{ "name": "web", "exitCode": 143 }]);
        let planned = task(1, "ServiceSchedulerInitiated", "Scaling activity", &containers);
        assert!(failing(&[planned]).is_empty());
        let words = "Task failed ELB health checks in (target-group x)";
        let unhealthy = task(1, "ServiceSchedulerInitiated", words, &containers);
        assert_eq!(failing(&[unhealthy]).len(), 1);
    }
}
