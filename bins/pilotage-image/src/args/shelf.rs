//! Where the evidence is kept, as it is typed.

use core::fmt::{self, Display, Formatter};
use core::str::FromStr;
use std::path::PathBuf;

use pilotage_artifact::{InvalidRepository, Repository};

/// What tells a repository from a directory: both are words with slashes.
const SCHEME: &str = "oci://";

/// Where the evidence is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shelf {
    /// In a directory.
    Directory(PathBuf),
    /// In a repository of a registry.
    Repository(Repository),
}

impl FromStr for Shelf {
    type Err = InvalidRepository;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.strip_prefix(SCHEME) {
            Some(repository) => repository.parse().map(Self::Repository),
            None => Ok(Self::Directory(text.into())),
        }
    }
}

impl Display for Shelf {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory(path) => path.display().fmt(f),
            Self::Repository(repository) => write!(f, "{SCHEME}{repository}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_tells_a_repository_from_a_directory() {
        let shelf = |text: &str| text.parse::<Shelf>();
        assert_eq!(shelf("a.example/b"), Ok(Shelf::Directory("a.example/b".into())));
        assert!(matches!(shelf("oci://a.example/b"), Ok(Shelf::Repository(_))));
        assert!(shelf("oci://a.example/B!").is_err());
    }
}
