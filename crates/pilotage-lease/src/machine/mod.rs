//! The protocol as a pure state machine: no clock, no store, no randomness.
//!
//! ```text
//!            want ─▶ Look / Write / Busy                ask ─▶ Look / Write
//!   Claim ─▶ Seeker ───────────────────────▶ Grip ──────────────────────────▶ Gone
//!            ◀─ looked, wrote                  ◀─ looked, wrote   (lost, handed over, given up)
//! ```
//!
//! A [`Seeker`] wants to own, a [`Grip`] owns. Both are asked what to do next, and told what came
//! of it; times are readings of one monotonic clock. Whatever a write came to, if it is not
//! certain that it was applied, the next thing wanted is a look, and only what is *seen* decides.
//!
//! - Repeating a write is harmless: it carries the version that it replaces, which never returns.
//! - A look that shows an older revision than one that was seen before is passed over.
//! - The model checker runs these very types, see `pilotage-testkit`.

mod busy;
mod claim;
mod gone;
mod grip;
mod seeker;
mod sent;

pub use busy::Busy;
pub use claim::Claim;
pub use gone::Gone;
pub use grip::{Ask, Grip, Regard, Wish};
pub use seeker::{Seeker, Sought, Want};

use pilotage_rollout::Span;

/// The time between two readings of one clock.
const fn passed(from: Span, to: Span) -> Span {
    Span::from_millis(to.as_millis().saturating_sub(from.as_millis()))
}
