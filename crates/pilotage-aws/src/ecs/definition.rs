//! Task definitions, as documents: what this crate does not know of them is kept.

use std::collections::BTreeMap;

use aws_sdk_ecs::types::{TaskDefinitionField, TaskDefinitionStatus};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Ecs;
use super::ask::asked;
use super::launch::replace;
use super::once;
use super::tagging::labels;
use crate::failure::{Call, Failure, failed};
use crate::raw::Raw;

/// What an answer says of a task definition that a request must not.
const TOLD_ONLY: [&str; 9] = [
    "compatibilities",
    "deleteRequestedAt",
    "deregisteredAt",
    "registeredAt",
    "registeredBy",
    "requiresAttributes",
    "revision",
    "status",
    "taskDefinitionArn",
];

/// A task definition as it was described.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskDefinition {
    /// Its ARN, with its revision.
    pub arn: String,
    /// Whether it may still be run: `ACTIVE`, or what becomes of one that is deregistered.
    pub status: String,
    /// All that can be registered again.
    pub draft: Draft,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

/// The document of a task definition that is yet to be registered: everything but what only an answer
/// can say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft(Map<String, Value>);

impl Draft {
    /// A draft from a document, which may be the answer to a description.
    pub fn new(mut document: Map<String, Value>) -> Self {
        document.retain(|name, _| !TOLD_ONLY.contains(&name.as_str()));
        Self(document)
    }

    /// The document.
    pub const fn document(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The same with a change.
    pub fn with(mut self, change: impl FnOnce(&mut Map<String, Value>)) -> Self {
        change(&mut self.0);
        Self::new(self.0)
    }

    /// The name that its revisions share; empty if it has none.
    pub fn family(&self) -> &str {
        self.0.get("family").and_then(Value::as_str).unwrap_or_default()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Described {
    task_definition: Map<String, Value>,
    #[serde(default, deserialize_with = "labels")]
    tags: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    #[serde(default)]
    task_definition_arns: Vec<String>,
}

impl Ecs {
    /// A task definition with its tags, by its ARN.
    pub async fn definition(&self, arn: &str) -> Result<TaskDefinition, Failure> {
        let call = Call::new("ecs:DescribeTaskDefinition", format!("`{arn}`"));
        let asked = self.client.describe_task_definition().task_definition(arn);
        let asked = asked.include(TaskDefinitionField::Tags);
        let described: Described = asked!(call.clone(), asked)?;
        definition(described).map_err(|said| Failure::unreadable(call, said))
    }

    /// Registers a new revision with these tags, exactly as it is written.
    pub async fn register(
        &self,
        draft: &Draft,
        tags: &BTreeMap<String, String>,
    ) -> Result<TaskDefinition, Failure> {
        let call = || Call::new("ecs:RegisterTaskDefinition", format!("`{}`", draft.family()));
        let body = body(draft, tags);
        let raw = Raw::default();
        let asked = self.client.register_task_definition().family(draft.family());
        let asked = asked.set_container_definitions(Some(Vec::new())).customize();
        let asked = asked.config_override(once()).interceptor(raw.clone());
        let asked = asked.mutate_request(move |request| replace(request, &body));
        asked.send().await.map_err(|error| failed(call(), error))?;
        let told = super::ask::read(&raw.take()).and_then(definition);
        told.map_err(|said| Failure::unreadable(call(), said))
    }

    /// The newest revisions of a family that may be run, newest first.
    pub async fn revisions_of(&self, family: &str, most: u8) -> Result<Vec<String>, Failure> {
        let call = Call::new("ecs:ListTaskDefinitions", format!("the family `{family}`"));
        let asked = self.client.list_task_definitions().family_prefix(family);
        let asked = asked.status(TaskDefinitionStatus::Active).max_results(most.into());
        let asked = asked.sort(aws_sdk_ecs::types::SortOrder::Desc);
        let Listed { task_definition_arns } = asked!(call, asked)?;
        Ok(task_definition_arns)
    }

    /// Retires a revision: what runs goes on, and nothing new can be run from it.
    pub async fn deregister(&self, arn: &str) -> Result<(), Failure> {
        let call = Call::new("ecs:DeregisterTaskDefinition", format!("`{arn}`"));
        let asked = self.client.deregister_task_definition().task_definition(arn);
        let answer: Result<Value, Failure> = super::ask::sent!(call, asked);
        answer.map(|_| ())
    }
}

fn definition(described: Described) -> Result<TaskDefinition, String> {
    let Described { task_definition: document, tags } = described;
    let text = |name: &str| document.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    let Some(arn) = text("taskDefinitionArn") else {
        return Err("the task definition has no ARN".into());
    };
    let status = text("status").unwrap_or_default();
    Ok(TaskDefinition { arn, status, draft: Draft::new(document), tags })
}

/// The body of a registration. Tags stand beside the definition's own fields.
fn body(draft: &Draft, tags: &BTreeMap<String, String>) -> Vec<u8> {
    let mut document = draft.document().clone();
    if !tags.is_empty() {
        let tags = tags.iter().map(|(key, value)| json!({ "key": key, "value": value }));
        document.insert("tags".into(), tags.collect());
    }
    Value::Object(document).to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_an_answer_can_say_is_left_out_and_what_is_unknown_is_kept() {
        let told = json!({
            "taskDefinitionArn": "arn:x", "revision": 7, "status": "ACTIVE", "family": "web",
            "requiresAttributes": [], "compatibilities": [], "registeredAt": 1.5,
            "registeredBy": "x", "deregisteredAt": 2, "deleteRequestedAt": 3,
            "invented2031": { "deep": [1] },
        });
        let Value::Object(told) = told else { panic!("an object") };
        let draft = Draft::new(told);
        let names: Vec<&str> = draft.document().keys().map(String::as_str).collect();
        assert_eq!(names, ["family", "invented2031"]);
        let body = body(&draft, &BTreeMap::from([("a".into(), "b".into())]));
        let body: Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(body["tags"], json!([{ "key": "a", "value": "b" }]));
        assert_eq!(body["invented2031"], json!({ "deep": [1] }));
    }
}
