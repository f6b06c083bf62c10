//! Load balancers: how a rule divides requests, and whether what stands behind it is healthy.
//!
//! - **A change sends again what it does not change**: stickiness, and whatever is done before a
//!   request is forwarded, because what a rule is not told it forgets.
//! - **A write is sent once.** Neither the SDK nor anything here repeats it.
//! - **What is not understood is not written**: a rule with an action that is younger than the SDK is
//!   read, and refused to be changed.
//!
//! It decides nothing: which share is right is said by whoever asked.

mod arn;
mod forward;
mod group;
mod route;

pub use arn::{InvalidRoute, RouteArn};
pub use forward::{Forward, Weight};
pub use group::{Behind, State};
pub use route::Route;

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::config::Builder;

use crate::{Session, write};

/// The control plane of load balancers in one region.
#[derive(Debug, Clone)]
pub struct Elb {
    client: Client,
}

impl Elb {
    /// The longest that a write is waited for.
    pub const WRITE_DEADLINE: Duration = write::DEADLINE;

    /// The control plane of the session's region. Nothing is asked yet.
    pub fn new(session: &Session) -> Self {
        Self { client: Client::new(session.config()) }
    }
}

/// What a write is sent with: once, and not waited for without end.
fn once() -> Builder {
    Builder::new().retry_config(RetryConfig::disabled()).timeout_config(write::timeouts())
}
