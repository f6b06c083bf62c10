//! How long the driver waits for whom.

use pilotage_rollout::Span;

/// How long the driver waits for whom before it goes on without an answer.
///
/// How long a *state* may take to show is not decided here but by the limits of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For the target to accept an order. Beyond it, the outcome is unknown.
    pub order: Span,
    /// For the target or the migrator to be read.
    pub read: Span,
    /// For one attempt of a smoke check.
    pub probe: Span,
    /// For the metrics of one window.
    pub measure: Span,
    /// For the word of a person who has decided already; nobody is waited for.
    pub answer: Span,
    /// For the journal store to take a line or give a journal.
    pub journal: Span,
    /// For the lease to be granted: in a store that cannot tell who is dead, longer than a dead holder's
    /// term.
    pub acquire: Span,
    /// For the lease to be renewed or given up.
    pub lease: Span,
    /// For one note to be delivered.
    pub note: Span,
    /// For an order under way, once the process was told to stop.
    pub grace: Span,
    /// At the end, for the lease to be given up and again for the last notes.
    pub farewell: Span,
}

impl Default for Patience {
    /// Fits into what CI systems leave between telling a process to stop and killing it.
    fn default() -> Self {
        Self {
            order: Span::from_secs(30),
            read: Span::from_secs(15),
            probe: Span::from_secs(30),
            measure: Span::from_secs(15),
            answer: Span::from_secs(10),
            journal: Span::from_secs(10),
            acquire: Span::from_secs(5),
            lease: Span::from_secs(5),
            note: Span::from_secs(10),
            grace: Span::from_secs(5),
            farewell: Span::from_secs(1),
        }
    }
}
