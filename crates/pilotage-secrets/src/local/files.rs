//! Values in files, one each, exactly as they are.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::PathBuf;

use async_trait::async_trait;

use super::lane;
use crate::{Description, Errand, Failure, Fetched, Lane, Locator, Secret, SecretSource, Words};

/// No secret is larger than this; a path that leads to something else is found out by it.
const LARGEST: u64 = 1 << 20;

/// The files of this machine.
#[derive(Debug, Clone)]
pub struct Files {
    base: PathBuf,
}

impl Files {
    /// Files; relative paths begin at `base`.
    pub fn new(base: impl Into<PathBuf>) -> Self {
        Self { base: base.into() }
    }

    fn path(&self, locator: &Locator) -> Result<PathBuf, Failure> {
        match locator {
            Locator::File(path) => Ok(self.base.join(path.as_path())),
            _ => Err(Failure::Missing),
        }
    }

    fn read(&self, locator: &Locator) -> Result<Fetched, Failure> {
        let path = self.path(locator)?;
        ordinary(&fs::metadata(&path).map_err(|error| failure(&error))?)?;
        let value = whole(&path).map_err(|error| failure(&error))?;
        if value.len() as u64 > LARGEST {
            return Err(too_large());
        }
        Ok(Fetched { version: None, value: Secret::new(value) })
    }

    fn look(&self, locator: &Locator) -> Result<Description, Failure> {
        let metadata = fs::metadata(self.path(locator)?).map_err(|error| failure(&error))?;
        ordinary(&metadata).map(|()| Description::default())
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one source that reads files")]
fn whole(path: &std::path::Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    // Enough room from the beginning, so that no copy is left behind by growing.
    let size = usize::try_from(file.metadata()?.len().min(LARGEST)).unwrap_or(0);
    let mut value = Vec::with_capacity(size + 1);
    file.take(LARGEST + 1).read_to_end(&mut value)?;
    Ok(value)
}

/// Reading a pipe would wait, and reading a device would not end.
fn ordinary(metadata: &fs::Metadata) -> Result<(), Failure> {
    if !metadata.is_file() {
        return Err(Failure::NotUnderstood { said: Words::new("it is not an ordinary file") });
    }
    if metadata.len() > LARGEST { Err(too_large()) } else { Ok(()) }
}

fn too_large() -> Failure {
    Failure::NotUnderstood { said: Words::new("the file is larger than a mebibyte") }
}

fn failure(error: &io::Error) -> Failure {
    let said = Words::new(&error.to_string());
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Failure::Missing,
        ErrorKind::PermissionDenied => Failure::Denied { said },
        _ => Failure::NotUnderstood { said },
    }
}

#[async_trait]
impl SecretSource for Files {
    fn place(&self) -> String {
        format!("the files under {}", self.base.display())
    }

    fn lane(&self, _: Errand, locator: &Locator) -> Option<Lane> {
        matches!(locator, Locator::File(_)).then(|| lane("file"))
    }

    async fn fetch(&self, wanted: &[Locator]) -> Vec<Result<Fetched, Failure>> {
        wanted.iter().map(|locator| self.read(locator)).collect()
    }

    async fn describe(&self, wanted: &[Locator]) -> Vec<Result<Description, Failure>> {
        wanted.iter().map(|locator| self.look(locator)).collect()
    }
}
