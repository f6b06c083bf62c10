//! A prober that knows what each address would answer.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use pilotage_artifact::ReleaseId;

use crate::health::{HealthCheck, Prober, Unhealthy};
use crate::router::Upstream;

use super::locked;

/// What answers on an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FakeAnswer {
    /// A well unit of this release.
    Well(ReleaseId),
    /// A unit with this status, which must not be 2xx to be unwell.
    Status(u16),
    /// Something that accepts and says nothing.
    Silence,
}

/// Answers probes from a table; an address that is not in it refuses connections.
#[derive(Debug, Default)]
pub struct FakeProber {
    answers: Mutex<BTreeMap<SocketAddr, FakeAnswer>>,
}

impl FakeProber {
    /// From now on, this answers on the address.
    pub fn set(&self, address: SocketAddr, answer: FakeAnswer) {
        locked(&self.answers).insert(address, answer);
    }

    /// From now on, nothing listens on the address.
    pub fn unset(&self, address: SocketAddr) {
        locked(&self.answers).remove(&address);
    }
}

#[async_trait]
impl Prober for FakeProber {
    async fn probe(&self, unit: Upstream, check: &HealthCheck) -> Result<Duration, Unhealthy> {
        let expected = check.release.clone();
        match locked(&self.answers).get(&unit.address) {
            None => {
                let source = io::Error::from(io::ErrorKind::ConnectionRefused);
                Err(Unhealthy::Unreachable { unit: unit.address, source })
            }
            Some(FakeAnswer::Silence) => Err(Unhealthy::TimedOut { deadline: check.deadline }),
            Some(FakeAnswer::Status(status)) => Err(Unhealthy::Status { status: *status }),
            Some(FakeAnswer::Well(found)) if *found != expected => {
                Err(Unhealthy::WrongRelease { expected, found: found.to_string() })
            }
            Some(FakeAnswer::Well(_)) => Ok(Duration::from_millis(1)),
        }
    }
}
