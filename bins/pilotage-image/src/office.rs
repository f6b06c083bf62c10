//! What the verbs work with: the policy, the evidence, the streams and the time.

use std::path::Path;

use pilotage_cli::{Io, PlatformError};
use pilotage_driver::role::Clock;
use pilotage_record::gate::Gates;
use pilotage_record::record::{LARGEST, Record, RecordId};
use pilotage_record::sign::LocalKey;
use pilotage_record::store::{Archive, EvidenceStore, FileEvidence};
use pilotage_record::time::Time;
use pilotage_record::trust::TrustPolicy;
use pilotage_registry::evidence::OciEvidence;
use pilotage_rollout::ExitCode;
use serde::{Deserialize, Serialize};

use crate::args::{Global, Shelf, Which};
use crate::error::{Done, refused, store, wrong};
use crate::files;
use crate::registries::Registries;

/// The file of the policy.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Policy {
    /// Whom to believe what.
    pub(crate) trust: TrustPolicy,
    /// What each environment asks.
    pub(crate) gates: Gates,
}

/// Everything that a verb needs.
#[derive(Debug)]
pub(crate) struct Office<'a> {
    pub(crate) global: &'a Global,
    pub(crate) io: &'a Io,
    pub(crate) now: Time,
    pub(crate) policy: Policy,
    store: Box<dyn EvidenceStore>,
}

impl<'a> Office<'a> {
    pub(crate) fn open(
        global: &'a Global,
        io: &'a Io,
        clock: &dyn Clock,
        registries: impl FnOnce() -> Done<Registries>,
    ) -> Done<Self> {
        let policy = files::settings(&global.policy).map_err(|error| {
            error.help("it holds `[[trust.keys]]` and `[gates.environments.NAME]`; see `--policy`")
        })?;
        let store: Box<dyn EvidenceStore> = match &global.store {
            Shelf::Directory(path) => Box::new(FileEvidence::new(path)),
            Shelf::Repository(repository) => {
                Box::new(OciEvidence::new(registries()?.at(repository)?))
            }
        };
        Ok(Self { global, io, now: now(clock)?, policy, store })
    }

    pub(crate) fn archive(&self) -> Archive<'_> {
        Archive::new(&*self.store, &self.policy.trust)
    }

    /// The record that was named, from its file or from the evidence.
    pub(crate) async fn record(&self, which: &Which) -> Done<Record> {
        let Ok(id) = which.record.parse::<RecordId>() else {
            if which.record.starts_with("sha256:") {
                let what = format!("`{}` is no whole id of a record", which.record);
                return Err(PlatformError::new(ExitCode::Usage, what).help(
                    "it has 64 digits after `sha256:`; the file of the record will do, too",
                ));
            }
            let bytes = files::read(Path::new(&which.record), LARGEST)?;
            let what = format!("the file {} holds no release record", which.record);
            return Record::parse(&bytes).map_err(|error| refused(what, error));
        };
        self.archive().record(id).await.map_err(store)?.ok_or_else(|| {
            let what = format!("{} holds no record {id}", self.global.store);
            PlatformError::new(ExitCode::Usage, what)
                .help("give the file of the record, or the place of the evidence with `--store`")
        })
    }

    /// Writes data: one object, or text for a person.
    pub(crate) fn show(&self, data: &impl Serialize, text: &str) -> Done<()> {
        show(self.io, self.global.json, data, text)
    }
}

/// Writes data: one object, or text for a person.
pub(crate) fn show(io: &Io, json: bool, data: &impl Serialize, text: &str) -> Done<()> {
    let failed = |error| wrong("the output cannot be written", error);
    if !json {
        return io.out.line(text).map_err(failed);
    }
    let object = serde_json::to_string(data).map_err(|error| failed(error.into()))?;
    io.out.line(&object).map_err(failed)
}

/// The private key that was named.
pub(crate) fn key(path: &Path) -> Done<LocalKey> {
    LocalKey::read(path).map_err(|error| wrong("nothing can be signed", error))
}

fn now(clock: &dyn Clock) -> Done<Time> {
    let seconds = i64::try_from(clock.now().as_millis() / 1_000).unwrap_or(i64::MAX);
    Time::from_unix(seconds).ok_or_else(|| {
        PlatformError::new(
            ExitCode::Unknown,
            "the clock of this machine is outside of all calendars",
        )
    })
}
