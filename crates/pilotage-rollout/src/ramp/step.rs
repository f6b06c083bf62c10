//! The steps of a ramp and the rules that make a list of them possible.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::Share;
use crate::gate::Gate;

/// One step: first capacity, then traffic, then the gates, then less of the stable release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The candidate's capacity, as a share of the whole size.
    pub capacity: Share,
    /// The candidate's traffic.
    pub traffic: Share,
    /// What must hold before the step is over.
    #[serde(default)]
    pub gates: Vec<Gate>,
    /// The stable release's capacity once the gates have passed.
    pub stable: Share,
}

/// How the candidate takes over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Shape", into = "Shape")]
pub struct Ramp(Shape);

/// The two kinds of ramp, as written in a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Shape {
    Driven { steps: Vec<Step> },
    Delegated { gates: Vec<Gate> },
}

impl Ramp {
    /// A ramp whose steps the engine walks through.
    pub fn driven(steps: Vec<Step>) -> Result<Self, InvalidRamp> {
        validate(&steps)?;
        Ok(Self(Shape::Driven { steps }))
    }

    /// A ramp that the platform's own controller performs. The gates are passed wherever the
    /// platform pauses, and once more when it is through.
    pub const fn delegated(gates: Vec<Gate>) -> Self {
        Self(Shape::Delegated { gates })
    }

    /// Whether the platform performs the ramp.
    pub const fn is_delegated(&self) -> bool {
        matches!(self.0, Shape::Delegated { .. })
    }

    /// The steps that the engine walks through; none if the ramp is delegated.
    pub fn steps(&self) -> &[Step] {
        match &self.0 {
            Shape::Driven { steps } => steps,
            Shape::Delegated { .. } => &[],
        }
    }

    /// The gates of this step; a delegated ramp has one set for all pauses.
    pub fn gates(&self, step: usize) -> &[Gate] {
        match &self.0 {
            Shape::Driven { steps } => steps.get(step).map_or(&[], |step| &step.gates),
            Shape::Delegated { gates } => gates,
        }
    }

    /// Every gate of the ramp.
    pub fn all_gates(&self) -> impl Iterator<Item = &Gate> {
        let delegated = if self.is_delegated() { self.gates(0) } else { &[] };
        self.steps().iter().flat_map(|step| &step.gates).chain(delegated)
    }
}

impl TryFrom<Shape> for Ramp {
    type Error = InvalidRamp;

    fn try_from(shape: Shape) -> Result<Self, InvalidRamp> {
        match shape {
            Shape::Driven { steps } => Self::driven(steps),
            Shape::Delegated { gates } => Ok(Self::delegated(gates)),
        }
    }
}

impl From<Ramp> for Shape {
    fn from(ramp: Ramp) -> Self {
        ramp.0
    }
}

/// The most steps of a ramp: every loop has a limit, and no person reads a longer plan.
const MOST_STEPS: usize = 100;

/// A list of steps that no rollout can follow safely.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRamp {
    /// There is nothing to walk through, or more than anybody would.
    #[error("a ramp has 1 to {MOST_STEPS} steps, and this one has {count}")]
    Length {
        /// How many there are.
        count: usize,
    },
    /// Traffic without capacity that could carry it.
    #[error(
        "step {step} gives {traffic} of the traffic to {capacity} of the capacity: raise its \
         capacity to at least {traffic}"
    )]
    Overload {
        /// Which step, counted from one.
        step: usize,
        /// What it would carry.
        traffic: Share,
        /// What it would have.
        capacity: Share,
    },
    /// A step that takes back what an earlier one gave.
    #[error(
        "step {step} goes backwards in {what}, from {before} to {after}: a ramp only goes forward, \
         going back is what a failed gate does"
    )]
    Backwards {
        /// Which step, counted from one.
        step: usize,
        /// Capacity, traffic or stable capacity.
        what: &'static str,
        /// In the step before.
        before: Share,
        /// In this step.
        after: Share,
    },
    /// The stable release would be left with less than its traffic.
    #[error(
        "step {step} leaves the stable release {stable} of its capacity for {rest} of the traffic"
    )]
    StarvedStable {
        /// Which step, counted from one.
        step: usize,
        /// What would be left.
        stable: Share,
        /// What it would carry.
        rest: Share,
    },
    /// The ramp stops before the end.
    #[error(
        "the last step ends at {capacity} of the capacity and {traffic} of the traffic: it must be \
         100 % of both, with nothing left of the stable release"
    )]
    Unfinished {
        /// The last capacity.
        capacity: Share,
        /// The last traffic.
        traffic: Share,
    },
}

