//! What a task definition contains, whoever has registered it and however it is written.
//!
//! ECS fills in defaults when it describes what was registered, and lists may come in another order.
//! Two documents that mean the same have one digest, so that a deploy that would change nothing is
//! recognised before anything is written. What is not known here counts as it is written: a
//! difference too many leads to one deployment too many, never to one that is left out.

use pilotage_artifact::Digest;
use pilotage_aws::ecs::Draft;
use serde_json::{Map, Value};

/// Lists whose order means nothing, and the field by which they are sorted.
const UNORDERED: [(&str, &str); 4] = [
    ("containerDefinitions", "name"),
    ("environment", "name"),
    ("secrets", "name"),
    ("volumes", "name"),
];

/// The digest of what the task definition means. Its family is its place and no part of it.
pub fn digest(draft: &Draft) -> Digest {
    let mut document = draft.document().clone();
    document.remove("family");
    let meaning = normal(Value::Object(document));
    Digest::of(meaning.to_string().as_bytes())
}

fn normal(value: Value) -> Value {
    match value {
        Value::Object(fields) => Value::Object(object(fields)),
        Value::Array(entries) => entries.into_iter().map(normal).collect(),
        other => other,
    }
}

fn object(fields: Map<String, Value>) -> Map<String, Value> {
    let host_port_is_default = fields.get("hostPort") == fields.get("containerPort");
    let is_container = fields.contains_key("image") && fields.contains_key("name");
    let is_default = |name: &str, value: &Value| match name {
        "hostPort" => host_port_is_default,
        "protocol" => value == "tcp",
        "essential" => is_container && *value == Value::Bool(true),
        "cpu" => is_container && *value == 0,
        _ => false,
    };
    let mut kept = Map::new();
    for (name, value) in fields {
        let value = sorted(&name, normal(value));
        if !is_nothing(&value) && !is_default(&name, &value) {
            kept.insert(name, value);
        }
    }
    kept
}

fn sorted(name: &str, mut value: Value) -> Value {
    let by = UNORDERED.iter().find(|(list, _)| *list == name).map(|(_, by)| by);
    if let (Some(by), Some(entries)) = (by, value.as_array_mut()) {
        let key = |entry: &Value| entry.get(by).map(ToString::to_string);
        entries.sort_by_key(key);
    }
    value
}

/// Absent and empty are the same to ECS, but an empty text is a value.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(entries) => entries.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(document: Value) -> Digest {
        let Value::Object(document) = document else { panic!("an object") };
        digest(&Draft::new(document))
    }

    #[test]
    fn what_ecs_fills_in_changes_nothing() {
        let written = json!({ "family": "web", "containerDefinitions": [
            { "name": "b", "image": "x", "portMappings": [{ "containerPort": 80 }],
              "environment": [{ "name": "B", "value": "" }, { "name": "A", "value": "1" }] },
            { "name": "a", "image": "y" },
        ]});
        let told = json!({ "family": "other", "revision": 4, "volumes": [], "taskRoleArn": null,
            "placementConstraints": [], "status": "ACTIVE", "containerDefinitions": [
            { "name": "a", "image": "y", "cpu": 0, "essential": true, "mountPoints": [] },
            { "name": "b", "image": "x", "cpu": 0, "essential": true, "environment":
              [{ "name": "A", "value": "1" }, { "name": "B", "value": "" }],
              "portMappings": [{ "containerPort": 80, "hostPort": 80, "protocol": "tcp" }] },
        ]});
        assert_eq!(of(written), of(told));
    }

    #[test]
    fn what_means_something_else_is_something_else() {
        let with = |change: fn(&mut Value)| {
            let mut document = json!({ "cpu": "256", "containerDefinitions": [
                { "name": "a", "image": "y", "command": ["x", "y"],
                  "portMappings": [{ "containerPort": 80 }] }] });
            change(&mut document);
            of(document)
        };
        let plain = with(|_| {});
        let different: [fn(&mut Value); 6] = [
            |it| it["containerDefinitions"][0]["image"] = json!("z"),
            |it| it["containerDefinitions"][0]["essential"] = json!(false),
            |it| it["containerDefinitions"][0]["command"] = json!(["y", "x"]),
            |it| it["containerDefinitions"][0]["portMappings"][0]["hostPort"] = json!(8080),
            |it| it["cpu"] = json!("512"),
            |it| it["invented2031"] = json!({ "on": false }),
        ];
        for change in different {
            assert_ne!(with(change), plain);
        }
    }
}
