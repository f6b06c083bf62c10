//! The shape of `pilotage.toml`, as it is written. Its schema is generated from these types.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::migration::Migration;
use super::outward::{Check, Receiver};
use super::quantity::{Length, Part};

/// The configuration of Pilotage for one repository.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    /// What is deployed; with the name of the environment it names the target.
    pub(crate) service: String,
    /// One table for each environment.
    #[cfg_attr(test, schemars(extend("minProperties" = 1)))]
    pub(crate) env: BTreeMap<String, Env>,
}

/// One environment: where, how and within which bounds.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Env {
    /// The target. `kind` names it; all other keys are those of that kind.
    #[cfg_attr(test, schemars(with = "shape::Target"))]
    #[serde(rename = "target")]
    pub(crate) _target: IgnoredAny,
    /// What is deployed, unless the command line says so; the keys are those of the target's kind.
    #[cfg_attr(test, schemars(with = "Option<serde_json::Map<String, serde_json::Value>>"))]
    #[serde(default, rename = "artifact")]
    pub(crate) _artifact: Option<IgnoredAny>,
    /// Which variables of which component come from which secrets.
    #[cfg_attr(test, schemars(with = "Option<shape::Secrets>"))]
    #[serde(default, rename = "secrets")]
    pub(crate) _secrets: Option<IgnoredAny>,
    /// As whom the secrets are read, if that is not whoever runs this.
    #[cfg_attr(test, schemars(with = "Option<shape::Reader>"))]
    #[serde(default, rename = "reader")]
    pub(crate) _reader: Option<IgnoredAny>,
    /// How many units; the live number is kept if absent.
    #[serde(default)]
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub(crate) size: Option<u16>,
    /// How a new release takes over.
    pub(crate) strategy: Strategy,
    /// How an old release comes back; by default at once, when it is healthy.
    #[serde(default)]
    pub(crate) rollback: Option<Strategy>,
    /// When units count as healthy.
    #[serde(default)]
    pub(crate) health: Option<Health>,
    /// The statistics that `judge` gates consult.
    #[serde(default)]
    pub(crate) judge: Option<Judge>,
    /// The smoke checks, by the names under which gates ask for them.
    #[serde(default)]
    pub(crate) checks: BTreeMap<String, Check>,
    /// Who is told of a run; one that fails or is slow neither fails a run nor holds it up.
    #[serde(default)]
    pub(crate) notify: Vec<Receiver>,
    /// Deadlines and budgets.
    #[serde(default)]
    pub(crate) limits: Limits,
    /// The expand migrations that are applied before a new release may serve.
    #[serde(default)]
    pub(crate) migration: Option<Migration>,
    /// How many earlier releases clean-up leaves alone; no clean-up if absent.
    #[serde(default)]
    pub(crate) keep: Option<u16>,
    /// How long a plan may wait before it is started; 30 minutes if absent.
    #[serde(default)]
    pub(crate) plan_valid_for: Option<Length>,
}

/// How a release takes over.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Strategy {
    /// Batch by batch, in place.
    Rolling(Rolling),
    /// The whole candidate beside the stable release, then one switch.
    BlueGreen(BlueGreen),
    /// A growing share of the traffic.
    Canary(Canary),
    /// Exactly these steps.
    Custom(Custom),
}

/// Batch by batch.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Rolling {
    /// How many batches.
    #[cfg_attr(test, schemars(range(min = 1, max = 100)))]
    pub(crate) batches: u16,
    /// What must hold after each batch.
    #[serde(default)]
    pub(crate) gates: Vec<Gate>,
}

/// Everything beside everything, then one switch.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct BlueGreen {
    /// What must hold before the switch.
    #[serde(default)]
    pub(crate) before: Vec<Gate>,
    /// What must hold after the switch, while the stable release is kept warm.
    #[serde(default)]
    pub(crate) after: Vec<Gate>,
    /// How long the stable release is kept running at least; no longer than needed if absent.
    #[serde(default)]
    pub(crate) keep: Option<Length>,
}

/// A growing share of the traffic.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Canary {
    /// The shares before everything, in order.
    pub(crate) steps: Vec<CanaryStep>,
    /// What must hold with all traffic on the candidate, while the stable release is kept warm.
    #[serde(default)]
    pub(crate) after: Vec<Gate>,
}

/// One share of a canary.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct CanaryStep {
    /// How much of the traffic.
    pub(crate) traffic: Part,
    /// What must hold before the next step.
    #[serde(default)]
    pub(crate) gates: Vec<Gate>,
}

/// Exactly these steps.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Custom {
    /// The steps, in order.
    pub(crate) steps: Vec<Step>,
}

