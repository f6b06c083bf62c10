//! Why a judgement is still open.

use alloc::string::String;
use core::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};

use crate::exact;
use crate::metric::MetricName;

/// One of the two sides of a rollout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Track {
    /// The version that served before.
    Stable,
    /// The version on trial.
    Candidate,
}

impl Display for Track {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stable => "the stable version",
            Self::Candidate => "the candidate",
        })
    }
}

/// What keeps a judgement open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Doubt {
    /// A rule is undecided.
    Metric {
        /// The rule's metric.
        metric: MetricName,
        /// Why it is undecided.
        cause: Cause,
    },
    /// Every rule is decided, and the weighted score is neither a pass nor a failure.
    Score {
        /// The share of the weight that passed, in percent.
        #[serde(with = "exact")]
        score_percent: f64,
        /// The score that would pass, in percent.
        pass_percent: u8,
    },
    /// The evidence was not gathered by this panel.
    ForeignEvidence,
}

impl Display for Doubt {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Metric { metric, cause } => write!(f, "`{metric}`: {cause}"),
            Self::Score { score_percent, pass_percent } => {
                write!(f, "the score is {score_percent:.0} %, and {pass_percent} % would pass")
            }
            Self::ForeignEvidence => f.write_str("the evidence was gathered by other rules"),
        }
    }
}

/// Why one rule is undecided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Cause {
    /// No look was taken in this step yet.
    NotLooked,
    /// The latest reading is missing.
    Missing {
        /// Why, in the words of whoever tried to read it.
        reason: String,
    },
    /// The latest reading has no finite value where one is needed.
    NoValue(Track),
    /// No request reached this track since the previous look.
    NoTraffic(Track),
    /// The stable version's value is zero, so the candidate's cannot be set in relation to it.
    ZeroBaseline,
    /// Neither track had any event, so their rates cannot be compared.
    NoEvents,
    /// The candidate has served fewer requests than the rule asks for.
    FewRequests,
    /// The events seen so far fit both a good and a bad candidate.
    Unclear,
    /// A track has fewer points than the rule asks for.
    FewPoints {
        /// The points of the track that has fewer.
        seen: u32,
        /// The points that the rule asks for.
        wanted: u32,
    },
    /// The rule is judged once, when the caller concludes.
    JudgedAtTheEnd,
    /// There were fewer usable looks than the rule asks for.
    FewLooks {
        /// Usable looks so far.
        seen: u32,
        /// The looks that the rule asks for.
        wanted: u32,
    },
    /// The evidence was not gathered by this rule.
    Foreign,
}

impl Display for Cause {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotLooked => f.write_str("no look was taken in this step yet"),
            Self::Missing { reason } => write!(f, "the latest reading is missing ({reason})"),
            Self::NoValue(track) => write!(f, "the latest reading has no value for {track}"),
            Self::NoTraffic(track) => write!(f, "no request reached {track} since the last look"),
            Self::ZeroBaseline => f.write_str("the stable version's value is zero"),
            Self::NoEvents => f.write_str("no event on either track yet, so nothing to compare"),
            Self::FewRequests => f.write_str("the candidate has served too few requests"),
            Self::Unclear => f.write_str("what was seen fits a good and a bad candidate"),
            Self::FewPoints { seen, wanted } => write!(f, "{seen} of {wanted} points per track"),
            Self::JudgedAtTheEnd => f.write_str("judged once, at the end"),
            Self::FewLooks { seen, wanted } => write!(f, "{seen} of {wanted} usable looks"),
            Self::Foreign => f.write_str("the evidence was gathered by another rule"),
        }
    }
}
