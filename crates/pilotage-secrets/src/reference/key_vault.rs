//! Secrets of Azure Key Vault: `akv:VAULT/NAME[/VERSION][#POINTER]`.

use core::fmt::{self, Display, Formatter};

use super::BadReference;
use crate::VersionId;

/// A secret of Azure Key Vault, in one version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyVault {
    vault: String,
    cloud: Cloud,
    name: String,
    version: Option<VersionId>,
}

/// The clouds of Azure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cloud {
    /// The one for everybody.
    #[default]
    Public,
    /// The one of China.
    China,
    /// The one of the government of the United States.
    Government,
}

impl Cloud {
    const ALL: [Self; 3] = [Self::Public, Self::China, Self::Government];

    /// What the host of each vault ends in.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Public => "vault.azure.net",
            Self::China => "vault.azure.cn",
            Self::Government => "vault.usgovcloudapi.net",
        }
    }
}

impl KeyVault {
    /// The name of the vault.
    pub fn vault(&self) -> &str {
        &self.vault
    }

    /// In which cloud the vault is.
    pub const fn cloud(&self) -> Cloud {
        self.cloud
    }

    /// The name of the secret.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version; the newest if none.
    pub const fn version(&self) -> Option<&VersionId> {
        self.version.as_ref()
    }

    /// The host of the vault.
    pub fn host(&self) -> String {
        format!("{}.{}", self.vault, self.cloud.suffix())
    }

    /// The same secret in this version.
    pub fn at(&self, version: VersionId) -> Result<Self, BadReference> {
        let digits = version.as_str().bytes();
        if version.as_str().len() == 32 && digits.into_iter().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(Self { version: Some(version), ..self.clone() });
        }
        Err(BadReference::new(
            "the version of a secret of Key Vault is not 32 hexadecimal digits",
            "copy it from the portal, or leave it out for the newest",
        ))
    }

    /// The same secret in its newest version.
    pub fn newest(&self) -> Self {
        Self { version: None, ..self.clone() }
    }

    /// Reads `VAULT/NAME[/VERSION]`.
    pub(super) fn parse(text: &str) -> Result<Self, BadReference> {
        let parts: Vec<&str> = text.split('/').collect();
        match parts.as_slice() {
            [vault, name] => Self::new(vault, name),
            [vault, name, version] => {
                let version = version.parse().map_err(|_| shape())?;
                Self::new(vault, name)?.at(version)
            }
            _ => Err(shape()),
        }
    }

    fn new(vault: &str, name: &str) -> Result<Self, BadReference> {
        let (vault, cloud) = in_cloud(vault)?;
        let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let letter = |first: char| first.is_ascii_alphabetic();
        let is_vault = (3..=24).contains(&vault.len())
            && vault.bytes().all(word)
            && vault.starts_with(letter)
            && !vault.ends_with('-');
        if !is_vault || !(1..=127).contains(&name.len()) || !name.bytes().all(word) {
            return Err(shape());
        }
        let vault = vault.to_ascii_lowercase();
        Ok(Self { vault, cloud, name: name.into(), version: None })
    }
}

fn in_cloud(host: &str) -> Result<(&str, Cloud), BadReference> {
    let Some((vault, suffix)) = host.split_once('.') else { return Ok((host, Cloud::Public)) };
    let cloud = Cloud::ALL.into_iter().find(|cloud| cloud.suffix() == suffix);
    cloud.map(|cloud| (vault, cloud)).ok_or(BadReference::new(
        "the host of the vault is not one of Azure's",
        "write the name of the vault alone, or with `.vault.azure.net`, `.vault.azure.cn` or \
         `.vault.usgovcloudapi.net`",
    ))
}

const fn shape() -> BadReference {
    BadReference::new(
        "this is not `akv:VAULT/NAME` or `akv:VAULT/NAME/VERSION`",
        "a vault has 3 to 24 letters, digits and hyphens, a secret up to 127, a version 32 \
         hexadecimal digits",
    )
}

impl Display for KeyVault {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.cloud {
            Cloud::Public => f.write_str(&self.vault)?,
            cloud => write!(f, "{}.{}", self.vault, cloud.suffix())?,
        }
        write!(f, "/{}", self.name)?;
        self.version.as_ref().map_or(Ok(()), |version| write!(f, "/{version}"))
    }
}
