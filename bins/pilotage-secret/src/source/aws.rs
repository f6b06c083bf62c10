//! Secrets Manager and Parameter Store, over one session.

use std::collections::BTreeSet;
use std::sync::Arc;

use pilotage_aws::secret::{ParameterStore, SecretsManager};
use pilotage_aws::session::Role;
use pilotage_aws::{Session, SessionError, Settings};
use pilotage_secrets::reference::{Parameter, SecretsManager as Secret, Site};
use pilotage_secrets::{Locator, SecretSource};

use super::Opening;
use super::closed::Closed;

/// What the use of a role is called if nobody names it.
const SESSION: &str = "pilotage-secret";

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
    let variable = |name: &str| opening.variables.text(name).map(str::to_owned);
    let role = Role::of_job(opening.reader.role.as_deref(), SESSION, variable, opening.clock);
    let external_id = opening.reader.external_id.clone();
    let role = role.map_err(|error| error.to_string())?;
    Ok(role.map(|role| Role { external_id, ..role }))
}
