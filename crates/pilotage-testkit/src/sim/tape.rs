//! A run on one line: its scenario and what went wrong in it.
//!
//! `ecs.canary.3.expand.normal.good.good!write@4=5,crash-acting@7=2` says all there is to say; it
//! can be read, edited by hand and kept in a file.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use super::label::Label;
use super::scenario::Scenario;

/// One thing that went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deviation {
    /// Where.
    pub label: Label,
    /// At the how-manieth passing, counted from zero.
    pub occurrence: u32,
    /// How.
    pub value: u8,
}

/// A run that can be replayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tape {
    /// What was to be done.
    pub scenario: Scenario,
    /// What went wrong.
    pub deviations: Vec<Deviation>,
}

/// Text that is no tape.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no tape ({reason}): expected `SCENARIO!LABEL@OCCURRENCE=VALUE,...`")]
pub struct InvalidTape {
    text: String,
    reason: String,
}

impl Display for Tape {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}!", self.scenario)?;
        for (index, deviation) in self.deviations.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let Deviation { label, occurrence, value } = deviation;
            write!(f, "{comma}{label}@{occurrence}={value}")?;
        }
        Ok(())
    }
}

impl FromStr for Tape {
    type Err = InvalidTape;

    fn from_str(text: &str) -> Result<Self, InvalidTape> {
        let invalid = |reason: String| InvalidTape { text: text.into(), reason };
        let (scenario, deviations) =
            text.trim().split_once('!').ok_or_else(|| invalid("there is no `!`".into()))?;
        let scenario = scenario.parse().map_err(invalid)?;
        let parts = deviations.split(',').filter(|part| !part.is_empty());
        let deviations = parts.map(deviation).collect::<Result<_, _>>().map_err(invalid)?;
        Ok(Self { scenario, deviations })
    }
}

fn deviation(part: &str) -> Result<Deviation, String> {
    let (label, rest) = part.split_once('@').ok_or_else(|| format!("no `@` in `{part}`"))?;
    let (occurrence, value) = rest.split_once('=').ok_or_else(|| format!("no `=` in `{part}`"))?;
    let number = |text: &str| text.parse().map_err(|_| format!("`{text}` is no number"));
    let (occurrence, value) = (number(occurrence)?, number(value)?);
    let value = u8::try_from(value).map_err(|_| format!("{value} is too large"))?;
    Ok(Deviation { label: label.parse()?, occurrence, value })
}
