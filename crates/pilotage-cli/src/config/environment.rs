//! One environment, checked: from what is written to what the engine takes.

use pilotage_judge::{Importance, Marks, Panel, PanelOptions, Risk};
use pilotage_rollout::gate::{self, HealthRule, Judging};
use pilotage_rollout::plan::Limits;
use pilotage_rollout::ramp::{self, Strategy};
use pilotage_rollout::target::{
    Capabilities, Fencing, MigrationId, RollingControl, TrafficControl,
};
use pilotage_rollout::{Share, Span};

use super::fault::Fault;
use super::file::{self, Gate};
use super::quantity::Length;

/// How one environment is deployed to; checked as far as that is possible without the target.
#[derive(Debug, Clone, PartialEq)]
pub struct Environment {
    /// How a new release takes over.
    pub strategy: Strategy,
    /// How an old release comes back.
    pub rollback: Strategy,
    /// How many units; the live number is kept if absent.
    pub size: Option<u16>,
    /// When units count as healthy.
    pub health: HealthRule,
    /// What must be applied before a new release may serve.
    pub migration: Option<MigrationId>,
    /// How many earlier releases clean-up leaves alone; no clean-up if absent.
    pub keep: Option<usize>,
    /// How long a plan may wait before it is started.
    pub plan_valid_for: Span,
    limits: Overrides,
}

/// What the file says of the limits.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Overrides {
    spans: [Option<Span>; 6],
    tries: Option<u8>,
    repairs: Option<u8>,
    calls: Option<u32>,
}

impl Environment {
    /// The limits for a target that can do this much.
    pub fn limits(&self, can: &Capabilities) -> Limits {
        let usual = Limits::usual(can);
        let [prove, confirm, drain, delegated, migrate, poll] = self.limits.spans;
        Limits {
            prove: prove.unwrap_or(usual.prove),
            confirm: confirm.unwrap_or(usual.confirm),
            drain: drain.unwrap_or(usual.drain),
            delegated: delegated.unwrap_or(usual.delegated),
            migrate: migrate.unwrap_or(usual.migrate),
            poll: poll.unwrap_or(usual.poll),
            tries: self.limits.tries.unwrap_or(usual.tries),
            repairs: self.limits.repairs.unwrap_or(usual.repairs),
            calls: self.limits.calls.unwrap_or(usual.calls),
            ..usual
        }
    }

    /// Checks what is written; a fault carries the path below the environment.
    pub(crate) fn check(env: file::Env) -> Result<Self, Fault> {
        let judge = env.judge.map(Bench::new).transpose();
        let judge = judge.map_err(|fault| fault.under("judge"))?;
        let convert = |strategy, key: &str| {
            strategy_of(strategy, judge.as_ref()).map_err(|fault| fault.under(key))
        };
        let at_once = ramp::BlueGreen { before: vec![], after: vec![], keep: Span::ZERO };
        if env.size == Some(0) {
            return Err(Fault::new("no units serve nothing")
                .with_help("ask for at least 1, or leave it out to keep the live number")
                .under("size"));
        }
        Ok(Self {
            strategy: convert(env.strategy, "strategy")?,
            rollback: match env.rollback {
                Some(rollback) => convert(rollback, "rollback")?,
                None => Strategy::BlueGreen(at_once),
            },
            size: env.size,
            health: health(env.health.as_ref()).map_err(|fault| fault.under("health"))?,
            migration: env.migration.map(MigrationId),
            keep: env.keep.map(usize::from),
            plan_valid_for: span(env.plan_valid_for, Span::from_mins(30)),
            limits: overrides(&env.limits).map_err(|fault| fault.under("limits"))?,
        })
    }
}

fn span(length: Option<Length>, default: Span) -> Span {
    length.map_or(default, |Length(span)| span)
}

fn health(health: Option<&file::Health>) -> Result<HealthRule, Fault> {
    let usual = HealthRule::default();
    let Some(&file::Health { good, of, interval, max_age }) = health else { return Ok(usual) };
    // Whoever says one number of "3 of 3" means it of both, where that is possible.
    let of = of.unwrap_or_else(|| usual.n().max(good.unwrap_or_default()));
    let good = good.unwrap_or_else(|| usual.k().min(of));
    let interval = span(interval, usual.interval());
    let max_age = span(max_age, usual.max_age().max(interval * 2));
    let help = "`good` is how many must be good, `of` is how many of the latest count";
    HealthRule::new(good, of, interval, max_age).map_err(|error| chain(&error).with_help(help))
}

fn overrides(limits: &file::Limits) -> Result<Overrides, Fault> {
    let zero = |key: &str| {
        let help = "raise it, or leave it out for the usual one";
        Fault::new("a limit of zero allows nothing, so the run could only fail")
            .with_help(help)
            .under(key)
    };
    let file::Limits { prove, confirm, drain, delegated, migrate, poll, .. } = limits;
    let needed = [("prove", prove), ("confirm", confirm), ("delegated", delegated)];
    let needed = needed.into_iter().chain([("migrate", migrate), ("poll", poll)]);
    let is_zero = |length: &Option<Length>| *length == Some(Length(Span::ZERO));
    if let Some((key, _)) = needed.into_iter().find(|(_, length)| is_zero(length)) {
        return Err(zero(key));
    }
    if limits.tries == Some(0) {
        return Err(zero("tries"));
    }
    let spans = [prove, confirm, drain, delegated, migrate, poll];
    Ok(Overrides {
        spans: spans.map(|length| length.map(|Length(span)| span)),
        tries: limits.tries,
        repairs: limits.repairs,
        calls: limits.calls,
    })
}

