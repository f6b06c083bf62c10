//! State-holding fakes of this crate's roles, for the tests of whoever drives them.
//!
//! Each obeys the same contract suite as the real thing and is stricter where it can be. Faults
//! are set as facts about the world ("this unit exits at once"), not as scripted replies.

mod prober;
mod router;
mod runtime;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use prober::{FakeAnswer, FakeProber};
pub use router::FakeRouter;
pub use runtime::{Behaviour, FakeRuntime};

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
