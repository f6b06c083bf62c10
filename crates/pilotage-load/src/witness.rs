//! Whoever hears of every request.

use core::fmt::{self, Debug, Display, Formatter};
use std::time::Duration;

use crate::Outcome;

/// The number of a request, which no other request of its load has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

impl Display for RequestId {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.0, f)
    }
}

/// Whoever hears of every request. It is called between two requests and must return at once.
pub trait Witness: Debug + Send + Sync + 'static {
    /// The request is about to be sent.
    fn departs(&self, request: RequestId);

    /// The request has ended, this long after it was due.
    fn arrives(&self, request: RequestId, took: Duration, outcome: &Outcome);
}
