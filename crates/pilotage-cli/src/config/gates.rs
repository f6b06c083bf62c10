//! Gates: from what is written to what the engine takes.

use std::collections::BTreeMap;

use pilotage_config::{Fault, advice};
use pilotage_judge::{Importance, Marks, Panel, PanelOptions, Risk};
use pilotage_rollout::Span;
use pilotage_rollout::gate::{self, Judging};

use super::check::Check;
use super::file::{self, Gate};
use super::quantity::{Length, span};
use super::strategy::each;

/// What gates can ask for.
#[derive(Clone, Copy)]
pub(super) struct Means<'a> {
    pub(super) judge: Option<&'a Bench>,
    pub(super) checks: &'a BTreeMap<String, Check>,
}

/// What these gates ask for, or why they cannot.
pub(super) fn gates_of(
    gates: Vec<Gate>,
    means: Means<'_>,
    key: &str,
) -> Result<Vec<gate::Gate>, Fault> {
    each(key, gates, |gate| gate_of(gate, means))
}

fn gate_of(gate: Gate, means: Means<'_>) -> Result<gate::Gate, Fault> {
    Ok(match gate {
        Gate::Soak(Length(span)) => gate::Gate::Soak(span),
        Gate::Judge(Length(horizon)) => gate::Gate::Judge(called(means.judge, horizon)?),
        Gate::Smoke(smoke) => gate::Gate::Smoke(smoke_of(smoke, means.checks)?),
        Gate::Manual(question) => gate::Gate::Manual(gate::Manual { question }),
    })
}

fn called(judge: Option<&Bench>, horizon: Span) -> Result<Judging, Fault> {
    let Some(Bench { panel, interval, inconclusive }) = judge else {
        return Err(Fault::new("a gate asks the judge, and the environment has none")
            .with_help("add a `judge` table with `rules` to the environment, or drop the gate"));
    };
    let (interval, inconclusive) = (*interval, *inconclusive);
    if horizon < interval {
        let what = format!("the judge has {horizon} and looks only every {interval}");
        return Err(Fault::new(what).with_help("give the gate more time, or look more often"));
    }
    Ok(Judging { panel: panel.clone(), interval, horizon, inconclusive })
}

fn smoke_of(smoke: file::Smoke, checks: &BTreeMap<String, Check>) -> Result<gate::Smoke, Fault> {
    let file::Smoke { check, via, attempts, interval } = smoke;
    if !checks.contains_key(&check) {
        return Err(no_check(&check, checks).under("check").under("smoke"));
    }
    let attempts = attempts.unwrap_or(3);
    if attempts == 0 {
        let what = format!("smoke check `{check}` has no attempt, so it could only fail");
        return Err(Fault::new(what).with_help("give it at least 1"));
    }
    let via = match via {
        file::Via::Preview => gate::Via::Preview,
        file::Via::Production => gate::Via::Production,
    };
    Ok(gate::Smoke { check, via, attempts, interval: span(interval, Span::from_secs(2)) })
}

fn no_check(check: &str, checks: &BTreeMap<String, Check>) -> Fault {
    let known: Vec<&str> = checks.keys().map(String::as_str).collect();
    let fault = Fault::new(format!("there is no check `{check}`"));
    if known.is_empty() {
        return fault.with_help(format!("define it: `checks.{check}.http = {{ path = \"/\" }}`"));
    }
    fault.with_help(advice(check, &known))
}

/// A judge who is ready to be called.
pub(super) struct Bench {
    panel: Panel,
    interval: Span,
    inconclusive: gate::Inconclusive,
}

impl Bench {
    pub(super) fn new(judge: file::Judge) -> Result<Self, Fault> {
        let interval = span(judge.interval, Span::from_secs(10));
        if interval == Span::ZERO {
            return Err(Fault::new("looks without time between them show nothing")
                .with_help("use for example \"10s\"")
                .under("interval"));
        }
        let options = PanelOptions {
            rules: judge.rules.into_iter().map(rule).collect(),
            false_abort_risk: judge.false_abort_risk.unwrap_or(Risk::ONE_PERCENT),
            marks: Marks::default(),
        };
        let panel = Panel::try_from(options).map_err(|error| Fault::of(&error).under("rules"))?;
        let inconclusive = match judge.inconclusive.unwrap_or(file::Inconclusive::Revert) {
            file::Inconclusive::Revert => gate::Inconclusive::Revert,
            file::Inconclusive::Pause => gate::Inconclusive::Pause,
            file::Inconclusive::Promote => gate::Inconclusive::Promote,
        };
        Ok(Self { panel, interval, inconclusive })
    }
}

fn rule(rule: file::Rule) -> pilotage_judge::Rule {
    let method = match rule.method {
        None => pilotage_judge::Method::default(),
        Some(file::Method::Sequential(method)) => pilotage_judge::Method::Sequential(method),
        Some(file::Method::MannWhitney(method)) => pilotage_judge::Method::MannWhitney(method),
        Some(file::Method::Threshold(method)) => pilotage_judge::Method::Threshold(method),
    };
    let importance = rule.weight.map_or(Importance::Critical, Importance::Weight);
    pilotage_judge::Rule { metric: rule.metric, method, importance }
}
