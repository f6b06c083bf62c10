//! Is the candidate worse than the stable version?
//!
//! A [`Panel`] of [`Rule`]s is shown one [`Reading`] per metric per look and answers each time
//! with a [`Judgement`]: pass, fail with what was seen, or undecided with how much more is needed.
//! What it has learned so far is a plain value, the [`Evidence`], which the caller keeps.
//!
//! The crate is `no_std` and takes its logarithms from `libm`: the compiler guarantees that
//! nothing here reads a clock, a file or the network, and the same readings give the same
//! judgement, bit for bit, on every machine. Replaying a journal replays its judgements.
//!
//! ```
//! use pilotage_judge::{Counts, Judgement, Method, MetricName, Panel, Reading, Risk, Rule};
//!
//! let rule = Rule::new(MetricName::errors(), Method::default());
//! let panel = Panel::of(rule, Risk::ONE_PERCENT);
//! let reading = Reading::Ratio {
//!     stable: Counts::new(100, 10_000)?,
//!     candidate: Counts::new(40, 1_000)?,
//! };
//! let (evidence, judgement) = panel.weigh(panel.begin(), &[reading])?;
//! assert!(matches!(judgement, Judgement::Fail { .. }));
//! assert_eq!(panel.conclude(&evidence), judgement);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What it guarantees:
//!
//! - Missing, non-finite or empty readings never count towards a pass.
//! - A stable version that fails does not by itself fail the candidate.
//! - [`Sequential`] may be looked at as often as one likes: with versions that are equal, all the
//!   sequential rules of a panel *ever* fail it with probability at most the panel's risk.
//!
//! What it deliberately does not do: fetch metrics, wait, decide what happens to a candidate that
//! is still undecided at the end (that is the caller's policy), or correct [`MannWhitney`] at each
//! look and [`Threshold`] for repeated looks.

#![no_std]

extern crate alloc;

mod ballot;
mod counts;
mod doubt;
mod eprocess;
mod evidence;
mod exact;
mod finding;
mod judgement;
mod mann_whitney;
mod metric;
mod panel;
mod rank;
mod reading;
mod risk;
mod rule;
mod sequential;
mod threshold;
pub mod trial;

pub use counts::{Counts, InvalidCounts};
pub use doubt::{Cause, Doubt, Track};
pub use evidence::Evidence;
pub use finding::{Failure, Finding};
pub use judgement::Judgement;
pub use mann_whitney::{
    Direction, Effect, InvalidMannWhitney, MannWhitney, MannWhitneyOptions, When,
};
pub use metric::{InvalidMetricName, MetricName};
pub use panel::{InvalidPanel, Marks, Panel, PanelOptions, UnfitReadings};
pub use reading::Reading;
pub use risk::{InvalidRisk, Risk};
pub use rule::{Importance, Method, Rule};
pub use sequential::{InvalidSequential, Sequential, SequentialOptions};
pub use threshold::{InvalidThreshold, Scale, Threshold, ThresholdOptions};
