//! Task definitions: registered, described, listed, retired.

use serde_json::{Map, Value, json};

use super::answer::Refusal;
use super::fields::{Fields, page};
use super::tags;
use super::world::{Definition, PLACE, World, seconds};

/// What a registration may not say, because only an answer does.
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

/// A registration may say what this fake has never heard of: that is the point of copying it whole.
pub(super) fn register(world: &mut World, body: &Value) -> Result<Value, Refusal> {
    let mut document = body.as_object().cloned().unwrap_or_default();
    if let Some(wrong) = TOLD_ONLY.iter().find(|name| document.contains_key(**name)) {
        let message = format!("`{wrong}` is no parameter of a registration");
        return Err(Refusal::new("SerializationException", message));
    }
    let tags = document.remove("tags").map(|told| tags::read(&told)).transpose()?;
    let family = document.get("family").and_then(Value::as_str).unwrap_or_default().to_owned();
    if family.is_empty() {
        return Err(Refusal::client("Family should not be null or empty."));
    }
    check_containers(&document)?;
    let revisions = world.definitions.iter().filter(|definition| definition.family == family);
    let revision = revisions.map(|definition| definition.revision).max().unwrap_or(0) + 1;
    let arn = format!("arn:aws:ecs:{PLACE}:task-definition/{family}:{revision}");
    let registered_at = world.now;
    let tags = tags.unwrap_or_default();
    let made = Definition { arn, family, revision, document, tags, registered_at, is_active: true };
    world.definitions.push(made.clone());
    Ok(made.told(true))
}

fn check_containers(document: &Map<String, Value>) -> Result<(), Refusal> {
    let containers = document.get("containerDefinitions").and_then(Value::as_array);
    let containers = containers.map(Vec::as_slice).unwrap_or_default();
    let has = |container: &Value, name: &str| {
        container.get(name).and_then(Value::as_str).is_some_and(|text| !text.is_empty())
    };
    if containers.is_empty() {
        return Err(Refusal::client("Container list cannot be empty."));
    }
    if !containers.iter().all(|container| has(container, "name") && has(container, "image")) {
        return Err(Refusal::client("Container.image should not be null or empty."));
    }
    Ok(())
}

pub(super) fn describe(world: &World, body: &Value) -> Result<Value, Refusal> {
    let fields = Fields::of(body, &["taskDefinition", "include"])?;
    let found = world.definition(fields.need("taskDefinition")?)?;
    Ok(found.told(fields.has("include", "TAGS")))
}

pub(super) fn list(world: &World, body: &Value) -> Result<Value, Refusal> {
    let known = ["familyPrefix", "status", "sort", "nextToken", "maxResults"];
    let fields = Fields::of(body, &known)?;
    let wants_active = fields.text("status").is_none_or(|status| status == "ACTIVE");
    let family = fields.text("familyPrefix");
    let mut found: Vec<&Definition> = world
        .definitions
        .iter()
        .filter(|one| family.is_none_or(|family| one.family == family))
        .filter(|one| one.is_active == wants_active)
        .collect();
    found.sort_by(|one, other| (&one.family, one.revision).cmp(&(&other.family, other.revision)));
    if fields.text("sort") == Some("DESC") {
        found.reverse();
    }
    let arns: Vec<String> = found.iter().map(|one| one.arn.clone()).collect();
    let (arns, next) = page(&arns, &fields, 100)?;
    Ok(json!({ "taskDefinitionArns": arns, "nextToken": next }))
}

pub(super) fn deregister(world: &mut World, body: &Value) -> Result<Value, Refusal> {
    let fields = Fields::of(body, &["taskDefinition"])?;
    let arn = world.definition(fields.need("taskDefinition")?)?.arn.clone();
    let found = world.definitions.iter_mut().find(|one| one.arn == arn);
    let found = found.ok_or_else(|| Refusal::client("Unable to describe task definition."))?;
    found.is_active = false;
    Ok(found.told(false))
}

impl World {
    /// By ARN, or by family and revision. A family alone is a race, and refused.
    pub(super) fn definition(&self, name: &str) -> Result<&Definition, Refusal> {
        let is_it = |one: &&Definition| {
            one.arn == name || format!("{}:{}", one.family, one.revision) == name
        };
        let found = self.definitions.iter().find(is_it);
        found.ok_or_else(|| Refusal::client("Unable to describe task definition."))
    }

    /// One that may be run.
    pub(super) fn runnable(&self, name: &str) -> Result<&Definition, Refusal> {
        let found = self.definition(name)?;
        if found.is_active {
            return Ok(found);
        }
        Err(Refusal::client("TaskDefinition is inactive"))
    }
}

impl Definition {
    /// Family and revision.
    pub(super) fn name(&self) -> String {
        format!("{}:{}", self.family, self.revision)
    }

    /// Images of its containers.
    pub(super) fn images(&self) -> impl Iterator<Item = (&str, &str)> {
        let containers = self.document.get("containerDefinitions").and_then(Value::as_array);
        containers.into_iter().flatten().filter_map(|container| {
            Some((container.get("name")?.as_str()?, container.get("image")?.as_str()?))
        })
    }

    /// What a description says of it, with the defaults that ECS fills in.
    fn told(&self, with_tags: bool) -> Value {
        let mut told = self.document.clone();
        let status = if self.is_active { "ACTIVE" } else { "INACTIVE" };
        let own = json!({
            "taskDefinitionArn": self.arn,
            "revision": self.revision,
            "status": status,
            "registeredAt": seconds(self.registered_at),
            "registeredBy": "arn:aws:iam::000000000000:user/somebody",
            "requiresAttributes": [{ "name": "com.amazonaws.ecs.capability.task-eni" }],
            "compatibilities": ["EC2", "FARGATE"],
        });
        told.extend(own.as_object().cloned().unwrap_or_default());
        for list in ["volumes", "placementConstraints"] {
            told.entry(list).or_insert_with(|| json!([]));
        }
        for container in
            told.get_mut("containerDefinitions").and_then(Value::as_array_mut).into_iter().flatten()
        {
            fill(container);
        }
        let tags = if with_tags { tags::told(&self.tags) } else { json!([]) };
        json!({ "taskDefinition": told, "tags": tags })
    }
}

/// The defaults of a container.
fn fill(container: &mut Value) {
    let Some(container) = container.as_object_mut() else { return };
    container.entry("cpu").or_insert_with(|| json!(0));
    for list in ["portMappings", "environment", "mountPoints", "volumesFrom", "systemControls"] {
        container.entry(list).or_insert_with(|| json!([]));
    }
    container.entry("essential").or_insert_with(|| json!(true));
    for port in
        container.get_mut("portMappings").and_then(Value::as_array_mut).into_iter().flatten()
    {
        if let Some(port) = port.as_object_mut() {
            let number = port.get("containerPort").cloned().unwrap_or_default();
            port.entry("hostPort").or_insert(number);
            port.entry("protocol").or_insert_with(|| json!("tcp"));
        }
    }
}
