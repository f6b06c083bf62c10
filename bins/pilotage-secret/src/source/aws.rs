//! Secrets Manager and Parameter Store, over one session.

use std::collections::BTreeSet;
use std::sync::Arc;

use pilotage_aws::secret::{ParameterStore, SecretsManager};
use pilotage_aws::session::{InvalidRole, Role};
use pilotage_aws::{Session, SessionError, Settings};
use pilotage_identity::Identity;
use pilotage_secrets::reference::{Parameter, SecretsManager as Secret, Site};
use pilotage_secrets::{Locator, SecretSource};

use super::Opening;
use super::closed::Closed;

/// What the use of a role is called if nobody names it.
const SESSION: &str = "pilotage-secret";

/// What says who this is before the identity of a job does: a person or another step has set it.
const OTHERS: [&str; 4] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
];

/// Whether a locator is in AWS.
pub(super) const fn is_there(locator: &Locator) -> bool {
    matches!(locator, Locator::SecretsManager(_) | Locator::Parameter(_))
}

/// Both services, or one source that says why there is no session.
pub(super) async fn open(
    wanted: &BTreeSet<Locator>,
    opening: Opening<'_>,
) -> Vec<Arc<dyn SecretSource>> {
    match session(wanted, opening).await {
        Ok(session) => {
            vec![Arc::new(SecretsManager::new(&session)), Arc::new(ParameterStore::new(&session))]
        }
        Err(why) => vec![Arc::new(Closed::new("AWS", is_there, &why))],
    }
}

async fn session(wanted: &BTreeSet<Locator>, opening: Opening<'_>) -> Result<Session, String> {
    let region = opening.reader.region.clone();
    let settings = Settings {
        region,
        role: role(opening)?,
        clock: Some(opening.clock.clone()),
        ..Settings::default()
    };
    let opened = match Session::open(&settings).await {
        // Where every reference says its region, none has to be set.
        Err(SessionError::NoRegion { .. }) if region_of_all(wanted).is_some() => {
            let region = region_of_all(wanted).map(str::to_owned);
            Session::open(&Settings { region, ..settings }).await
        }
        opened => opened,
    };
    opened.map_err(|error| error.to_string())
}

/// The region of some reference, if all of them name one.
fn region_of_all(wanted: &BTreeSet<Locator>) -> Option<&str> {
    let mut sites = wanted.iter().filter(|locator| is_there(locator)).map(site);
    let first = sites.next().flatten()?;
    sites.all(|site| site.is_some()).then(|| first.region())
}

const fn site(locator: &Locator) -> Option<&Site> {
    match locator {
        Locator::SecretsManager(Secret { site, .. })
        | Locator::Parameter(Parameter { site, .. }) => site.as_ref(),
        _ => None,
    }
}

/// The role that the command line, the configuration or a CI job names, with what proves who may assume it.
fn role(opening: Opening<'_>) -> Result<Option<Role>, String> {
    let web_identity = identity(opening)?;
    // Without an identity the SDK finds the environment's own role by itself.
    let of_job = web_identity.as_ref().and_then(|_| opening.variables.text("AWS_ROLE_ARN"));
    let Some(arn) = opening.reader.role.as_deref().or(of_job) else { return Ok(None) };
    let told = |error: InvalidRole| error.to_string();
    let session = opening.variables.text("AWS_ROLE_SESSION_NAME").unwrap_or(SESSION);
    let (arn, session) = (arn.parse().map_err(told)?, session.parse().map_err(told)?);
    Ok(Some(Role { arn, session, external_id: opening.reader.external_id.clone(), web_identity }))
}

/// The identity of the job, where nothing else says who this is.
fn identity(opening: Opening<'_>) -> Result<Option<Arc<dyn Identity>>, String> {
    let is_given = OTHERS.iter().any(|name| opening.variables.text(name).is_some());
    if is_given { Ok(None) } else { opening.job() }
}
