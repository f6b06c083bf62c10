//! Which versions a release was planned with: a file of pins, or the record of the release.

use std::path::Path;

use pilotage_record::record::{Record, SecretReference};
use pilotage_rollout::ExitCode;
use pilotage_secrets::plan::Pins;
use serde::Deserialize;

use crate::failure::{Done, Failure, failed, wrong};
use crate::files;

/// What tells a record from pins, which have no such key.
#[derive(Deserialize)]
struct Kind {
    #[serde(rename = "schema")]
    _schema: serde::de::IgnoredAny,
}

/// Reads the pins of an environment.
pub(crate) fn read(path: &Path, environment: &str) -> Done<Pins> {
    let text = files::read(path)?;
    if serde_json::from_str::<Kind>(&text).is_ok() {
        return recorded(path, &text, environment);
    }
    Pins::from_json(&text).map_err(|error| {
        let what = format!("the file {} holds neither pins nor a release record", path.display());
        failed(what, error).help("write one with `check --write-pins FILE`")
    })
}

fn recorded(path: &Path, text: &str, environment: &str) -> Done<Pins> {
    let record = Record::parse(text.as_bytes()).map_err(|error| {
        failed(format!("the file {} holds no release record", path.display()), error)
            .help("write one with `pilotage-image record show ID --out FILE`")
    })?;
    let mut pins = Pins::default();
    let all = &record.content().secrets;
    for secret in all.iter().filter(|secret| secret.environment.as_str() == environment) {
        let noted = pins.note(secret.reference.as_str(), secret.version.as_str());
        noted.map_err(|error| unusable(secret).because(error))?;
    }
    if pins.is_empty() { Err(nothing(&record, environment)) } else { Ok(pins) }
}

fn unusable(secret: &SecretReference) -> Failure {
    let SecretReference { name, environment, .. } = secret;
    wrong(format!("the record does not say where `{name}` in {environment} is kept"))
        .help("record references such as `asm:prod/db`, as `check --write-pins` writes them")
}

/// To say that nothing has moved would be to say more than is known.
fn nothing(record: &Record, environment: &str) -> Failure {
    let what = format!("the record {} pins no secret of `{environment}`", record.id());
    Failure::new(ExitCode::Usage, what)
        .help("bind them with `pilotage-image record create --secrets ENV=FILE`")
}
