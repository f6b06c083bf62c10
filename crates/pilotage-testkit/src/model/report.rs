//! What an exploration has found.

use core::fmt::{self, Display, Formatter};

/// What an exploration has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The name of the scenario.
    pub scenario: &'static str,
    /// How many different states there are.
    pub states: u64,
    /// How many steps lead from one to another.
    pub steps: u64,
    /// In how many of them everybody has come to an end.
    pub ends: u64,
    /// The most steps that were made in a row.
    pub depth: usize,
    /// The promise that was broken, and the steps that led there.
    pub breach: Option<(Breach, Vec<String>)>,
}

/// A promise that was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breach {
    /// The record's fence went backwards or was given to two owners.
    FenceReused,
    /// Two processes own under one fence.
    TwoOwnersOfOneFence,
    /// The register accepted a write below a fence that it had accepted.
    StaleWriteAccepted,
    /// A change that was acknowledged is not there.
    LostUpdate,
    /// Two processes rely upon the lease at once.
    TwoRelyAtOnce,
    /// Nothing goes wrong any more, and still not everybody comes to an end.
    NoEnd,
}

impl Display for Breach {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FenceReused => "a fence was used twice",
            Self::TwoOwnersOfOneFence => "two own under one fence",
            Self::StaleWriteAccepted => "a stale write was accepted",
            Self::LostUpdate => "an acknowledged change was lost",
            Self::TwoRelyAtOnce => "two rely upon the lease at once",
            Self::NoEnd => "somebody waits for ever",
        })
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { scenario, states, steps, ends, depth, breach } = self;
        write!(f, "{scenario}: {states} states, {steps} steps, {ends} ends, depth {depth}: ")?;
        match breach {
            None => f.write_str("every promise holds"),
            Some((breach, way)) => write!(f, "{breach} after {} steps", way.len()),
        }
    }
}
