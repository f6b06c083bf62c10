//! Who fills the roles.

use std::sync::Arc;

use pilotage_redact::Veil;

use crate::role::{
    Approvals, Clock, JournalStore, Lease, Metrics, Migrator, NoApprovals, NoMetrics, NoMigrations,
    NoProbes, Notifier, Probe, Silence, Target, Unwatched, Watcher,
};

/// Who fills the roles of a driver. Composed in one visible place, the `main` of a binary.
#[derive(Debug, Clone)]
pub struct Crew {
    /// The place that runs the service.
    pub target: Arc<dyn Target>,
    /// Whoever applies expand migrations.
    pub migrator: Arc<dyn Migrator>,
    /// Where journals are kept.
    pub journal: Arc<dyn JournalStore>,
    /// The ownership of the target.
    pub lease: Arc<dyn Lease>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Whoever performs smoke checks.
    pub probe: Arc<dyn Probe>,
    /// Whoever reads metrics.
    pub metrics: Arc<dyn Metrics>,
    /// Whoever knows what a person decided.
    pub approvals: Arc<dyn Approvals>,
    /// Whoever tells people.
    pub notifier: Arc<dyn Notifier>,
    /// Whoever watches.
    pub watcher: Arc<dyn Watcher>,
    /// What is masked in the words of all of them, before anything is written or shown.
    pub veil: Veil,
}

impl Crew {
    /// The roles that no run can do without; all others are filled with nobody.
    pub fn new(
        target: Arc<dyn Target>,
        journal: Arc<dyn JournalStore>,
        lease: Arc<dyn Lease>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            target,
            migrator: Arc::new(NoMigrations),
            journal,
            lease,
            clock,
            probe: Arc::new(NoProbes),
            metrics: Arc::new(NoMetrics),
            approvals: Arc::new(NoApprovals),
            notifier: Arc::new(Silence),
            watcher: Arc::new(Unwatched),
            veil: Veil::default(),
        }
    }
}
