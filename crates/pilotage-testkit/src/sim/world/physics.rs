//! What tells one kind of target from another: its consistency, its fencing, its router.
//!
//! The numbers stand for the platforms of the research notes: an ECS read may be old and its load
//! balancer refuses no stale write; a host command may still run after it was given up; Kubernetes
//! refuses a write that is based on an old version.

use pilotage_rollout::target::{Capabilities, Fencing, RollingControl, TrafficControl};
use pilotage_rollout::{Share, Span};

use crate::sim::scenario::Kind;

/// The rules of one kind of target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Physics {
    /// What it declares.
    pub can: Capabilities,
    /// How long a good unit takes to become healthy.
    pub warm_up: Span,
    /// How long the router takes to follow, when it is slow.
    pub router_delay: Span,
    /// Whether it can count requests in flight.
    pub counts_requests: bool,
    /// Whether its own controller goes back by itself when it fails.
    pub rolls_back: bool,
    /// Whether its own controller pauses at a hook before it moves traffic.
    pub pauses: bool,
}

impl Physics {
    /// The rules of this kind.
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::Local => local(),
            Kind::Hosts => hosts(),
            Kind::Ecs => ecs(),
            Kind::Gateway => kubernetes(weights(1)),
            Kind::Service => kubernetes(TrafficControl::Switch),
            Kind::Ratio => kubernetes(TrafficControl::Ratio),
        }
    }
}

fn weights(points: u16) -> TrafficControl {
    TrafficControl::Weights { granularity: Share::from_basis_points(points).unwrap_or(Share::ALL) }
}

fn local() -> Physics {
    Physics {
        can: Capabilities {
            traffic: weights(1),
            rolling: RollingControl::Driven,
            preview: true,
            fencing: Fencing::Enforced,
            lag: Span::ZERO,
            settle: Span::from_secs(2),
        },
        warm_up: Span::from_secs(1),
        router_delay: Span::from_millis(100),
        counts_requests: true,
        rolls_back: false,
        pauses: false,
    }
}

fn hosts() -> Physics {
    Physics {
        can: Capabilities {
            traffic: weights(100),
            rolling: RollingControl::Driven,
            preview: true,
            fencing: Fencing::Enforced,
            lag: Span::ZERO,
            settle: Span::from_secs(60),
        },
        warm_up: Span::from_secs(12),
        router_delay: Span::from_secs(6),
        counts_requests: true,
        rolls_back: false,
        pauses: false,
    }
}

fn ecs() -> Physics {
    Physics {
        can: Capabilities {
            traffic: weights(10),
            rolling: RollingControl::Delegated,
            preview: true,
            fencing: Fencing::Checked,
            lag: Span::from_secs(6),
            settle: Span::from_secs(30),
        },
        warm_up: Span::from_secs(20),
        router_delay: Span::from_secs(4),
        counts_requests: false,
        rolls_back: true,
        pauses: true,
    }
}

fn kubernetes(traffic: TrafficControl) -> Physics {
    Physics {
        can: Capabilities {
            traffic,
            rolling: RollingControl::Delegated,
            preview: true,
            fencing: Fencing::Enforced,
            lag: Span::from_secs(1),
            settle: Span::from_secs(10),
        },
        warm_up: Span::from_secs(8),
        router_delay: Span::from_secs(3),
        counts_requests: false,
        rolls_back: false,
        pauses: false,
    }
}
