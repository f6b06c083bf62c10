//! The control plane of ECS: services, their deployments, task definitions, tasks that are started for
//! themselves, and what became of tasks.
//!
//! Answers are read from the bytes that came, not from the SDK's types: a state or a field that is
//! younger than the SDK is kept as it is, and a task definition is copied whole.
//!
//! - **A write is sent once.** Neither the SDK nor anything here repeats it, so that whoever gets no
//!   answer knows that there was one request at most.
//! - **What an answer lists under `failures` is no success**, although its status says so.
//! - **No waiter of the SDK is used**: they take any standstill for success, a rollback as well.
//!
//! It decides nothing: what a state means for a release is said by whoever asked.

mod arn;
mod ask;
mod definition;
mod deployment;
mod history;
mod launch;
mod service;
mod staged;
mod tagging;
mod time;
mod unit;

pub use arn::{InvalidService, ServiceName};
pub use definition::{Draft, TaskDefinition};
pub use deployment::{Deployment, DeploymentId, RolloutState, Standing};
pub use history::{PastDeployment, PastState, Revision, RunningImage};
pub use launch::{Launch, Launched, Shortage};
pub use service::{Change, Event, Service};
pub use staged::{Hook, StagedDeployment, Weighted};
pub use unit::{Container, Task};

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_sdk_ecs::Client;
use aws_sdk_ecs::config::Builder;

use crate::failure::Call;
use crate::{Session, write};

/// The control plane of ECS in one region.
#[derive(Debug, Clone)]
pub struct Ecs {
    client: Client,
}

impl Ecs {
    /// The longest that a write is waited for. One that got no answer until then was sent at most
    /// this long ago.
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

/// A call about something of a service.
fn call(action: &'static str, service: &ServiceName) -> Call {
    Call::new(action, format!("the service `{service}`"))
}
