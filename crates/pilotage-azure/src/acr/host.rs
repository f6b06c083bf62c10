//! The host of a registry.

use std::fmt::{self, Display, Formatter};

/// The suffixes of public Azure and of the national clouds.
const SUFFIXES: [&str; 3] = [".azurecr.io", ".azurecr.cn", ".azurecr.us"];

/// The host of a registry of Azure, such as `myregistry.azurecr.io`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AcrHost(String);

impl AcrHost {
    /// The host, if it is one of Azure's.
    ///
    /// ```
    /// use pilotage_azure::acr::AcrHost;
    ///
    /// assert!(AcrHost::parse("myregistry.azurecr.io").is_some());
    /// assert!(AcrHost::parse("myregistry.azurecr.io.example.org").is_none());
    /// ```
    pub fn parse(host: &str) -> Option<Self> {
        let host = host.to_ascii_lowercase();
        let name = SUFFIXES.iter().find_map(|suffix| host.strip_suffix(suffix))?;
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let is_name = !name.is_empty() && name.bytes().all(fits);
        is_name.then_some(Self(host))
    }

    /// A host that is taken for one because somebody said so.
    pub(super) fn named(host: &str) -> Self {
        Self(host.to_ascii_lowercase())
    }
}

impl Display for AcrHost {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_that_only_look_like_it_get_nothing() {
        for good in ["a.azurecr.io", "MyRegistry.azurecr.cn", "team-hash.azurecr.us"] {
            assert!(AcrHost::parse(good).is_some(), "{good}");
        }
        for wrong in [
            "azurecr.io",
            ".azurecr.io",
            "a.b.azurecr.io",
            "evil-azurecr.io",
            "a.azurecr.io:444",
            "a.azurecr.io.example.org",
            "a/b.azurecr.io",
            "ghcr.io",
        ] {
            assert!(AcrHost::parse(wrong).is_none(), "{wrong}");
        }
    }
}
