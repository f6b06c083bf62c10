//! The migrations that a new release needs, applied by workers of this machine.

use std::sync::Arc;

use pilotage_cli::{Berth, PlatformError};
use pilotage_driver::role::{Migrator, NoMigrations};
use pilotage_migrate::{Failure, SagaMigrator, Settings};
use pilotage_rollout::target::MigrationId;

use crate::MIGRATE;

/// Whoever applies the migrations of this environment.
pub(super) fn migrator<T, A>(berth: &Berth<T, A>) -> Result<Arc<dyn Migrator>, PlatformError> {
    match settings(berth)? {
        None => Ok(Arc::new(NoMigrations)),
        Some(settings) => {
            let migrator = SagaMigrator::new(settings, &[MIGRATE]).map_err(unusable)?;
            Ok(Arc::new(migrator))
        }
    }
}

/// The set of them, as it is now.
pub(super) fn id<T, A>(berth: &Berth<T, A>) -> Result<Option<MigrationId>, PlatformError> {
    let settings = settings(berth)?;
    settings.map(|settings| SagaMigrator::migration(&settings).map_err(unusable)).transpose()
}

fn settings<T, A>(berth: &Berth<T, A>) -> Result<Option<Settings>, PlatformError> {
    let Some(table) = &berth.migration else { return Ok(None) };
    let settings = Settings::of_table(&berth.target_name, &berth.root, table);
    settings.map(Some).map_err(unusable)
}

fn unusable(failure: Failure) -> PlatformError {
    let (code, help) = (failure.exit_code(), failure.help());
    let error = PlatformError::new(code, "the migrations cannot be used").because(failure);
    help.into_iter().fold(error, PlatformError::help)
}
