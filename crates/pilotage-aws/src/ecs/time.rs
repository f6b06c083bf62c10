//! Times of the server: seconds since 1970, with a fraction.

use pilotage_rollout::Moment;
use serde::{Deserialize, Deserializer};

/// A time that may be absent. One that makes no sense counts as absent, for nothing depends on it
/// alone.
pub(super) fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Moment>, D::Error> {
    let seconds = Option::<f64>::deserialize(from)?;
    Ok(seconds.and_then(millis).map(Moment::from_millis))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range is looked at first"
)]
fn millis(seconds: f64) -> Option<u64> {
    let millis = (seconds * 1_000.0).round();
    (0.0..1.0e15).contains(&millis).then_some(millis as u64)
}
