//! A program that migrates.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use pilotage_migration::saga::program::{End, Ended, Program};
use pilotage_rollout::Fence;

use super::{Death, lock};

/// A program that migrates, and keeps its own history: what it did once it does not do again.
#[derive(Debug, Default)]
pub struct FakeProgram {
    started: Mutex<Vec<Fence>>,
    done: Mutex<bool>,
    fails: Mutex<Option<Ended>>,
    death: Arc<Death>,
}

impl FakeProgram {
    /// A program whose users die as this says.
    pub fn mortal(death: Arc<Death>) -> Self {
        Self { death, ..Self::default() }
    }

    /// Lets it end like this, from now on.
    pub fn ends(&self, how: End, tail: &str) {
        *lock(&self.fails) = Some(Ended { how, tail: tail.into() });
    }

    /// Lets it do its work, from now on.
    pub fn mend(&self) {
        *lock(&self.fails) = None;
    }

    /// Under which fences it was started.
    pub fn started(&self) -> Vec<Fence> {
        lock(&self.started).clone()
    }

    /// Whether it has done its work.
    pub fn is_done(&self) -> bool {
        *lock(&self.done)
    }
}

#[async_trait]
impl Program for FakeProgram {
    fn command(&self) -> String {
        "migrate all".into()
    }

    async fn run(&self, fence: Fence) -> Ended {
        self.death.point().await;
        lock(&self.started).push(fence);
        self.death.point().await;
        if let Some(ended) = lock(&self.fails).clone() {
            return ended;
        }
        *lock(&self.done) = true;
        self.death.point().await;
        Ended { how: End::Exited(0), tail: String::new() }
    }

    async fn settled(&self) {}
}
