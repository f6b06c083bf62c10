//! Planning without reading a value: what there is, what is pinned, what has moved.
//!
//! All of it is a function of descriptions. [`survey`] says before a deploy which version each
//! locator means and what speaks against it; [`Pins`] are what a release records; [`drift`] says
//! afterwards what has moved since; [`lost`] says before a rollback which pins are not to be had.

mod drift;
mod pins;
mod survey;

pub use drift::{Drift, Loss, Lost, drift, lost, to_describe};
pub use pins::{BadPins, Pins};
pub use survey::{Finding, Gravity, Survey, What, survey};

use std::collections::BTreeMap;

use crate::{Description, Failure, Locator};

/// What is known of each locator.
pub type Described = BTreeMap<Locator, Result<Description, Failure>>;
