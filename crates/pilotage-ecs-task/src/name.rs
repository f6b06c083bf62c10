//! The name of a run, by which its task is found again.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use pilotage_artifact::Digest;

/// The most that ECS keeps of who has started a task.
const LONGEST: usize = 128;

/// The name of a run: one task has it, whoever asks for it and however often.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunName(String);

/// Text that cannot name a run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{given}` cannot name the run of a task: use 1 to {LONGEST} of letters, digits, `-`, `/` and \
     `_`, and do not begin with `ecs-svc/`, which is how services begin"
)]
pub struct InvalidRunName {
    given: String,
}

impl RunName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of the run of a worker, by its attempt: a hexadecimal number.
    #[cfg(feature = "migration")]
    pub(crate) fn of_attempt(attempt: &str) -> Self {
        Self(format!("pilotage-migrate/{attempt}"))
    }

    /// What tells a repetition from another request: 64 characters, which is all that ECS takes.
    pub(crate) fn token(&self, cluster: &str) -> String {
        let digest = Digest::of(format!("{cluster} {}", self.0).as_bytes());
        digest.to_string().trim_start_matches("sha256:").to_owned()
    }
}

impl FromStr for RunName {
    type Err = InvalidRunName;

    fn from_str(text: &str) -> Result<Self, InvalidRunName> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-/_".contains(&byte);
        let is_long = !(1..=LONGEST).contains(&text.len());
        if is_long || !text.bytes().all(fits) || text.starts_with("ecs-svc/") {
            return Err(InvalidRunName { given: text.into() });
        }
        Ok(Self(text.into()))
    }
}

impl Display for RunName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_ecs_keeps_and_no_deployment() {
        assert!("pilotage/run_42-a".parse::<RunName>().is_ok());
        for wrong in ["", "a b", "ecs-svc/123", "a:b", &"x".repeat(129)] {
            assert!(wrong.parse::<RunName>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_token_is_of_the_run_and_of_its_cluster() {
        let name: RunName = "run".parse().expect("a name");
        assert_eq!(name.token("shop").len(), 64);
        assert_eq!(name.token("shop"), name.token("shop"));
        assert_ne!(name.token("shop"), name.token("other"));
    }
}
