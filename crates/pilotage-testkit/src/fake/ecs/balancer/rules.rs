//! Rules: described and changed. A change replaces everything that a rule does.

use serde_json::{Value, json};

use super::super::answer::Refusal;
use super::super::fields::Fields;
use super::super::world::World;
use super::{Rule, is_public};

/// The most groups that one rule divides among, and the greatest weight.
const MOST: usize = 5;
const HEAVIEST: u16 = 999;

pub(super) fn describe(world: &World, body: &Value) -> Result<Value, Refusal> {
    let fields = Fields::of(body, &["RuleArns"])?;
    let rules: Result<Vec<Value>, Refusal> =
        fields.list("RuleArns", 100)?.into_iter().map(|arn| rule(world, arn)).collect();
    Ok(json!({ "Rules": rules? }))
}

fn rule(world: &World, arn: &str) -> Result<Value, Refusal> {
    let rule = found(world, arn, "RuleNotFound", "listener-rule/")?;
    Ok(json!({ "RuleArn": arn, "Priority": "10", "IsDefault": "false", "Actions": [told(rule)] }))
}

pub(super) fn describe_listeners(world: &World, body: &Value) -> Result<Value, Refusal> {
    let fields = Fields::of(body, &["ListenerArns"])?;
    let listener = |arn: &str| {
        let rule = found(world, arn, "ListenerNotFound", "listener/")?;
        Ok(json!({ "ListenerArn": arn, "Port": "80", "DefaultActions": [told(rule)] }))
    };
    let listeners: Result<Vec<Value>, Refusal> =
        fields.list("ListenerArns", 100)?.into_iter().map(listener).collect();
    Ok(json!({ "Listeners": listeners? }))
}

pub(super) fn modify(world: &mut World, body: &Value) -> Result<Value, Refusal> {
    let fields = Fields::of(body, &["RuleArn", "Actions"])?;
    let arn = fields.need("RuleArn")?;
    found(world, arn, "RuleNotFound", "listener-rule/")?;
    replace(world, arn, fields.value("Actions"))?;
    Ok(json!({ "Rules": [rule(world, arn)?] }))
}

pub(super) fn modify_listener(world: &mut World, body: &Value) -> Result<Value, Refusal> {
    let fields = Fields::of(body, &["ListenerArn", "DefaultActions"])?;
    let arn = fields.need("ListenerArn")?;
    found(world, arn, "ListenerNotFound", "listener/")?;
    replace(world, arn, fields.value("DefaultActions"))?;
    Ok(json!({ "Listeners": [] }))
}

fn found<'w>(
    world: &'w World,
    arn: &str,
    code: &'static str,
    kind: &str,
) -> Result<&'w Rule, Refusal> {
    let rule = world.balancer.rules.get(arn).filter(|_| arn.contains(&format!(":{kind}")));
    rule.ok_or_else(|| Refusal::new(code, format!("'{arn}' was not found")))
}

fn told(rule: &Rule) -> Value {
    let tuple = |(group, weight): &(String, u16)| json!({ "TargetGroupArn": group, "Weight": weight.to_string() });
    let groups: Vec<Value> = rule.weights.iter().map(tuple).collect();
    let sticky = match rule.sticky {
        Some(seconds) => json!({ "Enabled": "true", "DurationSeconds": seconds.to_string() }),
        None => json!({ "Enabled": "false" }),
    };
    let config = json!({ "TargetGroups": groups, "TargetGroupStickinessConfig": sticky });
    let mut action = json!({ "Type": "forward", "Order": "1", "ForwardConfig": config });
    if let ([(only, _)], Some(action)) = (rule.weights.as_slice(), action.as_object_mut()) {
        action.insert("TargetGroupArn".into(), json!(only));
    }
    action
}

fn replace(world: &mut World, arn: &str, actions: Option<&Value>) -> Result<(), Refusal> {
    let Some([action]) = actions.and_then(Value::as_array).map(Vec::as_slice) else {
        return Err(Refusal::new("ValidationError", "there must be one action that forwards"));
    };
    let new = read(world, action)?;
    note(world, arn, &new);
    world.balancer.rules.insert(arn.into(), new);
    Ok(())
}

fn read(world: &World, action: &Value) -> Result<Rule, Refusal> {
    let invalid = |message: &str| Refusal::new("ValidationError", message);
    let fields = Fields::of(action, &["Type", "Order", "ForwardConfig"])?;
    if fields.need("Type")? != "forward" {
        return Err(invalid("the fake's rules forward, and nothing else"));
    }
    let config =
        fields.value("ForwardConfig").ok_or_else(|| invalid("ForwardConfig is missing"))?;
    let config = Fields::of(config, &["TargetGroups", "TargetGroupStickinessConfig"])?;
    let groups = config.value("TargetGroups").and_then(Value::as_array);
    let groups = groups.map(Vec::as_slice).unwrap_or_default();
    if groups.is_empty() || groups.len() > MOST {
        return Err(Refusal::new("TooManyTargets", "a rule has one to five target groups"));
    }
    let weights: Vec<(String, u16)> =
        groups.iter().map(|told| weight(world, told)).collect::<Result<_, _>>()?;
    if weights.iter().all(|(_, weight)| *weight == 0) {
        return Err(invalid("at least one target group must have a weight"));
    }
    let sticky = config.value("TargetGroupStickinessConfig").map(stickiness).transpose()?.flatten();
    Ok(Rule { weights, sticky, ..Rule::default() })
}

fn weight(world: &World, told: &Value) -> Result<(String, u16), Refusal> {
    let fields = Fields::of(told, &["TargetGroupArn", "Weight"])?;
    let group = fields.need("TargetGroupArn")?;
    world.group(group)?;
    let weight = fields.need("Weight")?.parse().ok().filter(|weight| *weight <= HEAVIEST);
    let range = || Refusal::new("ValidationError", "a weight is between 0 and 999");
    Ok((group.into(), weight.ok_or_else(range)?))
}

fn stickiness(told: &Value) -> Result<Option<u32>, Refusal> {
    let fields = Fields::of(told, &["Enabled", "DurationSeconds"])?;
    let seconds = fields.text("DurationSeconds").and_then(|seconds| seconds.parse().ok());
    Ok(seconds.filter(|_| fields.text("Enabled") == Some("true")))
}

/// Weight for a group in which nothing is healthy loses requests. AWS does not mind.
fn note(world: &mut World, arn: &str, new: &Rule) {
    if !is_public(arn) {
        return;
    }
    let old = world.balancer.rules.get(arn).cloned().unwrap_or_default();
    let had = |group: &str| old.weights.iter().any(|(of, by)| of == group && *by > 0);
    for (group, weight) in &new.weights {
        if *weight > 0 && !had(group) && world.healthy(group) == 0 {
            world.balancer.breaches.push(format!("`{group}` gets traffic and is not healthy"));
        }
    }
}
