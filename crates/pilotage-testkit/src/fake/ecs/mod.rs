//! ECS on this machine: a control plane that holds state, is stricter than the real one, and does what
//! no emulator does.
//!
//! It speaks JSON over HTTP on a real socket, as ECS and its logs do, and forms and XML for the load
//! balancer that stands before its services (`balancer/`). Time in it passes only with the calls that
//! it gets and where a test says so. Fields that it does not know, names without their thing and
//! more than a call may ask for are refused. It goes back like ECS: the circuit breaker makes a *new*
//! deployment of the old task definition, and the failed one is gone soon after.
//!
//! What goes wrong once is a [`Fault`]; what an answer shall say instead is a [`Twist`].

mod answer;
mod balancer;
mod definitions;
mod fault;
mod fields;
mod history;
mod launch;
mod logs;
mod physics;
mod server;
mod services;
mod stages;
mod tags;
mod tasks;
mod world;

pub use balancer::{Balancer, Rule, TargetGroup};
pub use fault::{Fault, Twist};
pub use launch::Job;
pub use stages::Stages;
pub use world::{Breaker, Deployment, Service, Task, Trouble, World};

use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::task::JoinHandle;

use super::lock;

/// A control plane; dropping it ends it.
#[derive(Debug)]
pub struct FakeEcs {
    address: String,
    world: Arc<Mutex<World>>,
    server: JoinHandle<()>,
}

impl FakeEcs {
    /// Starts one with nothing in it but the cluster `shop`.
    pub async fn start() -> std::io::Result<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let world = Arc::new(Mutex::new(World::new("shop")));
        let server = tokio::spawn(server::serve(listener, world.clone()));
        Ok(Self { address, world, server })
    }

    /// Where it is reached.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Looks at what it holds, or changes it, behind everybody's back.
    pub fn world<T>(&self, visit: impl FnOnce(&mut World) -> T) -> T {
        visit(&mut lock(&self.world))
    }

    /// Makes the next fitting call fail like this; faults happen in order.
    pub fn fail(&self, action: &'static str, fault: Fault) {
        self.world(|world| world.faults.push((action, fault)));
    }

    /// Changes what the next answers to an action say, and not what is there.
    pub fn twist(&self, twist: Twist) {
        self.world(|world| world.twists.push(twist));
    }

    /// Every call so far, in order.
    pub fn calls(&self) -> Vec<String> {
        self.world(|world| world.log.iter().map(|(action, _)| action.clone()).collect())
    }

    /// How often this was called.
    pub fn called(&self, action: &str) -> usize {
        self.world(|world| world.log.iter().filter(|(called, _)| called == action).count())
    }

    /// The last body that this was called with.
    pub fn asked(&self, action: &str) -> Option<Value> {
        let of = |(called, body): &(String, Value)| (called == action).then(|| body.clone());
        self.world(|world| world.log.iter().rev().find_map(of))
    }

    /// Forgets the calls so far.
    pub fn forget_calls(&self) {
        self.world(|world| world.log.clear());
    }
}

impl Drop for FakeEcs {
    fn drop(&mut self) {
        self.server.abort();
    }
}
