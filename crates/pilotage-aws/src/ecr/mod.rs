//! The registries of AWS: who may enter, what is there, and what scanners found.
//!
//! This is the control plane. Blobs and manifests go through the registry client, with the
//! credentials from here.

mod account;
mod credentials;
mod error;
mod host;
mod pattern;
mod repository;
mod scan;
mod tags;
mod token;

pub use credentials::EcrCredentials;
pub use error::EcrError;
pub use host::{EcrHost, PrivateHost};
pub use pattern::InvalidPattern;
pub use repository::{InvalidName, Repository, RepositoryName};
pub use scan::Scan;
pub use tags::{TagPattern, TagRule};
pub use token::{Token, public_token};

use aws_sdk_ecr::Client;

use crate::Session;

/// The private registries of one region.
#[derive(Debug, Clone)]
pub struct Ecr {
    client: Client,
    session: Session,
}

impl Ecr {
    /// The registries of the session's own region.
    pub fn new(session: &Session) -> Self {
        let session = session.clone();
        Self { client: Client::new(session.config()), session }
    }

    /// The registries of the host's region, which need not be the session's.
    pub fn at(session: &Session, host: &PrivateHost) -> Self {
        Self::new(&session.in_region(host.region()))
    }

    fn region(&self) -> &str {
        self.session.region()
    }

    fn place(&self) -> String {
        format!("the registry in {}", self.region())
    }
}
