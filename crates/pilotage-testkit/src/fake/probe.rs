//! Smoke checks that pass or fail as a test wants.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;
use pilotage_artifact::Release;
use pilotage_driver::role::Probe;
use pilotage_rollout::gate::Smoke;

use super::lock;

/// Knows some checks, each of which fails a number of times before it passes.
#[derive(Debug, Default)]
pub struct FakeProbe {
    failures: Mutex<BTreeMap<String, u32>>,
}

impl FakeProbe {
    /// Knows a check that fails this often first.
    pub fn with(self, check: &str, failures: u32) -> Self {
        lock(&self.failures).insert(check.into(), failures);
        self
    }
}

#[async_trait]
impl Probe for FakeProbe {
    async fn check(&self, _: &Release, smoke: &Smoke) -> Result<(), String> {
        match lock(&self.failures).get_mut(&smoke.check) {
            None => Err(format!("there is no check `{}`", smoke.check)),
            Some(0) => Ok(()),
            Some(left) => {
                *left -= 1;
                Err("503 Service Unavailable".into())
            }
        }
    }
}
