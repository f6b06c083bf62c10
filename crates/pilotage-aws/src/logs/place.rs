//! Where the containers of a task write, by their task definition.

use serde_json::{Map, Value};

/// A stream of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogStream {
    /// The region; that of the session if absent.
    pub region: Option<String>,
    /// The group.
    pub group: String,
    /// The stream in it.
    pub stream: String,
}

/// Why the words of a container cannot be read here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unlogged {
    /// It has no log driver.
    #[error("it has no `logConfiguration`: set the driver `awslogs` in its task definition")]
    NoDriver,
    /// Its log goes elsewhere.
    #[error("its log goes through the driver `{driver}`, which is not read here")]
    Elsewhere {
        /// Through what.
        driver: String,
    },
    /// It says not enough of where it writes.
    #[error(
        "its `logConfiguration` lacks `{option}`, without which nobody knows its stream: add it"
    )]
    Lacks {
        /// What is missing.
        option: &'static str,
    },
}

/// Where each container of a task writes, in the order of its task definition. The stream of a task is
/// made when a container first says something, and never if it did not start.
pub fn streams(
    definition: &Map<String, Value>,
    task: &str,
) -> Vec<(String, Result<LogStream, Unlogged>)> {
    let containers = definition.get("containerDefinitions").and_then(Value::as_array);
    let name = |container: &Value| Some(container.get("name")?.as_str()?.to_owned());
    let stream = |container: &Value| {
        let name = name(container)?;
        let stream = stream(container, &name, task);
        Some((name, stream))
    };
    containers.into_iter().flatten().filter_map(stream).collect()
}

fn stream(container: &Value, name: &str, task: &str) -> Result<LogStream, Unlogged> {
    let said = |pointer: &str| container.pointer(pointer).and_then(Value::as_str);
    match said("/logConfiguration/logDriver") {
        None => return Err(Unlogged::NoDriver),
        Some("awslogs") => {}
        Some(driver) => return Err(Unlogged::Elsewhere { driver: driver.into() }),
    }
    let option = |option: &'static str| {
        let value = said(&format!("/logConfiguration/options/{option}"));
        value.filter(|value| !value.is_empty()).ok_or(Unlogged::Lacks { option })
    };
    let prefix = option("awslogs-stream-prefix")?;
    Ok(LogStream {
        region: option("awslogs-region").ok().map(Into::into),
        group: option("awslogs-group")?.into(),
        stream: format!("{prefix}/{name}/{task}"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(log: &Value) -> Result<LogStream, Unlogged> {
        let definition = json!({ "containerDefinitions": [
            { "name": "web", "logConfiguration": log }] });
        let all = streams(definition.as_object().expect("an object"), "7");
        let [(name, stream)] = all.try_into().expect("one container");
        assert_eq!(name, "web");
        stream
    }

    #[test]
    fn a_stream_is_named_by_prefix_container_and_task() {
        let log = json!({ "logDriver": "awslogs", "options": { "awslogs-group": "/ecs/shop",
            "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "shop" } });
        let stream = LogStream {
            region: Some("eu-west-1".into()),
            group: "/ecs/shop".into(),
            stream: "shop/web/7".into(),
        };
        assert_eq!(of(&log), Ok(stream));
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        assert_eq!(of(&Value::Null), Err(Unlogged::NoDriver));
        let elsewhere = of(&json!({ "logDriver": "splunk" })).expect_err("elsewhere");
        assert!(elsewhere.to_string().contains("`splunk`"), "{elsewhere}");
        let bare = json!({ "logDriver": "awslogs", "options": { "awslogs-group": "g" } });
        assert_eq!(of(&bare), Err(Unlogged::Lacks { option: "awslogs-stream-prefix" }));
        let no_group =
            json!({ "logDriver": "awslogs", "options": { "awslogs-stream-prefix": "p" } });
        assert_eq!(of(&no_group), Err(Unlogged::Lacks { option: "awslogs-group" }));
    }
}
