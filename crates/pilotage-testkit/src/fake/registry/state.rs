//! What a registry holds.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use bytes::Bytes;
use pilotage_artifact::Digest;

use super::{Behaviour, Fault};

/// A request that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its method.
    pub method: String,
    /// Its path with its query.
    pub path: String,
    /// The status of the answer; nothing where the connection was broken.
    pub status: Option<u16>,
    /// The credentials that came along.
    pub authorization: Option<String>,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) address: SocketAddr,
    pub(super) behaviour: Behaviour,
    pub(super) faults: Vec<Fault>,
    pub(super) log: Vec<Seen>,
    pub(super) tokens: BTreeMap<String, Vec<String>>,
    pub(super) uploads: BTreeMap<u64, Upload>,
    repositories: BTreeMap<String, Repository>,
    count: u64,
}

#[derive(Debug, Default)]
pub(super) struct Repository {
    pub(super) blobs: BTreeMap<Digest, Bytes>,
    pub(super) manifests: BTreeMap<Digest, Manifest>,
    pub(super) tags: BTreeMap<String, Digest>,
}

#[derive(Debug, Clone)]
pub(super) struct Manifest {
    pub(super) media_type: String,
    pub(super) bytes: Bytes,
}

#[derive(Debug)]
pub(super) struct Upload {
    pub(super) repository: String,
    pub(super) bytes: Vec<u8>,
}

impl State {
    pub(super) fn new(address: SocketAddr, behaviour: Behaviour) -> Self {
        Self {
            address,
            behaviour,
            faults: Vec::new(),
            log: Vec::new(),
            tokens: BTreeMap::new(),
            uploads: BTreeMap::new(),
            repositories: BTreeMap::new(),
            count: 0,
        }
    }

    /// A number that was not used before.
    pub(super) fn next(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    /// Takes the first fault that fits.
    pub(super) fn fault(&mut self, fits: impl Fn(&Fault) -> bool) -> Option<Fault> {
        let at = self.faults.iter().position(fits)?;
        Some(self.faults.remove(at))
    }

    pub(super) fn repository(&self, name: &str) -> Option<&Repository> {
        self.repositories.get(name)
    }

    /// The repository, made if it is not there.
    pub(super) fn made(&mut self, name: &str) -> &mut Repository {
        self.repositories.entry(name.into()).or_default()
    }

    /// The repository, if one may push to it.
    pub(super) fn pushed(&mut self, name: &str) -> Option<&mut Repository> {
        if self.behaviour.makes_repositories {
            return Some(self.made(name));
        }
        self.repositories.get_mut(name)
    }
}

impl Repository {
    /// What a reference stands for.
    pub(super) fn resolve(&self, reference: &str) -> Option<(Digest, &Manifest)> {
        let digest = match reference.parse() {
            Ok(digest) => digest,
            Err(_) => *self.tags.get(reference)?,
        };
        self.manifests.get(&digest).map(|manifest| (digest, manifest))
    }
}