/// One step: first capacity, then traffic, then the gates, then less of the stable release.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    /// The candidate's capacity, as a share of the whole size.
    pub(crate) capacity: Part,
    /// The candidate's traffic.
    pub(crate) traffic: Part,
    /// The stable release's capacity once the gates have passed.
    pub(crate) stable: Part,
    /// What must hold before the step is over.
    #[serde(default)]
    pub(crate) gates: Vec<Gate>,
}

/// What must hold before the next step.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Gate {
    /// Stay healthy for this long.
    Soak(Length),
    /// Let the judge compare for this long at most.
    Judge(Length),
    /// A check from outside.
    Smoke(Smoke),
    /// A question to a person.
    Manual(String),
}

/// A gate that performs one of the `checks`.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Smoke {
    /// Which of the `checks`.
    pub(crate) check: String,
    /// Where it goes.
    pub(crate) via: Via,
    /// How often it may fail before the gate does; 3 if absent.
    #[serde(default)]
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub(crate) attempts: Option<u8>,
    /// The time between two attempts; 2 seconds if absent.
    #[serde(default)]
    pub(crate) interval: Option<Length>,
}

/// The way to the candidate.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Via {
    /// The address under which the candidate is reachable before it gets traffic.
    Preview,
    /// The address that everybody uses.
    Production,
}

/// When units count as healthy.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Health {
    /// How many observations must be good.
    #[serde(default)]
    #[cfg_attr(test, schemars(range(min = 1, max = 64)))]
    pub(crate) good: Option<u8>,
    /// Of how many of the latest.
    #[serde(default)]
    #[cfg_attr(test, schemars(range(min = 1, max = 64)))]
    pub(crate) of: Option<u8>,
    /// The time between two observations.
    #[serde(default)]
    pub(crate) interval: Option<Length>,
    /// How long a proof of health may be relied upon before traffic is moved.
    #[serde(default)]
    pub(crate) max_age: Option<Length>,
}

/// The statistics that compare candidate with stable.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Judge {
    /// One metric each.
    pub(crate) rules: Vec<Rule>,
    /// The time between two looks; 10 seconds if absent.
    #[serde(default)]
    pub(crate) interval: Option<Length>,
    /// What to do without enough evidence; `revert` if absent.
    #[serde(default)]
    pub(crate) inconclusive: Option<Inconclusive>,
    /// The accepted probability of failing a candidate that is no worse; 0.01 if absent.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<shape::Probability>"))]
    pub(crate) false_abort_risk: Option<pilotage_judge::Risk>,
}

/// One metric and how it is judged.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    /// The metric.
    #[cfg_attr(test, schemars(with = "shape::Metric"))]
    pub(crate) metric: pilotage_judge::MetricName,
    /// How it is judged; sequentially if absent.
    #[serde(default)]
    pub(crate) method: Option<Method>,
    /// Its weight in the score; without one a failure of this rule fails the candidate.
    #[serde(default)]
    pub(crate) weight: Option<NonZeroU32>,
}

/// How a metric is judged.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Method {
    /// Compares event rates, valid at any number of looks.
    #[cfg_attr(test, schemars(with = "shape::Sequential"))]
    Sequential(pilotage_judge::Sequential),
    /// Compares two series by ranks.
    #[cfg_attr(test, schemars(with = "shape::MannWhitney"))]
    MannWhitney(pilotage_judge::MannWhitney),
    /// Holds the candidate's value between bounds.
    #[cfg_attr(test, schemars(with = "shape::Threshold"))]
    Threshold(pilotage_judge::Threshold),
}

/// What to do when the judge has not decided in time.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Inconclusive {
    /// Go back to the stable release.
    Revert,
    /// Wait for a person.
    Pause,
    /// Go on all the same.
    Promote,
}

/// Deadlines and budgets; what is absent is as usual for the target.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Limits {
    /// How long units may take to become healthy.
    pub(crate) prove: Option<Length>,
    /// How long a write may take to show.
    pub(crate) confirm: Option<Length>,
    /// How long requests in flight may take to finish.
    pub(crate) drain: Option<Length>,
    /// How long the platform's own rollout may take.
    pub(crate) delegated: Option<Length>,
    /// How long the migrations may take.
    pub(crate) migrate: Option<Length>,
    /// The time between two reads while waiting.
    pub(crate) poll: Option<Length>,
    /// How often one write is sent at most.
    #[cfg_attr(test, schemars(range(min = 1, max = 255)))]
    pub(crate) tries: Option<u8>,
    /// How often a state that slipped back is repaired before a person is asked.
    pub(crate) repairs: Option<u8>,
    /// How many calls a run may make before it gives up.
    pub(crate) calls: Option<u32>,
}

#[cfg(test)]
#[path = "shape.rs"]
pub(crate) mod shape;