fn validate(steps: &[Step]) -> Result<(), InvalidRamp> {
    if steps.is_empty() || steps.len() > MOST_STEPS {
        return Err(InvalidRamp::Length { count: steps.len() });
    }
    for (index, step) in steps.iter().enumerate() {
        carries_its_traffic(index + 1, step)?;
    }
    for (index, pair) in steps.windows(2).enumerate() {
        if let [before, after] = pair {
            goes_forward(index + 2, before, after)?;
        }
    }
    is_finished(steps)
}

fn carries_its_traffic(step: usize, of: &Step) -> Result<(), InvalidRamp> {
    if of.traffic > of.capacity {
        return Err(InvalidRamp::Overload { step, traffic: of.traffic, capacity: of.capacity });
    }
    if of.stable < of.traffic.rest() {
        let rest = of.traffic.rest();
        return Err(InvalidRamp::StarvedStable { step, stable: of.stable, rest });
    }
    Ok(())
}

fn goes_forward(step: usize, before: &Step, after: &Step) -> Result<(), InvalidRamp> {
    let pairs = [
        ("capacity", before.capacity, after.capacity),
        ("traffic", before.traffic, after.traffic),
        ("stable capacity", after.stable, before.stable),
    ];
    match pairs.into_iter().find(|(_, low, high)| low > high) {
        Some(("stable capacity", after, before)) => {
            Err(InvalidRamp::Backwards { step, what: "stable capacity", before, after })
        }
        Some((what, before, after)) => Err(InvalidRamp::Backwards { step, what, before, after }),
        None => Ok(()),
    }
}

fn is_finished(steps: &[Step]) -> Result<(), InvalidRamp> {
    let whole = |step: &&Step| {
        step.capacity == Share::ALL && step.traffic == Share::ALL && step.stable == Share::NONE
    };
    let last = steps.last();
    match last {
        Some(step) if !whole(&step) => {
            Err(InvalidRamp::Unfinished { capacity: step.capacity, traffic: step.traffic })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    fn step(capacity: u16, traffic: u16, stable: u16) -> Step {
        let [capacity, traffic, stable] =
            [capacity, traffic, stable].map(|percent| Share::from_percent(percent).unwrap());
        Step { capacity, traffic, gates: vec![], stable }
    }

    fn refused(steps: &[Step]) -> alloc::string::String {
        alloc::format!("{}", Ramp::driven(steps.to_vec()).unwrap_err())
    }

    #[test]
    fn possible_ramps_are_accepted() {
        let blue_green = vec![step(100, 0, 100), step(100, 100, 0)];
        let canary = vec![step(10, 10, 100), step(50, 25, 100), step(100, 100, 0)];
        let rolling = vec![step(50, 50, 50), step(100, 100, 0)];
        for steps in [blue_green, canary, rolling] {
            assert_eq!(Ramp::driven(steps.clone()).unwrap().steps(), steps);
        }
    }

    #[test]
    fn impossible_ramps_say_which_step_and_why() {
        let last = step(100, 100, 0);
        assert!(refused(&[]).contains("this one has 0"));
        assert!(refused(&vec![last.clone(); MOST_STEPS + 1]).contains("this one has 101"));
        let overload = refused(&[step(0, 10, 100), last.clone()]);
        assert_eq!(
            overload,
            "step 1 gives 10 % of the traffic to 0 % of the capacity: raise its capacity to at \
             least 10 %"
        );
        let backwards = refused(&[step(60, 50, 100), step(70, 40, 100), last.clone()]);
        assert!(backwards.starts_with("step 2 goes backwards in traffic, from 50 % to 40 %"));
        let backwards = refused(&[step(60, 30, 100), step(50, 40, 100), last.clone()]);
        assert!(backwards.starts_with("step 2 goes backwards in capacity, from 60 % to 50 %"));
        let regrown = refused(&[step(60, 50, 50), step(60, 50, 60), last.clone()]);
        assert!(regrown.starts_with("step 2 goes backwards in stable capacity, from 50 % to 60 %"));
        let starved = refused(&[step(50, 50, 40), last]);
        assert!(starved.starts_with("step 1 leaves the stable release 40 %"));
        assert!(refused(&[step(90, 90, 100)]).contains("the last step ends at 90 %"));
        assert!(refused(&[step(100, 100, 10)]).contains("nothing left of the stable release"));
    }

    #[test]
    fn a_ramp_from_a_file_is_checked_like_any_other() {
        let json = r#"{"driven":{"steps":[{"capacity":0,"traffic":100,"stable":10000}]}}"#;
        let error = serde_json::from_str::<Ramp>(json).unwrap_err();
        assert!(alloc::format!("{error}").contains("raise its capacity"), "{error}");
        let json = r#"{"driven":{"steps":[{"capacity":10001,"traffic":0,"stable":10000}]}}"#;
        assert!(serde_json::from_str::<Ramp>(json).is_err());
    }
}
