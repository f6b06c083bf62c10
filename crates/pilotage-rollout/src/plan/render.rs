//! A plan as a person reads it: exact numbers, what stops it, and what going back would do.

use core::fmt::{self, Display, Formatter};

use super::Plan;
use crate::ramp::Step;

impl Display for Plan {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "plan {}: {} `{}` at `{}`", self.id(), self.kind, self.to.id, self.target)?;
        match &self.from {
            Some(from) => writeln!(f, "  from      `{}`, {} units", from.id, self.size)?,
            None => writeln!(f, "  from      nothing, {} units", self.size)?,
        }
        writeln!(f, "  healthy   {}", self.health)?;
        if let Some(migration) = &self.migration {
            writeln!(f, "  first     apply expand migrations `{migration}`")?;
        }
        self.ramp
            .steps()
            .iter()
            .enumerate()
            .try_for_each(|(at, step)| self.step(f, at + 1, step))?;
        if self.ramp.is_delegated() {
            writeln!(f, "  ramp      the platform rolls; watched for {}", self.limits.delegated)?;
            self.ramp.gates(0).iter().try_for_each(|gate| writeln!(f, "            {gate}"))?;
        }
        if !self.keep.is_empty() {
            writeln!(f, "  clean up  all but {} releases", self.keep.len())?;
        }
        writeln!(f, "  at most   {} units, {} calls", self.ceiling(), self.limits.calls)?;
        self.notes.iter().try_for_each(|note| writeln!(f, "  note      {note}"))?;
        write!(f, "  expires   {} after it was made", self.expires_at.since(self.made_at))
    }
}

impl Plan {
    fn step(&self, f: &mut Formatter<'_>, number: usize, step: &Step) -> fmt::Result {
        let units = step.capacity.of(self.size);
        let plural = if units == 1 { "unit" } else { "units" };
        writeln!(f, "  step {number:<4} {units} {plural}, {} of the traffic", step.traffic)?;
        step.gates.iter().try_for_each(|gate| writeln!(f, "            {gate}"))?;
        let left = step.stable.of(self.size);
        match &self.from {
            Some(from) if left < self.size => {
                writeln!(f, "            then {left} units of `{}`", from.id)
            }
            _ => Ok(()),
        }
    }
}
