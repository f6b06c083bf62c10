//! Programs under their digests: rebuilding a program does not change what a release means.
//!
//! A program is copied once and never written again; two releases of one program share the copy.
//! Copies are removed only together with the release that names them, so a copy that was added
//! and not yet registered is safe from every clean-up.

use std::io;
use std::path::{Path, PathBuf};

use pilotage_artifact::Digest;

use crate::directory::ServiceDirectory;
use crate::os;
use crate::runtime::{Environment, HealthPath, Identity, LocalArtifact, RestartPolicy, StopPolicy};

/// A program as its builder left it, with all that its behaviour depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// The file; it may be rebuilt or removed once it was added.
    pub file: PathBuf,
    /// The arguments.
    pub args: Vec<String>,
    /// The environment, all of it.
    pub env: Environment,
    /// The directory to run in.
    pub working_dir: PathBuf,
    /// The environment variable that tells the program its port.
    pub port_variable: String,
    /// Where the program answers whether it is well.
    pub health: HealthPath,
    /// What its answer there must say of its release.
    pub identity: Identity,
    /// How the program is stopped.
    pub stop: StopPolicy,
    /// What happens when it ends unasked.
    pub restart: RestartPolicy,
}

impl Program {
    /// This file with the usual settings: no arguments, an empty environment, the port in `PORT`.
    pub fn new(file: impl Into<PathBuf>, health: HealthPath) -> Self {
        Self {
            file: file.into(),
            args: Vec::new(),
            env: Environment::default(),
            working_dir: PathBuf::from("/"),
            port_variable: "PORT".to_owned(),
            health,
            identity: Identity::default(),
            stop: StopPolicy::default(),
            restart: RestartPolicy::default(),
        }
    }
}

/// The programs of one service.
#[derive(Debug, Clone)]
pub struct ArtifactStore {
    directory: PathBuf,
}

impl ArtifactStore {
    /// The programs in this service directory, which is made if there is none.
    pub fn open(directory: &ServiceDirectory) -> Result<Self, ArtifactError> {
        directory.open().map_err(|source| ArtifactError::Directory { source })?;
        Ok(Self { directory: directory.artifacts() })
    }

    pub(crate) fn of(directory: &ServiceDirectory) -> Self {
        Self { directory: directory.artifacts() }
    }

    /// Copies the program under its digest, unless it is there; blocks while it does.
    pub fn add(&self, program: Program) -> Result<LocalArtifact, ArtifactError> {
        let bytes = os::read_all(&program.file).map_err(unreadable(&program.file))?;
        let digest = Digest::of(&bytes);
        let place = self.place(&digest);
        os::make_directory(&self.directory).map_err(unwritable(&self.directory))?;
        // A copy that was tampered with is replaced.
        let is_there = os::read_all(&place).is_ok_and(|copy| Digest::of(&copy) == digest);
        if !is_there {
            os::write_program(&place, &bytes).map_err(unwritable(&place))?;
        }
        Ok(LocalArtifact {
            program: place,
            program_digest: digest,
            args: program.args,
            env: program.env,
            working_dir: program.working_dir,
            port_variable: program.port_variable,
            health: program.health,
            identity: program.identity,
            stop: program.stop,
            restart: program.restart,
        })
    }

    /// Removes the copy that this artifact runs, if it is one of this store.
    pub(crate) fn remove(&self, artifact: &LocalArtifact) -> io::Result<()> {
        let place = self.place(&artifact.program_digest);
        if artifact.program == place { os::remove_file(&place) } else { Ok(()) }
    }

    fn place(&self, digest: &Digest) -> PathBuf {
        self.directory.join(digest.to_string().replace(':', "-"))
    }
}

fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> ArtifactError {
    let path = path.display().to_string();
    move |source| ArtifactError::Unreadable { path, source }
}

fn unwritable(path: &Path) -> impl FnOnce(io::Error) -> ArtifactError {
    let path = path.display().to_string();
    move |source| ArtifactError::Unwritable { path, source }
}

/// Why a program could not be kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArtifactError {
    /// The service directory is not usable.
    #[error("programs cannot be kept")]
    Directory {
        /// Why.
        source: crate::directory::DirectoryError,
    },
    /// The program could not be read.
    #[error("cannot read {path}")]
    Unreadable {
        /// The program.
        path: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// Its copy could not be written.
    #[error("cannot write {path}")]
    Unwritable {
        /// The copy, or the directory for it.
        path: String,
        /// What the operating system said.
        source: io::Error,
    },
}

impl ArtifactError {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::Directory { .. } => "choose a directory that is yours and nobody else's".into(),
            Self::Unreadable { .. } => "build it, or correct `program`".into(),
            Self::Unwritable { path, source } if source.kind() == io::ErrorKind::StorageFull => {
                format!("free some space for {path}")
            }
            Self::Unwritable { path, .. } => format!("see to it that {path} can be written"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rebuilding_a_program_does_not_change_what_was_added() {
        let home = tempfile::tempdir().expect("a directory");
        let directory = ServiceDirectory::at(home.path().join("service")).expect("a path");
        let store = ArtifactStore::open(&directory).expect("private");
        let file = home.path().join("program");
        os::write_atomically(&file, b"first build").expect("written");
        let program = || Program::new(&file, "/".parse().expect("a path"));
        let first = store.add(program()).expect("added");
        assert_eq!(store.add(program()).expect("again"), first);
        os::write_atomically(&file, b"second build").expect("written");
        let second = store.add(program()).expect("added");
        assert_ne!(first.program, second.program);
        assert_eq!(os::read_all(&first.program).expect("kept"), b"first build");
        store.remove(&first).expect("removed");
        assert!(os::read_all(&first.program).is_err());
        assert_eq!(os::read_all(&second.program).expect("kept"), b"second build");
    }

    #[test]
    fn a_full_disk_is_not_a_program_that_is_not_built() {
        let (path, full) = (Path::new("/service/artifacts"), io::ErrorKind::StorageFull);
        assert!(unreadable(path)(io::ErrorKind::NotFound.into()).help().starts_with("build it"));
        assert!(unwritable(path)(full.into()).help().starts_with("free some space"));
        let denied = unwritable(path)(io::ErrorKind::PermissionDenied.into());
        assert!(denied.help().ends_with("can be written"));
    }
}
