//! Strategies: from what is written to ramps that are known to be possible.

use pilotage_config::Fault;
use pilotage_rollout::ramp::{self, Strategy};
use pilotage_rollout::target::{Capabilities, Fencing, RollingControl, TrafficControl};
use pilotage_rollout::{Share, Span};

use super::file;
use super::gates::{Means, gates_of};
use super::quantity::span;

/// A target that can do everything: what it cannot do with a strategy, no target can.
const ANY: Capabilities = Capabilities {
    traffic: TrafficControl::Weights { granularity: Share::NONE },
    rolling: RollingControl::Driven,
    preview: true,
    fencing: Fencing::Enforced,
    lag: Span::ZERO,
    settle: Span::ZERO,
};

/// What this strategy is to the engine, or why it makes no ramp.
pub(super) fn strategy_of(strategy: file::Strategy, means: Means<'_>) -> Result<Strategy, Fault> {
    let (name, strategy) = match strategy {
        file::Strategy::Rolling(rolling) => ("rolling", rolling_of(rolling, means)),
        file::Strategy::BlueGreen(blue_green) => ("blue-green", blue_green_of(blue_green, means)),
        file::Strategy::Canary(canary) => ("canary", canary_of(canary, means)),
        file::Strategy::Custom(custom) => ("custom", custom_of(custom, means)),
    };
    let compiles = |strategy: Strategy| match strategy.compile(&ANY) {
        Ok(_) => Ok(strategy),
        Err(error) => Err(Fault::of(&error)),
    };
    strategy.and_then(compiles).map_err(|fault| fault.under(name))
}

fn rolling_of(rolling: file::Rolling, means: Means<'_>) -> Result<Strategy, Fault> {
    let gates = gates_of(rolling.gates, means, "gates")?;
    Ok(Strategy::Rolling(ramp::Rolling { batches: rolling.batches, gates }))
}

fn blue_green_of(blue_green: file::BlueGreen, means: Means<'_>) -> Result<Strategy, Fault> {
    let file::BlueGreen { before, after, keep } = blue_green;
    let before = gates_of(before, means, "before")?;
    let after = gates_of(after, means, "after")?;
    Ok(Strategy::BlueGreen(ramp::BlueGreen { before, after, keep: span(keep, Span::ZERO) }))
}

fn canary_of(canary: file::Canary, means: Means<'_>) -> Result<Strategy, Fault> {
    let steps = each("steps", canary.steps, |step| {
        let gates = gates_of(step.gates, means, "gates")?;
        Ok(ramp::CanaryStep { traffic: step.traffic.0, gates })
    })?;
    Ok(Strategy::Canary(ramp::Canary { steps, after: gates_of(canary.after, means, "after")? }))
}

fn custom_of(custom: file::Custom, means: Means<'_>) -> Result<Strategy, Fault> {
    let steps = each("steps", custom.steps, |step| {
        let (capacity, traffic, stable) = (step.capacity.0, step.traffic.0, step.stable.0);
        Ok(ramp::Step { capacity, traffic, gates: gates_of(step.gates, means, "gates")?, stable })
    })?;
    Ok(Strategy::Custom(steps))
}

/// Converts the items of a list; a fault says under which key and at which place.
pub(super) fn each<T, U>(
    key: &str,
    items: Vec<T>,
    convert: impl Fn(T) -> Result<U, Fault>,
) -> Result<Vec<U>, Fault> {
    let at = |index: usize| move |fault: Fault| fault.under(format!("[{index}]"));
    let converted = items.into_iter().enumerate();
    let converted = converted.map(|(index, item)| convert(item).map_err(at(index)));
    converted.collect::<Result<_, Fault>>().map_err(|fault| fault.under(key))
}
