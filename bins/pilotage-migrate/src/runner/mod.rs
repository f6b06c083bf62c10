//! Where workers run: on this machine, or where the configuration says.
//!
//! What is elsewhere stands behind a feature, for its SDK is larger than all the rest of the program.

#[cfg(feature = "ecs")]
mod ecs;

use std::sync::Arc;

use pilotage_cli::RunnerPlace;
use pilotage_clock::Clock;
use pilotage_migration::local::LocalRunner;
use pilotage_migration::saga::runner::Runner;
use pilotage_redact::Veil;

use crate::failure::Failure;
use crate::program::SelfCall;
use crate::settings::Settings;

/// The runner of these settings. Nothing is asked yet.
#[cfg_attr(not(feature = "ecs"), expect(clippy::unused_async, reason = "others have to wait"))]
pub(crate) async fn open(
    settings: &Settings,
    call: &SelfCall,
    veil: &Veil,
    clock: &Arc<dyn Clock>,
) -> Result<Arc<dyn Runner>, Failure> {
    match &settings.runner {
        RunnerPlace::Local => Ok(Arc::new(local(settings, call, clock))),
        #[cfg(feature = "ecs")]
        RunnerPlace::Ecs(workers) => ecs::open(settings, workers, veil, clock).await,
        #[cfg(not(feature = "ecs"))]
        RunnerPlace::Ecs(_) => {
            // What this build has no SDK for.
            let _ = veil;
            Err(Failure::NoRunner)
        }
    }
}

fn local(settings: &Settings, call: &SelfCall, clock: &Arc<dyn Clock>) -> LocalRunner {
    let folder = settings.state.join("workers").join(settings.name.as_str());
    let mut worker = call.verb("worker");
    worker.extend(settings.place_flags());
    LocalRunner::new(folder, worker, settings.what_words(), Arc::clone(clock))
}
