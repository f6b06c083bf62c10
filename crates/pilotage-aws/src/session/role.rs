//! Roles to assume, as names that are valid if they exist.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;
use std::sync::Arc;

use pilotage_identity::Identity;

/// A role to assume.
#[derive(Debug, Clone)]
pub struct Role {
    /// Which one.
    pub arn: RoleArn,
    /// What this use of it is called in `CloudTrail`.
    pub session: SessionName,
    /// What the role's trust policy asks third parties for.
    pub external_id: Option<String>,
    /// Who has tokens of the CI system, which stand for all other credentials.
    pub web_identity: Option<Arc<dyn Identity>>,
}

/// The name of a role, such as `arn:aws:iam::123456789012:role/deploy`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RoleArn(String);

/// What a use of a role is called in `CloudTrail`: 2 to 64 of letters, digits and `_+=,.@-`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SessionName(String);

/// Text that names no role, or no use of one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRole {
    /// Not the name of a role.
    #[error(
        "`{given}` is not a role: `arn:aws:iam::<12 digits>:role/<name>` is expected, as the \
         console shows it"
    )]
    Arn {
        /// What was given.
        given: String,
    },
    /// Not a name for a session.
    #[error("`{given}` cannot name a session: 2 to 64 of letters, digits and `_+=,.@-` can")]
    SessionName {
        /// What was given.
        given: String,
    },
}

impl RoleArn {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RoleArn {
    type Err = InvalidRole;

    fn from_str(text: &str) -> Result<Self, InvalidRole> {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let valid = match parts.as_slice() {
            ["arn", partition, "iam", "", account, resource] => {
                partition.starts_with("aws")
                    && is_account(account)
                    && resource.strip_prefix("role/").is_some_and(|name| !name.is_empty())
            }
            _ => false,
        };
        if valid { Ok(Self(text.into())) } else { Err(InvalidRole::Arn { given: text.into() }) }
    }
}

impl Display for RoleArn {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether this is the number of an account.
pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl SessionName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SessionName {
    type Err = InvalidRole;

    fn from_str(text: &str) -> Result<Self, InvalidRole> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
        if (2..=64).contains(&text.len()) && text.bytes().all(allowed) {
            return Ok(Self(text.into()));
        }
        Err(InvalidRole::SessionName { given: text.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_named_whole() {
        for good in [
            "arn:aws:iam::123456789012:role/deploy",
            "arn:aws-cn:iam::123456789012:role/team/path/deploy",
        ] {
            assert_eq!(good.parse::<RoleArn>().expect("a role").as_str(), good);
        }
        for wrong in [
            "deploy",
            "arn:aws:iam::123456789012:user/deploy",
            "arn:aws:iam::12345678901:role/deploy",
            "arn:aws:iam::123456789012:role/",
            "arn:aws:sts::123456789012:assumed-role/deploy/x",
        ] {
            assert!(wrong.parse::<RoleArn>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_session_has_a_name_that_cloudtrail_can_hold() {
        assert!("run-42@main".parse::<SessionName>().is_ok());
        for wrong in ["x", "a b", "a/b", &"x".repeat(65)] {
            assert!(wrong.parse::<SessionName>().is_err(), "{wrong}");
        }
    }
}
