//! The strategies that people ask for by name, and the ramps that they compile to.

use alloc::vec;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{InvalidRamp, Ramp, Step};
use crate::gate::Gate;
use crate::target::{Capabilities, RollingControl, TrafficControl};
use crate::{Share, Span};

/// What a person asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Strategy {
    /// Batch by batch, in place.
    Rolling(Rolling),
    /// The whole candidate beside the stable release, then one switch.
    BlueGreen(BlueGreen),
    /// A growing share of the traffic.
    Canary(Canary),
    /// Exactly these steps.
    Custom(Vec<Step>),
}

/// Batch by batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rolling {
    /// How many batches; a platform with a rolling controller of its own decides for itself.
    pub batches: u16,
    /// What must hold after each batch.
    #[serde(default)]
    pub gates: Vec<Gate>,
}

/// Everything beside everything, then one switch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlueGreen {
    /// What must hold before the switch, on the preview.
    #[serde(default)]
    pub before: Vec<Gate>,
    /// What must hold after the switch, while the stable release is kept warm.
    #[serde(default)]
    pub after: Vec<Gate>,
    /// How long the stable release is kept running at least.
    pub keep: Span,
}

/// A growing share of the traffic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Canary {
    /// The shares before everything, in order.
    pub steps: Vec<CanaryStep>,
    /// What must hold with all traffic on the candidate, while the stable release is kept warm.
    #[serde(default)]
    pub after: Vec<Gate>,
}

/// One share of a canary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CanaryStep {
    /// How much of the traffic.
    pub traffic: Share,
    /// What must hold before the next.
    #[serde(default)]
    pub gates: Vec<Gate>,
}

/// A strategy that contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidStrategy {
    /// No batch, or more than there are steps in the longest ramp.
    #[error("a rolling update in {batches} batches: use 1 to 100")]
    Batches {
        /// How many were asked for.
        batches: u16,
    },
    /// The platform lets nobody else carry it out.
    #[error(
        "the {strategy} strategy has nobody who carries it out: the platform deploys to this target by \
         itself, and only `rolling` leaves that to it"
    )]
    Exclusive {
        /// Which strategy.
        strategy: &'static str,
    },
    /// The steps do not make a ramp.
    #[error("the {strategy} strategy makes no ramp")]
    Ramp {
        /// Which strategy.
        strategy: &'static str,
        /// What is wrong with the steps.
        source: InvalidRamp,
    },
}

impl Strategy {
    /// The name of the strategy.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Rolling(_) => "rolling",
            Self::BlueGreen(_) => "blue/green",
            Self::Canary(_) => "canary",
            Self::Custom(_) => "custom",
        }
    }

    /// The ramp for a target that can do this much.
    pub fn compile(&self, can: &Capabilities) -> Result<Ramp, InvalidStrategy> {
        let is_exclusive = can.rolling == RollingControl::Exclusive;
        let steps = match self {
            Self::Rolling(rolling) if is_exclusive || can.rolling == RollingControl::Delegated => {
                return Ok(Ramp::delegated(rolling.gates.clone()));
            }
            // What asks for nothing but the end is the platform's own way as well.
            Self::BlueGreen(BlueGreen { before, after, keep: Span::ZERO })
                if is_exclusive && before.is_empty() =>
            {
                return Ok(Ramp::delegated(after.clone()));
            }
            _ if is_exclusive => {
                return Err(InvalidStrategy::Exclusive { strategy: self.name() });
            }
            Self::Rolling(rolling) => rolling.steps(can.traffic)?,
            Self::BlueGreen(blue_green) => blue_green.steps(),
            Self::Canary(canary) => canary.steps(),
            Self::Custom(steps) => steps.clone(),
        };
        Ramp::driven(steps)
            .map_err(|source| InvalidStrategy::Ramp { strategy: self.name(), source })
    }
}

impl Rolling {
    fn steps(&self, control: TrafficControl) -> Result<Vec<Step>, InvalidStrategy> {
        if !(1..=100).contains(&self.batches) {
            return Err(InvalidStrategy::Batches { batches: self.batches });
        }
        Ok((1..=self.batches).map(|batch| self.step(batch, control)).collect())
    }

    /// A batch gets the traffic that the router can give it, rounded down: nobody asks a rolling
    /// update for an exact share, and the stable release keeps what carries the rest.
    fn step(&self, batch: u16, control: TrafficControl) -> Step {
        let capacity = Share::ratio(batch, self.batches);
        let traffic = control.at_most(capacity);
        Step { capacity, traffic, gates: self.gates.clone(), stable: traffic.rest() }
    }
}

impl BlueGreen {
    fn steps(&self) -> Vec<Step> {
        let mut after = self.after.clone();
        after.extend((self.keep > Span::ZERO).then_some(Gate::Soak(self.keep)));
        vec![beside(Share::ALL, Share::NONE, self.before.clone()), last(after)]
    }
}

impl Canary {
    fn steps(&self) -> Vec<Step> {
        let shares = self.steps.iter();
        let partial = shares.map(|step| beside(step.traffic, step.traffic, step.gates.clone()));
        partial.chain([last(self.after.clone())]).collect()
    }
}

/// A step that leaves the stable release at full size, so that going back is instant.
fn beside(capacity: Share, traffic: Share, gates: Vec<Gate>) -> Step {
    Step { capacity, traffic, gates, stable: Share::ALL }
}

fn last(gates: Vec<Gate>) -> Step {
    Step { capacity: Share::ALL, traffic: Share::ALL, gates, stable: Share::NONE }
}

impl core::fmt::Display for Strategy {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}
