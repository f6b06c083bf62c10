//! The load balancer before the services: rules with weights, groups of targets, and their health.
//!
//! It is stricter than AWS where AWS is lax. Weights beyond the range, groups that are not there and
//! more of them than fit are refused; a group that is in no rule is looked at by nobody. What AWS lets
//! happen, and what loses service, is kept as a breach: weight for a group where nothing is healthy, a
//! service that is stopped while its group has weight.

mod health;
mod requests;
mod rules;
pub(super) mod wire;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::answer::Refusal;
use super::fields::Fields;
use super::world::{PLACE, World};

pub(super) use health::step;

/// What it can be asked.
pub(super) const ACTIONS: [&str; 6] = [
    "DescribeListeners",
    "DescribeRules",
    "DescribeTargetGroupAttributes",
    "DescribeTargetHealth",
    "ModifyListener",
    "ModifyRule",
];

/// A load balancer.
#[derive(Debug, Default)]
pub struct Balancer {
    /// How long a target is looked at until it counts as healthy.
    pub check_for: u64,
    /// Rules, and listeners with their default, by ARN.
    pub rules: BTreeMap<String, Rule>,
    /// Groups of targets, by ARN.
    pub groups: BTreeMap<String, TargetGroup>,
    /// What was done that loses service.
    pub breaches: Vec<String>,
}

/// How requests are divided.
#[derive(Debug, Clone, Default)]
pub struct Rule {
    /// Weights by the ARN of their group, in the rule's order.
    pub weights: Vec<(String, u16)>,
    /// For how many seconds a client stays with its group.
    pub sticky: Option<u32>,
    /// What each group is owed by the requests so far.
    owed: BTreeMap<String, i64>,
}

/// Targets of one service.
#[derive(Debug, Clone, Default)]
pub struct TargetGroup {
    /// How long a target that leaves may finish its requests.
    pub drain: u64,
    /// Since when a rule knows it.
    used_since: Option<u64>,
    targets: Vec<Target>,
}

/// A task that is registered.
#[derive(Debug, Clone)]
struct Target {
    task: String,
    address: String,
    since: u64,
    leaves_at: Option<u64>,
}

pub(super) fn call(world: &mut World, action: &str, body: &Value) -> Result<Value, Refusal> {
    match action {
        "DescribeRules" => rules::describe(world, body),
        "ModifyRule" => rules::modify(world, body),
        "DescribeListeners" => rules::describe_listeners(world, body),
        "ModifyListener" => rules::modify_listener(world, body),
        "DescribeTargetHealth" => health::describe(world, body),
        "DescribeTargetGroupAttributes" => attributes(world, body),
        _ => Err(Refusal::new("InvalidAction", format!("the fake knows no `{action}`"))),
    }
}

/// Whether a rule is for everybody: what is called `test` is for whoever looks at a candidate.
fn is_public(rule: &str) -> bool {
    !rule.contains("/app/test/")
}

fn attributes(world: &World, body: &Value) -> Result<Value, Refusal> {
    let fields = Fields::of(body, &["TargetGroupArn"])?;
    let group = world.group(fields.need("TargetGroupArn")?)?;
    let seconds = (group.drain / 1_000).to_string();
    let told = |key: &str, value: &str| json!({ "Key": key, "Value": value });
    let attributes = [
        told("stickiness.enabled", "false"),
        told("deregistration_delay.timeout_seconds", &seconds),
    ];
    Ok(json!({ "Attributes": attributes }))
}

impl World {
    /// A group of targets that no rule knows; gives its ARN.
    pub fn make_group(&mut self, name: &str) -> String {
        let arn = format!("arn:aws:elasticloadbalancing:{PLACE}:targetgroup/{name}/1");
        let group = TargetGroup { drain: 10_000, ..TargetGroup::default() };
        self.balancer.groups.insert(arn.clone(), group);
        arn
    }

    /// A rule with these weights; gives its ARN.
    pub fn make_rule(&mut self, name: &str, weights: &[(&str, u16)]) -> String {
        self.make_route("listener-rule", &format!("{name}/1/2/3"), weights)
    }

    /// A listener whose default has these weights; gives its ARN.
    pub fn make_listener(&mut self, name: &str, weights: &[(&str, u16)]) -> String {
        self.make_route("listener", &format!("{name}/1/2"), weights)
    }

    fn make_route(&mut self, kind: &str, path: &str, weights: &[(&str, u16)]) -> String {
        let arn = format!("arn:aws:elasticloadbalancing:{PLACE}:{kind}/app/{path}");
        let weights = weights.iter().map(|(group, weight)| ((*group).to_owned(), *weight));
        self.balancer
            .rules
            .insert(arn.clone(), Rule { weights: weights.collect(), ..Rule::default() });
        arn
    }

    /// Has the tasks of a service registered with a group.
    pub fn attach(&mut self, service: &str, group: &str) {
        self.service(service).target_group = Some(group.into());
    }

    /// Changes weights behind everybody's back, as a person in the console does.
    pub fn reweigh(&mut self, rule: &str, weights: &[u16]) {
        let Some(rule) = self.balancer.rules.get_mut(rule) else { panic!("there is no such rule") };
        for ((_, weight), wanted) in rule.weights.iter_mut().zip(weights) {
            *weight = *wanted;
        }
    }

    /// The weights of a rule, in its order.
    pub fn weights(&self, rule: &str) -> Vec<u16> {
        let rule = self.balancer.rules.get(rule);
        rule.into_iter().flat_map(|rule| &rule.weights).map(|(_, weight)| *weight).collect()
    }

    fn group(&self, arn: &str) -> Result<&TargetGroup, Refusal> {
        let missing = || Refusal::new("TargetGroupNotFound", "One or more target groups not found");
        self.balancer.groups.get(arn).ok_or_else(missing)
    }

    /// A service is about to be stopped.
    pub(super) fn note_stop(&mut self, name: &str) {
        let Some(group) = self.services.get(name).and_then(|service| service.target_group.clone())
        else {
            return;
        };
        let has_weight = |rule: &Rule| rule.weights.iter().any(|(of, by)| *of == group && *by > 0);
        let rules = self.balancer.rules.iter().filter(|(arn, _)| is_public(arn));
        if rules.into_iter().any(|(_, rule)| has_weight(rule)) {
            self.balancer.breaches.push(format!("`{name}` is stopped under traffic"));
        }
    }
}
