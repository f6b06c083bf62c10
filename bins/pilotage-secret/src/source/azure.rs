//! Key Vault, as whoever the environment says.

use std::sync::Arc;

use pilotage_azure::login::Settings;
use pilotage_azure::vault::KeyVaults;
use pilotage_secrets::{Locator, SecretSource};

use super::Opening;
use super::closed::Closed;

/// An emulator of this machine in the place of every vault.
const EMULATOR: &str = "PILOTAGE_KEY_VAULT_ENDPOINT";

/// Whether a locator is in Azure.
pub(super) const fn is_there(locator: &Locator) -> bool {
    matches!(locator, Locator::KeyVault(_))
}

/// The vaults, or a source that says why nobody gets in.
pub(super) fn open(opening: Opening<'_>) -> Arc<dyn SecretSource> {
    match vaults(opening) {
        Ok(vaults) => Arc::new(vaults),
        Err(why) => Arc::new(Closed::new("Azure Key Vault", is_there, &why)),
    }
}

fn vaults(opening: Opening<'_>) -> Result<KeyVaults, String> {
    let settings = Settings::read(|name| opening.variables.text(name).map(str::to_owned));
    let settings = settings.in_job(opening.job()?);
    let login = settings.login(opening.clock.clone()).map_err(|error| error.to_string())?;
    let vaults = KeyVaults::new(login, opening.clock.clone());
    match opening.variables.text(EMULATOR) {
        Some(server) => vaults.emulated_at(server).map_err(|error| error.to_string()),
        None => Ok(vaults),
    }
}
