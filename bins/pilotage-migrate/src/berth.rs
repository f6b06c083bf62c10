//! The migrations of an environment, for programs that deploy to it: applied by workers of this machine.

use std::sync::Arc;

use pilotage_cli::{Berth, PlatformError};
use pilotage_driver::role::{Migrator, NoMigrations};
use pilotage_rollout::target::MigrationId;

use crate::{Failure, SagaMigrator, Settings};

/// Whoever applies the migrations of this environment. The leading arguments are those that make the
/// file of this process this program.
pub fn migrator<T, A>(
    berth: &Berth<T, A>,
    leading: &[&str],
) -> Result<Arc<dyn Migrator>, PlatformError> {
    match settings(berth)? {
        None => Ok(Arc::new(NoMigrations)),
        Some(settings) => {
            let migrator = SagaMigrator::new(settings, leading).map_err(unusable)?;
            Ok(Arc::new(migrator))
        }
    }
}

/// The set of them, as it is now.
pub fn id<T, A>(berth: &Berth<T, A>) -> Result<Option<MigrationId>, PlatformError> {
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
