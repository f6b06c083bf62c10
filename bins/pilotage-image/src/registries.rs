//! The registries that the verbs talk to, with the credentials of whoever runs them.
//!
//! Credentials are looked for in the environment first and in Docker's configuration after that, for
//! what is given to one job is more specific than what a machine keeps. Registries on this machine
//! are spoken to without TLS, all others with it.

use std::io;
use std::path::Path;
use std::sync::Arc;

use pilotage_artifact::{Reference, Repository};
use pilotage_driver::role::Clock;
use pilotage_redact::Veil;
use pilotage_registry::auth::{Credential, Credentials, DockerConfig, FirstOf, Given, Installed};
use pilotage_registry::{Client, Manifest, Name, Remote, Roots, Settings};

use crate::concealing::Concealing;
use crate::error::{Done, registry, wrong};
use crate::files;
use crate::surroundings::Surroundings;

/// The largest configuration of Docker, or file of certificates, that is read.
const LARGEST: usize = 1 << 20;

/// The registries that the verbs talk to.
#[derive(Debug, Clone)]
pub(crate) struct Registries(Client);

impl Registries {
    pub(crate) fn open(
        surroundings: &Surroundings,
        clock: Arc<dyn Clock>,
        veil: Veil,
    ) -> Done<Self> {
        let mut sources: Vec<Arc<dyn Credentials>> = vec![Arc::new(given(surroundings))];
        if let Some(path) = &surroundings.docker
            && let Some(config) = docker(path)?
        {
            sources.push(Arc::new(config));
        }
        let roots = surroundings.authority.as_deref().map(authority).transpose()?;
        let (roots, proxies) = (roots.unwrap_or_default(), surroundings.proxies.clone());
        let settings = Settings { roots, proxies, ..Settings::default() };
        let credentials = Concealing::new(FirstOf(sources), veil);
        Ok(Self(Client::new(Arc::new(credentials), clock, settings)))
    }

    /// A repository at its registry.
    pub(crate) fn at(&self, repository: &Repository) -> Done<Remote> {
        self.0.repository(repository).map_err(registry)
    }

    /// What a reference names now: its bytes, hashed, so that nobody's word is taken for it.
    pub(crate) async fn read(&self, reference: &Reference) -> Done<(Remote, Manifest)> {
        let at = self.at(reference.repository())?;
        let name = match reference {
            Reference::Tag(image) => Name::Tag(image.tag().clone()),
            Reference::Digest(image) => Name::Digest(image.digest()),
        };
        let manifest = at.manifest(&name).await.map_err(registry)?;
        Ok((at, manifest))
    }
}

fn given(surroundings: &Surroundings) -> Given {
    let mut given = Given::default();
    if let Some(token) = &surroundings.github {
        // The registry reads the token alone; the user only has to be there.
        given = given.with_ghcr("token", token.clone());
    }
    if let Some(login) = surroundings.login.clone() {
        let credential = Credential::Password { user: login.user, password: login.password };
        given = given.with(login.registry, credential);
    }
    given
}

fn authority(path: &Path) -> Done<Roots> {
    let unusable = || format!("the authority in {} cannot be trusted", path.display());
    Roots::parse(&files::read(path, LARGEST)?).map_err(|error| wrong(unusable(), error))
}

fn docker(path: &Path) -> Done<Option<DockerConfig>> {
    let unusable = || format!("the credentials in {} cannot be used", path.display());
    let Some(bytes) = files::read_if_there(path, LARGEST)? else { return Ok(None) };
    let text = String::from_utf8(bytes)
        .map_err(|error| wrong(unusable(), io::Error::new(io::ErrorKind::InvalidData, error)))?;
    let config = DockerConfig::parse(&text, Arc::new(Installed));
    config.map(Some).map_err(|error| wrong(unusable(), error))
}
