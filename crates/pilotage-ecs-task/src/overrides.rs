//! What is other than in the task definition, for one task.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// What is other for one task.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// By the name of the container.
    pub containers: BTreeMap<String, ContainerOverride>,
    /// CPU units of the whole task, as ECS writes them, such as `1024`.
    pub cpu: Option<String>,
    /// Memory of the whole task in MiB, as ECS writes it, such as `2048`.
    pub memory: Option<String>,
}

/// What is other for one container. What is absent is as in the task definition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContainerOverride {
    /// The command; the entry point of the image stays what it is.
    pub command: Option<Vec<String>>,
    /// Variables, beside those of the task definition. They can be read by whoever may describe tasks:
    /// a secret does not belong here.
    pub environment: BTreeMap<String, String>,
    /// CPU units.
    pub cpu: Option<u32>,
    /// The most memory in MiB.
    pub memory: Option<u32>,
    /// The memory that is kept for it, in MiB.
    pub memory_reservation: Option<u32>,
}

impl Overrides {
    /// The same as the API writes it, without what is not said.
    pub(crate) fn document(&self) -> Value {
        let containers = self.containers.iter().filter(|(_, other)| other.says_something());
        let containers: Vec<Value> = containers.map(|(name, other)| other.document(name)).collect();
        let mut document = Map::new();
        if !containers.is_empty() {
            document.insert("containerOverrides".into(), containers.into());
        }
        put(&mut document, "cpu", self.cpu.as_deref().map(Value::from));
        put(&mut document, "memory", self.memory.as_deref().map(Value::from));
        Value::Object(document)
    }
}

impl ContainerOverride {
    fn says_something(&self) -> bool {
        *self != Self::default()
    }

    fn document(&self, name: &str) -> Value {
        let mut document = Map::new();
        document.insert("name".into(), name.into());
        put(&mut document, "command", self.command.clone().map(Value::from));
        let pair = |(name, value): (&String, &String)| json!({ "name": name, "value": value });
        if !self.environment.is_empty() {
            document.insert("environment".into(), self.environment.iter().map(pair).collect());
        }
        put(&mut document, "cpu", self.cpu.map(Value::from));
        put(&mut document, "memory", self.memory.map(Value::from));
        put(&mut document, "memoryReservation", self.memory_reservation.map(Value::from));
        Value::Object(document)
    }
}

fn put(document: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    if let Some(value) = value {
        document.insert(name.into(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_said_is_sent() {
        assert_eq!(Overrides::default().document(), json!({}));
        let web = ContainerOverride {
            command: Some(vec!["migrate".into()]),
            environment: BTreeMap::from([("A".into(), "1".into())]),
            cpu: Some(256),
            ..ContainerOverride::default()
        };
        let none = ContainerOverride::default();
        let containers = BTreeMap::from([("web".into(), web), ("log".into(), none)]);
        let all = Overrides { containers, cpu: None, memory: Some("2048".into()) };
        let sent = json!({ "memory": "2048", "containerOverrides": [{ "name": "web", "cpu": 256,
            "command": ["migrate"], "environment": [{ "name": "A", "value": "1" }] }] });
        assert_eq!(all.document(), sent);
    }
}
