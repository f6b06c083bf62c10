//! Which CI system this is.

use std::sync::Arc;

use pilotage_clock::Clock;
use secrecy::SecretString;

use crate::{AzureDevOps, Error, GitHubActions, Identity};

const GITHUB: [&str; 2] = ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"];
const AZURE: [&str; 2] = ["SYSTEM_OIDCREQUESTURI", "SYSTEM_ACCESSTOKEN"];
/// What Azure's own tasks call the service connection that they were given.
const CONNECTION: &str = "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID";

/// The identity of this job, if its CI system offers one; the variables are read by means of this
/// function. What is empty counts as not set.
///
/// Azure DevOps names the address to every job and gives the access token only to steps that ask
/// for it, so that the address alone is no offer.
pub fn of_job(
    variable: impl Fn(&str) -> Option<String>,
    clock: &Arc<dyn Clock>,
) -> Result<Option<Arc<dyn Identity>>, Error> {
    let given = |name: &str| variable(name).filter(|value| !value.is_empty());
    match GITHUB.map(given) {
        [Some(address), Some(bearer)] => {
            let bearer = SecretString::from(bearer);
            return Ok(Some(Arc::new(GitHubActions::new(address, bearer, clock.clone()))));
        }
        [None, None] => {}
        [address, _] => return Err(half(GITHUB, address.is_some())),
    }
    let [Some(address), Some(bearer)] = AZURE.map(given) else { return Ok(None) };
    let job = AzureDevOps::new(address, SecretString::from(bearer), clock.clone());
    let job = match given(CONNECTION) {
        Some(connection) => job.through(connection),
        None => job,
    };
    Ok(Some(Arc::new(job)))
}

const fn half([address, bearer]: [&'static str; 2], has_address: bool) -> Error {
    let (present, missing) = if has_address { (address, bearer) } else { (bearer, address) };
    let remedy = "give the job `permissions: id-token: write`, and hand on both variables";
    Error::Half { present, missing, remedy }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(variables: &[(&str, &str)]) -> Result<Option<String>, Error> {
        let clock: Arc<dyn Clock> = Arc::new(pilotage_clock::SystemClock::new());
        let find = |name: &str| variables.iter().find(|(known, _)| *known == name);
        let job = of_job(|name| find(name).map(|(_, value)| (*value).to_owned()), &clock);
        job.map(|job| job.map(|job| format!("{job:?}")))
    }

    #[test]
    fn the_variables_alone_say_which_system_it_is() {
        let github = [(GITHUB[0], "https://a"), (GITHUB[1], "canary")];
        let azure = [(AZURE[0], "https://b"), (AZURE[1], "canary")];
        assert_eq!(job(&github).expect("clear").as_deref(), Some("GitHubActions"));
        assert_eq!(job(&azure).expect("clear").as_deref(), Some("AzureDevOps"));
        assert_eq!(job(&azure[..1]).expect("every job has it"), None);
        assert_eq!(job(&[(GITHUB[0], ""), (GITHUB[1], "")]).expect("not set"), None);
        let error = job(&github[1..]).expect_err("half").to_string();
        assert!(error.contains("id-token: write") && !error.contains("canary"), "{error}");
    }
}
