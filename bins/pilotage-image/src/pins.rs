//! Versions of secrets that were pinned for an environment, on their way into a record.

use pilotage_cli::PlatformError;
use pilotage_record::record::SecretReference;
use pilotage_record::text::{InvalidText, Words};
use pilotage_rollout::ExitCode;
use pilotage_secrets::plan::Pins;
use pilotage_secrets::{Locator, VersionId};

use crate::args::Pinned;
use crate::error::{Done, wrong};
use crate::files;

/// The largest file of pins that is read: a thousand of them are a tenth of it.
const LARGEST: usize = 1 << 20;

/// Reads the pins of every environment, in the order in which they were named.
pub(crate) fn read(all: &[Pinned]) -> Done<Vec<SecretReference>> {
    let mut references = Vec::new();
    for pinned in all {
        for (locator, version) in pins(pinned)?.iter() {
            let reference = reference(pinned, locator, version);
            references.push(reference.map_err(|error| unusable(pinned, error))?);
        }
    }
    Ok(references)
}

fn pins(pinned: &Pinned) -> Done<Pins> {
    let bytes = files::read(&pinned.file, LARGEST)?;
    let text = String::from_utf8(bytes).map_err(|error| unusable(pinned, error))?;
    let pins = Pins::from_json(&text).map_err(|error| unusable(pinned, error))?;
    if pins.is_empty() {
        let what = format!("the file {} pins nothing", pinned.file.display());
        let help = "leave `--secrets` out where an environment needs none";
        return Err(PlatformError::new(ExitCode::Usage, what).help(help));
    }
    Ok(pins)
}

fn reference(
    pinned: &Pinned,
    locator: &Locator,
    version: &VersionId,
) -> Result<SecretReference, InvalidText> {
    let place: Words = locator.to_string().parse()?;
    Ok(SecretReference {
        environment: pinned.environment.clone(),
        name: place.clone(),
        reference: place,
        version: version.as_str().parse()?,
    })
}

fn unusable(
    pinned: &Pinned,
    error: impl core::error::Error + Send + Sync + 'static,
) -> PlatformError {
    let what = format!("the file {} holds no pins", pinned.file.display());
    wrong(what, error).help("write one with `pilotage-secret check --write-pins FILE`")
}
