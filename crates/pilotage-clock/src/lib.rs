//! What time it is, and waiting: the one way by which time enters Pilotage.
//!
//! It is a crate of its own because the driver, leases and whatever else waits must share one
//! clock, which a test can turn, without knowing each other.
//!
//! What it guarantees: elapsed time never runs backwards, whatever the wall clock does, and waits
//! are never early.
//!
//! What it deliberately does not do: schedule anything, or compare the clocks of two machines.

mod clock;
mod system;

pub use clock::Clock;
#[cfg(feature = "mock")]
pub use clock::MockClock;
pub use system::SystemClock;
