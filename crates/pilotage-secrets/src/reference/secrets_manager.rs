//! Secrets of AWS Secrets Manager: `asm:NAME-OR-ARN[#POINTER][@stage=STAGE|@id=VERSION]`.

use core::fmt::{self, Display, Formatter};

use super::{BadReference, Site};
use crate::{Stage, VersionId};

/// A secret of AWS Secrets Manager, in one version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretsManager {
    /// Where it is, if the reference is an ARN; the caller's account and region if not.
    pub site: Option<Site>,
    /// Its name; with the random suffix if it comes from an ARN that has it.
    pub name: SecretName,
    /// In which version.
    pub pick: Pick,
}

/// The name of a secret of Secrets Manager.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretName(String);

/// Which version of a secret is meant.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pick {
    /// The one that is current when it is read.
    #[default]
    Current,
    /// The one that has this stage when it is read; never `AWSCURRENT`, which is the first.
    Stage(Stage),
    /// Exactly this one.
    Id(VersionId),
}

impl SecretName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A name, if it can be one.
    pub fn new(text: &str) -> Result<Self, BadReference> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"/_+=.@-".contains(&byte);
        if !(1..=519).contains(&text.len()) || !text.bytes().all(fits) {
            return Err(BadReference::new(
                "the name of a secret is not 1 to 512 of letters, digits and `/_+=.@-`",
                "write `asm:NAME` or `asm:ARN`, then `#/KEY`, then `@stage=STAGE` or `@id=VERSION`",
            ));
        }
        if text.contains("@stage=") || text.contains("@id=") {
            return Err(BadReference::new(
                "the name of the secret contains `@stage=` or `@id=`",
                "a version is named once and last; a secret that is really called so needs a new \
                 name",
            ));
        }
        Ok(Self(text.into()))
    }

    /// Whether it ends like the ARN of a secret, in a hyphen and six letters or digits.
    pub fn ends_like_an_arn(&self) -> bool {
        let end = self.0.len().checked_sub(7).and_then(|at| self.0.as_bytes().get(at..));
        end.is_some_and(|end| match end {
            [b'-', rest @ ..] => rest.iter().all(u8::is_ascii_alphanumeric),
            _ => false,
        })
    }
}

impl Pick {
    /// Whatever has this stage.
    pub fn stage(stage: Stage) -> Self {
        if stage.as_str() == Stage::CURRENT { Self::Current } else { Self::Stage(stage) }
    }

    /// Cuts a text before what says the version.
    pub(super) fn split(text: &str) -> Result<(&str, Self), BadReference> {
        let wrong = |_| {
            BadReference::new(
                "what follows `@stage=` or `@id=` names no stage and no version",
                "write `@stage=AWSPREVIOUS` or `@id=` and the id of a version, at the end",
            )
        };
        let (stage_at, id_at) = (text.rfind("@stage="), text.rfind("@id="));
        if stage_at.is_none() && id_at.is_none() {
            return Ok((text, Self::Current));
        }
        let at = stage_at.max(id_at).unwrap_or(text.len());
        let (before, pick) = text.split_at(at);
        let pick = match pick.strip_prefix("@stage=") {
            Some(stage) => Self::stage(stage.parse().map_err(wrong)?),
            None => Self::Id(pick.strip_prefix("@id=").unwrap_or(pick).parse().map_err(wrong)?),
        };
        Ok((before, pick))
    }
}

impl SecretsManager {
    /// Reads a name or an ARN.
    pub(super) fn parse(id: &str, pick: Pick) -> Result<Self, BadReference> {
        if !id.starts_with("arn:") {
            return Ok(Self { site: None, name: SecretName::new(id)?, pick });
        }
        let (site, resource) = Site::split(id, "secretsmanager")?;
        let Some(name) = resource.strip_prefix("secret:") else {
            return Err(BadReference::new(
                "the ARN is not that of a secret",
                "its resource begins with `secret:`",
            ));
        };
        Ok(Self { site: Some(site), name: SecretName::new(name)?, pick })
    }

    /// What the service calls `SecretId`: the name, or the ARN.
    pub fn secret_id(&self) -> String {
        match &self.site {
            None => self.name.as_str().into(),
            Some(site) => site.arn("secretsmanager", &format_args!("secret:{}", self.name)),
        }
    }
}

impl Display for SecretName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Display for Pick {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Current => Ok(()),
            Self::Stage(stage) => write!(f, "@stage={stage}"),
            Self::Id(id) => write!(f, "@id={id}"),
        }
    }
}
