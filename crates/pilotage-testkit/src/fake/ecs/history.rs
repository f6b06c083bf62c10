//! What was deployed before.

use serde_json::{Value, json};

use super::answer::Refusal;
use super::fields::{Fields, page};
use super::world::{PLACE, Past, World, seconds};

pub(super) fn list(world: &World, body: &Value) -> Result<Value, Refusal> {
    let known = ["cluster", "service", "status", "createdAt", "nextToken", "maxResults"];
    let fields = Fields::of(body, &known)?;
    world.check_cluster(&fields)?;
    let Some((name, service)) = world.services.get_key_value(fields.need("service")?) else {
        return Err(Refusal::new("ServiceNotFoundException", "Service not found."));
    };
    let wanted =
        |past: &&Past| fields.value("status").is_none() || fields.has("status", past.status);
    let told: Vec<Value> =
        service.past.iter().rev().filter(wanted).map(|past| told(world, name, past)).collect();
    let (told, next) = page(&told, &fields, 100)?;
    Ok(json!({ "serviceDeployments": told, "nextToken": next }))
}

pub(super) fn revisions(world: &World, body: &Value) -> Result<Value, Refusal> {
    let fields = Fields::of(body, &["serviceRevisionArns"])?;
    let (mut found, mut failures) = (Vec::new(), Vec::new());
    for arn in fields.list("serviceRevisionArns", 20)? {
        let all = world.services.iter();
        let mut all =
            all.flat_map(|(name, service)| service.past.iter().map(move |past| (name, past)));
        match all.find(|(name, past)| target(world, name, past) == arn) {
            Some((_, past)) => found.push(revision(world, arn, past)),
            None => failures.push(json!({ "arn": arn, "reason": "MISSING" })),
        }
    }
    Ok(json!({ "serviceRevisions": found, "failures": failures }))
}

fn told(world: &World, name: &str, past: &Past) -> Value {
    json!({
        "serviceDeploymentArn": arn(world, name, past),
        "serviceArn": format!("arn:aws:ecs:{PLACE}:service/{}/{name}", world.cluster),
        "targetServiceRevisionArn": target(world, name, past),
        "status": past.status,
        "createdAt": seconds(past.created_at),
    })
}

/// The name of a record.
pub(super) fn arn(world: &World, name: &str, past: &Past) -> String {
    format!("arn:aws:ecs:{PLACE}:service-deployment/{}/{name}/{}", world.cluster, past.number)
}

fn target(world: &World, name: &str, past: &Past) -> String {
    format!("arn:aws:ecs:{PLACE}:service-revision/{}/{name}/{}", world.cluster, past.number)
}

fn revision(world: &World, arn: &str, past: &Past) -> Value {
    let images: Vec<Value> = world.definition(&past.definition).map_or_else(
        |_| Vec::new(),
        |found| {
            let image = |(name, image): (&str, &str)| {
                let digest = image.split_once('@').map(|(_, digest)| digest);
                json!({ "containerName": name, "image": image, "imageDigest": digest })
            };
            found.images().map(image).collect()
        },
    );
    json!({
        "serviceRevisionArn": arn,
        "taskDefinition": past.definition,
        "containerImages": images,
        "createdAt": seconds(past.created_at),
    })
}
