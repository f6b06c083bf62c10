//! How AWS is reached, and what a configuration must not ask for.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;

use pilotage_aws::session::Role;
use pilotage_aws::{Session, Settings};
use pilotage_cli::{Check, Platform as _, PlatformError};
use pilotage_clock::{Clock, SystemClock};
use pilotage_lookout::variable;
use pilotage_rollout::ExitCode;

use super::{Amazon, Place};

/// The session of a target: its region, and who this job is there.
pub(crate) async fn session(place: &Place) -> Result<Session, PlatformError> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let role = Role::of_job(place.role.as_deref(), Amazon::PROGRAM, variable, &clock);
    let role = role.map_err(|why| wrong("the role of this job cannot be told", why))?;
    let Place { region, profile, endpoint, .. } = place.clone();
    let settings = Settings { region, profile, endpoint, role, clock: Some(clock) };
    Session::open(&settings).await.map_err(|why| wrong("AWS cannot be reached", why))
}

/// Something of the configuration or of the environment that cannot be used.
pub(crate) fn wrong(what: &str, why: impl Error + Send + Sync + 'static) -> PlatformError {
    PlatformError::new(ExitCode::Usage, what).because(why)
}

/// Smoke checks need somewhere to send a request to; ECS itself has no such address.
pub(super) fn refuse_checks(checks: &BTreeMap<String, Check>) -> Result<(), PlatformError> {
    let Some(name) = checks.keys().next() else { return Ok(()) };
    let what = format!("a service of ECS has no smoke checks, and `{name}` is one");
    Err(PlatformError::new(ExitCode::Usage, what).help(
        "take the table `checks` out: ECS counts the health checks of containers and of target groups",
    ))
}
