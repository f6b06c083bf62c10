//! How a task came to its end, told from its last description.
//!
//! Others take what is not there for zero, read the code of whichever container is listed first, or
//! believe the codes of a task that somebody stopped. Each has been a migration that did not happen.

use pilotage_aws::ecs::Task;

use crate::words::{remedy, words};

/// What ECS calls a task that ended because a container did.
const BY_ITSELF: &str = "EssentialContainerExited";

/// How a task came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// By itself, and every container that counts has ended with 0.
    Succeeded,
    /// By itself, and a container that counts has ended with another code.
    Failed {
        /// The code of the first of them.
        code: i32,
    },
    /// A container that counts has no code: it never started, or nobody saw how it ended.
    NoCode,
    /// Somebody, or the platform, has stopped it.
    Stopped,
}

/// A task that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Its ARN.
    pub arn: String,
    /// How.
    pub ending: Ending,
    /// The codes of the containers that count, by their names.
    pub codes: Vec<(String, Option<i32>)>,
    /// What ECS says of it, and what helps.
    pub words: String,
}

impl Ended {
    /// What a description of a stopped task says, where these containers count.
    pub fn of(task: &Task, counted: &[String]) -> Self {
        let code = |name: &String| {
            let container = task.containers.iter().find(|container| container.name == *name);
            (name.clone(), container.and_then(|container| container.exit_code))
        };
        let codes: Vec<_> = counted.iter().map(code).collect();
        let ending = ending(task, &codes);
        let words = advised(task, ending, &codes);
        Self { arn: task.arn.clone(), ending, codes, words }
    }
}

fn ending(task: &Task, codes: &[(String, Option<i32>)]) -> Ending {
    let is_stopped = |code: &str| !matches!(code, BY_ITSELF | "TaskFailedToStart" | "");
    if task.stop_code.as_deref().is_some_and(is_stopped) {
        return Ending::Stopped;
    }
    let failed = codes.iter().find_map(|(_, code)| code.filter(|code| *code != 0));
    match failed {
        Some(code) => Ending::Failed { code },
        None if task.stop_code.as_deref() != Some(BY_ITSELF) => Ending::NoCode,
        None if codes.iter().any(|(_, code)| code.is_none()) => Ending::NoCode,
        None => Ending::Succeeded,
    }
}

fn advised(task: &Task, ending: Ending, codes: &[(String, Option<i32>)]) -> String {
    let mut words = words(task);
    let killed = |(_, code): &(String, Option<i32>)| matches!(code, Some(137 | 143));
    let done = codes.iter().find(|(_, code)| *code == Some(0));
    let advice = match (remedy(&words), done) {
        (Some(remedy), _) => remedy.to_owned(),
        // ECS ends the others as soon as one that is essential has ended.
        (None, Some((name, _))) if ending != Ending::Succeeded && codes.iter().any(killed) => {
            format!("the others were ended with it: if `{name}` is the one that counts, name it")
        }
        _ => return words,
    };
    words.push_str("; ");
    words.push_str(&advice);
    words
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn of(code: &str, containers: &Value, counted: &[&str]) -> Ended {
        let task = json!({ "taskArn": "a", "stopCode": code, "stoppedReason": "Essential container \
            in task exited", "containers": containers });
        let task: Task = serde_json::from_value(task).expect("a task");
        let counted: Vec<String> = counted.iter().map(ToString::to_string).collect();
        Ended::of(&task, &counted)
    }

    fn exits(code: &str, exit: &Value) -> Ending {
        of(code, &json!([{ "name": "web", "exitCode": exit }]), &["web"]).ending
    }

    #[test]
    fn only_a_zero_that_is_there_is_success() {
        assert_eq!(exits(BY_ITSELF, &json!(0)), Ending::Succeeded);
        assert_eq!(exits(BY_ITSELF, &json!(3)), Ending::Failed { code: 3 });
        assert_eq!(exits(BY_ITSELF, &Value::Null), Ending::NoCode);
        assert_eq!(of(BY_ITSELF, &json!([]), &["web"]).ending, Ending::NoCode);
        assert_eq!(exits("TaskFailedToStart", &Value::Null), Ending::NoCode);
    }

    #[test]
    fn what_did_not_end_by_itself_has_not_succeeded_whatever_its_codes_say() {
        for code in ["UserInitiated", "SpotInterruption", "TerminationNotice", "Invented2031"] {
            assert_eq!(exits(code, &json!(0)), Ending::Stopped, "{code}");
        }
        for code in ["", "TaskFailedToStart"] {
            assert_eq!(exits(code, &json!(0)), Ending::NoCode, "{code}");
        }
    }

    #[test]
    fn codes_belong_to_names_and_not_to_places() {
        let containers =
            json!([{ "name": "log", "exitCode": 0 }, { "name": "web", "exitCode": 3 }]);
        assert_eq!(of(BY_ITSELF, &containers, &["web"]).ending, Ending::Failed { code: 3 });
        assert_eq!(of(BY_ITSELF, &containers, &["log"]).ending, Ending::Succeeded);
    }

    #[test]
    fn who_was_ended_with_another_is_told_of() {
        let containers =
            json!([{ "name": "job", "exitCode": 0 }, { "name": "log", "exitCode": 137 }]);
        let ended = of(BY_ITSELF, &containers, &["job", "log"]);
        assert_eq!(ended.ending, Ending::Failed { code: 137 });
        assert!(ended.words.contains("SIGKILL"), "{}", ended.words);
        assert!(
            ended.words.ends_with("if `job` is the one that counts, name it"),
            "{}",
            ended.words
        );
    }
}
