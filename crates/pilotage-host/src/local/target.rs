//! The role of the target, filled by the daemon.

use async_trait::async_trait;
use pilotage_driver::role::Target;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::target::{
    Capabilities, Fencing, Observation, Order, Outcome, ReadFailure, Rejection, RollingControl,
    TrafficControl,
};
use pilotage_rollout::{Share, Span};

use crate::os;

use super::client::{CallError, Client};

/// How long after it was sent an order may still be begun; the daemon looks at the clock before
/// it begins.
const NOT_AFTER: Span = Span::from_secs(3);
/// The same, and the time that writing the state file may take.
const SETTLE: Span = Span::from_secs(5);
/// When to try again a daemon that is being restarted.
const RETRY: Span = Span::from_secs(1);

/// This machine.
#[derive(Debug, Clone)]
pub struct LocalTarget {
    client: Client,
}

impl LocalTarget {
    /// The service that this client speaks of.
    pub const fn new(client: Client) -> Self {
        Self { client }
    }
}

#[async_trait]
impl Target for LocalTarget {
    fn capabilities(&self) -> Capabilities {
        let granularity = Share::from_basis_points(1).unwrap_or(Share::NONE);
        Capabilities {
            traffic: TrafficControl::Weights { granularity },
            rolling: RollingControl::Driven,
            preview: true,
            fencing: Fencing::Enforced,
            lag: Span::ZERO,
            settle: SETTLE,
        }
    }

    async fn observe(&self) -> Result<Observation, ReadFailure> {
        self.client.observe().await.map_err(|error| unread(&error))
    }

    async fn apply(&self, run: &RunId, order: &Order) -> Outcome {
        let not_after = os::wall() + NOT_AFTER;
        self.client.apply(run, order, not_after).await.unwrap_or_else(|error| undone(&error))
    }
}

fn unread(error: &CallError) -> ReadFailure {
    let reason = error.to_string();
    if error.is_final() {
        return ReadFailure::Refused { reason };
    }
    ReadFailure::Unavailable { reason, retry_after: Some(RETRY) }
}

fn undone(error: &CallError) -> Outcome {
    let reason = error.to_string();
    match (error.nothing_happened(), error.is_final()) {
        (false, _) => Outcome::Unknown { reason },
        (true, true) => Outcome::NotApplied(Rejection::Refused { reason }),
        (true, false) => Outcome::NotApplied(Rejection::Busy { reason, retry_after: Some(RETRY) }),
    }
}
