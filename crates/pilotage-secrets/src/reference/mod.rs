//! References: where a value comes from, and never what it is.
//!
//! | written | where the value is |
//! |---|---|
//! | `asm:NAME-OR-ARN[#/KEY][@stage=STAGE\|@id=VERSION]` | AWS Secrets Manager |
//! | `ssm:NAME-OR-ARN[:VERSION\|:LABEL][#/KEY]` | SSM Parameter Store |
//! | `akv:VAULT/NAME[/VERSION][#/KEY]` | Azure Key Vault |
//! | `k8s:NAMESPACE/NAME/KEY[#/KEY]` | a Kubernetes Secret |
//! | `env:NAME[#/KEY]` | an environment variable |
//! | `file:PATH[#/KEY]` | a file |
//!
//! An ARN as ECS writes it in `valueFrom`, and what `vals` reads (`ref+awssecrets://…`), are
//! understood as well. Each is printed as above.
//!
//! It deliberately has no default kind: a text without a known beginning is an error.

mod arn;
mod error;
mod key_vault;
mod kubernetes;
mod local;
mod parameter;
mod pin;
mod pointer;
mod secrets_manager;
mod vals;
mod value_from;

use core::fmt::{self, Display, Formatter};
use core::str::FromStr;

pub use arn::Site;
pub use error::BadReference;
pub use key_vault::{Cloud, KeyVault};
pub use kubernetes::Kubernetes;
pub use local::{FilePath, Variable};
pub use parameter::{Label, Parameter, ParameterName, Selector};
pub use pointer::Pointer;
pub use secrets_manager::{Pick, SecretName, SecretsManager};

/// Where a value comes from: something that can be asked for, and perhaps a place inside of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    locator: Locator,
    pointer: Option<Pointer>,
}

/// Something that a source can be asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Locator {
    /// A secret of AWS Secrets Manager.
    SecretsManager(SecretsManager),
    /// A parameter of SSM Parameter Store.
    Parameter(Parameter),
    /// A secret of Azure Key Vault.
    KeyVault(KeyVault),
    /// A value of a Kubernetes Secret.
    Kubernetes(Kubernetes),
    /// An environment variable.
    Env(Variable),
    /// A file.
    File(FilePath),
}

impl Reference {
    /// A reference to something, or to a place inside of it.
    pub fn new(locator: Locator, pointer: Option<Pointer>) -> Result<Self, BadReference> {
        let text = pointer.as_ref().map(ToString::to_string).unwrap_or_default();
        let is_secret = matches!(locator, Locator::SecretsManager(_));
        if is_secret && (text.contains("@stage=") || text.contains("@id=")) {
            return Err(BadReference::new(
                "the key contains `@stage=` or `@id=`",
                "a version is named once and last, as in `asm:NAME#/KEY@id=VERSION`",
            ));
        }
        Ok(Self { locator, pointer })
    }

    /// What is asked for.
    pub const fn locator(&self) -> &Locator {
        &self.locator
    }

    /// The place inside of it; the whole of it if none.
    pub const fn pointer(&self) -> Option<&Pointer> {
        self.pointer.as_ref()
    }

    /// What is doubtful about a reference that is valid.
    pub fn warning(&self) -> Option<&'static str> {
        match &self.locator {
            Locator::SecretsManager(SecretsManager { site: None, name, .. })
                if name.ends_like_an_arn() =>
            {
                Some(
                    "the name ends in a hyphen and six characters, as the end of an ARN does, so \
                     that the service may find another secret: refer to it by its whole ARN",
                )
            }
            _ => None,
        }
    }
}

impl Locator {
    /// The beginning of references of this kind.
    pub const fn scheme(&self) -> &'static str {
        match self {
            Self::SecretsManager(_) => "asm",
            Self::Parameter(_) => "ssm",
            Self::KeyVault(_) => "akv",
            Self::Kubernetes(_) => "k8s",
            Self::Env(_) => "env",
            Self::File(_) => "file",
        }
    }
}

impl FromStr for Reference {
    type Err = BadReference;

    fn from_str(text: &str) -> Result<Self, BadReference> {
        if text.starts_with("arn:") {
            return Self::from_value_from(text);
        }
        if let Some(rest) = text.strip_prefix("ref+") {
            return Self::from_vals(rest);
        }
        let (scheme, rest) = text.split_once(':').ok_or(no_scheme())?;
        let (rest, pick) = match scheme {
            "asm" => Pick::split(rest)?,
            _ => (rest, Pick::Current),
        };
        let (rest, pointer) = match rest.split_once('#') {
            None => (rest, None),
            Some((rest, pointer)) => (rest, Some(pointer.parse()?)),
        };
        let locator = match scheme {
            "asm" => Locator::SecretsManager(SecretsManager::parse(rest, pick)?),
            "ssm" => Locator::Parameter(Parameter::parse(rest)?),
            "akv" => Locator::KeyVault(KeyVault::parse(rest)?),
            "k8s" => Locator::Kubernetes(Kubernetes::parse(rest)?),
            "env" => Locator::Env(rest.parse()?),
            "file" => Locator::File(rest.parse()?),
            _ => return Err(no_scheme()),
        };
        Self::new(locator, pointer)
    }
}

const fn no_scheme() -> BadReference {
    BadReference::new(
        "this does not begin like a reference (the text is not shown, for it may be a secret)",
        "begin with `asm:`, `ssm:`, `akv:`, `k8s:`, `env:`, `file:`, `arn:` or `ref+`; if it is a \
         secret, take it out of the file, and change it if the file was shared",
    )
}

impl Display for Locator {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.scheme())?;
        match self {
            Self::SecretsManager(secret) => write!(f, "{}{}", secret.secret_id(), secret.pick),
            Self::Parameter(parameter) => f.write_str(&parameter.request_name()),
            Self::KeyVault(secret) => secret.fmt(f),
            Self::Kubernetes(secret) => secret.fmt(f),
            Self::Env(variable) => variable.fmt(f),
            Self::File(path) => path.fmt(f),
        }
    }
}

impl Display for Reference {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match (&self.locator, &self.pointer) {
            (locator, None) => locator.fmt(f),
            (Locator::SecretsManager(secret), Some(pointer)) => {
                write!(f, "asm:{}#{pointer}{}", secret.secret_id(), secret.pick)
            }
            (locator, Some(pointer)) => write!(f, "{locator}#{pointer}"),
        }
    }
}
