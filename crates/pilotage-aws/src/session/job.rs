//! Who a CI job is to AWS, by what its environment says.

use std::sync::Arc;

use pilotage_clock::Clock;
use pilotage_identity::Identity;

use super::{InvalidRole, Role};

/// Whatever says who this is, beside a job's own identity: it goes before that.
const OTHERS: [&str; 4] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
];

/// A job whose role cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// It is named wrongly.
    #[error(transparent)]
    Role(#[from] InvalidRole),
    /// The CI system offers half of an identity.
    #[error(transparent)]
    Identity(#[from] pilotage_identity::Error),
}

impl Role {
    /// The role that is given, or that a CI job names in `AWS_ROLE_ARN`, with the job's own identity as
    /// the proof of who may assume it, unless the environment has other credentials. Nothing where
    /// no role is named: the SDK finds the environment's own by itself. Its use is called after the
    /// program where nobody names it.
    pub fn of_job(
        given: Option<&str>,
        program: &str,
        variable: impl Fn(&str) -> Option<String>,
        clock: &Arc<dyn Clock>,
    ) -> Result<Option<Self>, JobError> {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let has_others = OTHERS.iter().any(|name| set(name).is_some());
        let web_identity: Option<Arc<dyn Identity>> =
            if has_others { None } else { pilotage_identity::of_job(&variable, clock)? };
        let of_job = || web_identity.as_ref().and_then(|_| set("AWS_ROLE_ARN"));
        let Some(arn) = given.map(str::to_owned).or_else(of_job) else { return Ok(None) };
        let session = set("AWS_ROLE_SESSION_NAME").unwrap_or_else(|| program.to_owned());
        let (arn, session) = (arn.parse()?, session.parse()?);
        Ok(Some(Self { arn, session, external_id: None, web_identity }))
    }
}

#[cfg(test)]
mod tests {
    use pilotage_clock::SystemClock;

    use super::*;

    const ARN: &str = "arn:aws:iam::123456789012:role/deploy";
    const OTHER: &str = "arn:aws:iam::123456789012:role/other";
    const GITHUB: [(&str, &str); 2] = [
        ("ACTIONS_ID_TOKEN_REQUEST_URL", "https://token.example.org"),
        ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "t"),
    ];

    fn told(given: Option<&str>, variables: &[(&str, &str)]) -> Option<(String, bool)> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let find = |name: &str| variables.iter().find(|(known, _)| *known == name);
        let value = |name: &str| find(name).map(|(_, value)| (*value).to_owned());
        let role = Role::of_job(given, "pilotage", value, &clock).expect("well-formed");
        role.map(|role| (role.arn.to_string(), role.web_identity.is_some()))
    }

    #[test]
    fn a_job_proves_itself_unless_there_are_other_credentials() {
        let named = [&GITHUB[..], &[("AWS_ROLE_ARN", OTHER)]].concat();
        assert_eq!(told(None, &named), Some((OTHER.into(), true)));
        assert_eq!(told(Some(ARN), &named), Some((ARN.into(), true)));
        let with_keys = [&named[..], &[("AWS_ACCESS_KEY_ID", "AKIA")]].concat();
        assert_eq!(told(Some(ARN), &with_keys), Some((ARN.into(), false)));
        assert_eq!(told(None, &with_keys), None, "the SDK knows what to do with it");
        assert_eq!(told(None, &[("AWS_ROLE_ARN", OTHER)]), None);
    }
}
