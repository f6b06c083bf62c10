//! The secrets of an environment, as they are typed: its name, and the file of their pins.

use core::str::FromStr;
use std::path::PathBuf;

use pilotage_record::text::EnvironmentName;

/// Which secrets an environment has, in which versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pinned {
    pub(crate) environment: EnvironmentName,
    pub(crate) file: PathBuf,
}

impl FromStr for Pinned {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let split = text.split_once('=').filter(|(_, file)| !file.is_empty());
        let (environment, file) =
            split.ok_or_else(|| "an environment and a file are expected".to_owned())?;
        let environment = environment
            .parse()
            .map_err(|error: pilotage_record::text::InvalidText| error.to_string())?;
        Ok(Self { environment, file: file.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environment_comes_before_its_file() {
        let pinned: Pinned = "prod=a=b/pins.json".parse().expect("both are there");
        assert_eq!((pinned.environment.as_str(), pinned.file), ("prod", "a=b/pins.json".into()));
        for wrong in ["pins.json", "prod=", "=pins.json", "release=pins.json", "Prod=pins.json"] {
            assert!(wrong.parse::<Pinned>().is_err(), "{wrong}");
        }
    }
}