/// A target that can do everything: what it cannot do with a strategy, no target can.
const ANY: Capabilities = Capabilities {
    traffic: TrafficControl::Weights { granularity: Share::NONE },
    rolling: RollingControl::Driven,
    preview: true,
    fencing: Fencing::Enforced,
    lag: Span::ZERO,
    settle: Span::ZERO,
};

fn strategy_of(strategy: file::Strategy, judge: Option<&Bench>) -> Result<Strategy, Fault> {
    let (name, strategy) = match strategy {
        file::Strategy::Rolling(rolling) => ("rolling", rolling_of(rolling, judge)),
        file::Strategy::BlueGreen(blue_green) => ("blue-green", blue_green_of(blue_green, judge)),
        file::Strategy::Canary(canary) => ("canary", canary_of(canary, judge)),
        file::Strategy::Custom(custom) => ("custom", custom_of(custom, judge)),
    };
    let compiles = |strategy: Strategy| match strategy.compile(&ANY) {
        Ok(_) => Ok(strategy),
        Err(error) => Err(chain(&error)),
    };
    strategy.and_then(compiles).map_err(|fault| fault.under(name))
}

fn rolling_of(rolling: file::Rolling, judge: Option<&Bench>) -> Result<Strategy, Fault> {
    let gates = gates_of(rolling.gates, judge, "gates")?;
    Ok(Strategy::Rolling(ramp::Rolling { batches: rolling.batches, gates }))
}

fn blue_green_of(blue_green: file::BlueGreen, judge: Option<&Bench>) -> Result<Strategy, Fault> {
    let file::BlueGreen { before, after, keep } = blue_green;
    let before = gates_of(before, judge, "before")?;
    let after = gates_of(after, judge, "after")?;
    Ok(Strategy::BlueGreen(ramp::BlueGreen { before, after, keep: span(keep, Span::ZERO) }))
}

fn canary_of(canary: file::Canary, judge: Option<&Bench>) -> Result<Strategy, Fault> {
    let steps = each("steps", canary.steps, |step| {
        let gates = gates_of(step.gates, judge, "gates")?;
        Ok(ramp::CanaryStep { traffic: step.traffic.0, gates })
    })?;
    Ok(Strategy::Canary(ramp::Canary { steps, after: gates_of(canary.after, judge, "after")? }))
}

fn custom_of(custom: file::Custom, judge: Option<&Bench>) -> Result<Strategy, Fault> {
    let steps = each("steps", custom.steps, |step| {
        let (capacity, traffic, stable) = (step.capacity.0, step.traffic.0, step.stable.0);
        Ok(ramp::Step { capacity, traffic, gates: gates_of(step.gates, judge, "gates")?, stable })
    })?;
    Ok(Strategy::Custom(steps))
}

fn gates_of(gates: Vec<Gate>, judge: Option<&Bench>, key: &str) -> Result<Vec<gate::Gate>, Fault> {
    each(key, gates, |gate| gate_of(gate, judge))
}

/// Converts the items of a list; a fault says under which key and at which place.
fn each<T, U>(
    key: &str,
    items: Vec<T>,
    convert: impl Fn(T) -> Result<U, Fault>,
) -> Result<Vec<U>, Fault> {
    let at = |index: usize| move |fault: Fault| fault.under(format!("[{index}]"));
    let converted = items.into_iter().enumerate();
    let converted = converted.map(|(index, item)| convert(item).map_err(at(index)));
    converted.collect::<Result<_, Fault>>().map_err(|fault| fault.under(key))
}

fn gate_of(gate: Gate, judge: Option<&Bench>) -> Result<gate::Gate, Fault> {
    Ok(match gate {
        Gate::Soak(Length(span)) => gate::Gate::Soak(span),
        Gate::Judge(Length(horizon)) => gate::Gate::Judge(called(judge, horizon)?),
        Gate::Smoke(smoke) => gate::Gate::Smoke(smoke_of(smoke)?),
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

fn smoke_of(smoke: file::Smoke) -> Result<gate::Smoke, Fault> {
    let file::Smoke { check, via, attempts, interval } = smoke;
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

/// A judge who is ready to be called.
struct Bench {
    panel: Panel,
    interval: Span,
    inconclusive: gate::Inconclusive,
}

impl Bench {
    fn new(judge: file::Judge) -> Result<Self, Fault> {
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
        let panel = Panel::try_from(options).map_err(|error| chain(&error).under("rules"))?;
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

/// The words of an error and of everything that it was caused by.
fn chain(error: &dyn core::error::Error) -> Fault {
    let causes = core::iter::successors(Some(error), |error| error.source());
    Fault::new(causes.map(ToString::to_string).collect::<Vec<_>>().join(": "))
}
