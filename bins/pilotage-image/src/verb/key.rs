//! `key`: makes and shows keys.

use std::path::Path;

use pilotage_cli::Io;
use pilotage_record::sign::{Algorithm, LocalKey, PublicKey, Verifier as _};
use pilotage_rollout::ExitCode;
use serde::Serialize;

use crate::args::{Global, KeyAlgorithm, KeyVerb};
use crate::error::{Done, wrong};
use crate::office;

/// A public key, as `--json` prints it.
#[derive(Debug, Serialize)]
struct Shown<'a> {
    key: String,
    public_key: &'a PublicKey,
}

pub(crate) fn key(global: &Global, io: &Io, verb: &KeyVerb) -> Done<ExitCode> {
    let key = match verb {
        KeyVerb::New { out, algorithm } => new(out, *algorithm)?,
        KeyVerb::Show { file } => office::key(file)?,
    };
    let public_key = key.public();
    let shown = Shown { key: public_key.key().to_string(), public_key };
    office::show(io, global.json, &shown, public_key.to_string().trim_end())?;
    io.err.mention(&format!("key {}", shown.key));
    if let KeyVerb::New { out, .. } = verb {
        let file = out.display();
        io.err.mention(&format!("the private half is in {file}; keep it out of the repository"));
    }
    Ok(ExitCode::Success)
}

fn new(out: &Path, algorithm: KeyAlgorithm) -> Done<LocalKey> {
    let algorithm = match algorithm {
        KeyAlgorithm::Ed25519 => Algorithm::Ed25519,
        KeyAlgorithm::EcdsaP256 => Algorithm::EcdsaP256,
    };
    let made = LocalKey::generate(algorithm).and_then(|key| key.write(out).map(|()| key));
    made.map_err(|error| wrong("no key was made", error))
}
