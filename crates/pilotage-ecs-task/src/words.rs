//! What ECS says of the end of a task, in one line, and what helps.

use pilotage_aws::ecs::{Container, Task};

/// What is known of a cause: words that tell it, and what helps.
struct Cause {
    all: &'static [&'static str],
    any: &'static [&'static str],
    remedy: &'static str,
}

/// Causes that no waiting heals.
const HOPELESS: &[Cause] = &[
    Cause {
        all: &["cannotpullcontainer"],
        any: &["not found", "manifest unknown", "does not exist", "no such image"],
        remedy: "the image is not there: push it to this account and region, or correct its digest",
    },
    Cause {
        all: &["cannotpullcontainer"],
        any: &["no matching manifest", "platform"],
        remedy: "the image is not built for this architecture: build it for the task's \
                 `runtimePlatform`",
    },
    Cause {
        all: &["cannotpullcontainer"],
        any: &["403 forbidden", "access denied", "accessdenied", "not authorized"],
        remedy: "the execution role may not pull it: allow `ecr:BatchGetImage` and \
                 `ecr:GetDownloadUrlForLayer`, also in the repository's policy",
    },
    Cause {
        all: &["resourceinitializationerror", "secret"],
        any: &["accessdenied", "not authorized"],
        remedy: "the execution role may not read a secret: allow `secretsmanager:GetSecretValue` or \
                 `ssm:GetParameters`, and `kms:Decrypt` for a key of your own",
    },
    Cause {
        all: &["resourceinitializationerror"],
        any: &["did not contain json key", "invalid ssm parameters", "resourcenotfound"],
        remedy: "a secret that the task definition names is not there: create it, or correct its name \
                 or its JSON key",
    },
    Cause {
        all: &["cannotstartcontainer"],
        any: &["executable file not found", "no such file", "exec format error"],
        remedy: "the command is not in the image, or not for this architecture",
    },
];

/// What helps against what was said, if it is something that no waiting heals.
pub fn remedy(said: &str) -> Option<&'static str> {
    let said = said.to_ascii_lowercase();
    HOPELESS.iter().find(|cause| cause.fits(&said)).map(|cause| cause.remedy)
}

impl Cause {
    fn fits(&self, words: &str) -> bool {
        self.all.iter().all(|word| words.contains(word))
            && self.any.iter().any(|word| words.contains(word))
    }
}

/// Everything that is said about the end of a task, once.
pub fn words(task: &Task) -> String {
    let reason = task.stopped_reason.as_deref().unwrap_or("ECS gives no reason");
    let mut words = match &task.stop_code {
        Some(code) => format!("{code}: {reason}"),
        None => reason.to_owned(),
    };
    for container in &task.containers {
        let told = of_container(container, reason);
        if !told.is_empty() {
            words.push_str("; ");
            words.push_str(&told);
        }
    }
    words
}

fn of_container(container: &Container, said: &str) -> String {
    let name = &container.name;
    let reason = container.reason.as_deref().filter(|reason| *reason != said && !reason.is_empty());
    match (container.exit_code, reason) {
        (Some(0), None) => String::new(),
        (Some(code), None) => format!("container `{name}` ended with {}", in_words(code)),
        (Some(code), Some(reason)) => {
            format!("container `{name}` ended with {}: {reason}", in_words(code))
        }
        (None, Some(reason)) => format!("container `{name}` has no exit code: {reason}"),
        (None, None) => format!("container `{name}` has no exit code"),
    }
}

/// An exit code, with the signal that it stands for.
pub fn in_words(code: i32) -> String {
    let signal = match code - 128 {
        2 => "SIGINT",
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL: out of memory, or too slow to end",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        15 => "SIGTERM",
        _ => return code.to_string(),
    };
    format!("{code} ({signal})")
}
