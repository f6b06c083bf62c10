//! What was said by flags and by the configuration, as one.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use pilotage_cli::{KubernetesLease, LeasePlace, Migration, Migrations, RunnerPlace};
use pilotage_lease::LeaseName;
use pilotage_migration::Server;
use pilotage_migration::saga::next::Gaps;

use crate::args::lease;
use crate::args::place::{PlaceArgs, WhatArgs};
use crate::failure::Failure;
use crate::surroundings;

/// The configuration where nobody names another.
const USUAL_CONFIG: &str = "pilotage.toml";
/// The name of the lease where nobody gives another.
const USUAL_NAME: &str = "migrations";

/// What is applied, where, and what keeps others out meanwhile.
#[derive(Debug, Clone)]
pub struct Settings {
    pub(crate) name: LeaseName,
    pub(crate) server: Option<Server>,
    pub(crate) files: Vec<PathBuf>,
    pub(crate) command: Vec<OsString>,
    pub(crate) folder: PathBuf,
    pub(crate) database: Option<String>,
    pub(crate) lease: LeasePlace,
    pub(crate) runner: RunnerPlace,
    pub(crate) state: PathBuf,
    pub(crate) gaps: Gaps,
    pub(crate) secrets: Vec<String>,
}

impl Settings {
    /// What the table of an environment says; its relative paths start from the folder of the
    /// configuration, and the lease has the name of the target.
    pub fn of_table(target: &str, root: &Path, table: &Migration) -> Result<Self, Failure> {
        let (place, what) = (PlaceArgs::default(), WhatArgs::default());
        let root = absolute(&Path::new(".").join(root))?;
        Self::merged(&place, &what, Some((target.to_owned(), root, table.clone())))
    }

    /// What the flags say, and what the configuration adds.
    pub(crate) fn of_flags(place: &PlaceArgs, what: &WhatArgs) -> Result<Self, Failure> {
        Self::merged(place, what, configured(place)?)
    }

    /// The same for who wants the lease alone: no database is needed where none keeps it.
    pub(crate) fn for_the_lease(self) -> Self {
        let database = self.database.filter(|_| self.lease == LeasePlace::Database);
        Self { database, ..self }
    }

    /// What a worker is told: nothing but flags.
    pub(crate) fn of_worker(
        place: &PlaceArgs,
        what: &WhatArgs,
        folder: PathBuf,
    ) -> Result<Self, Failure> {
        Ok(Self { folder, ..Self::merged(place, what, None)? })
    }

    fn merged(
        place: &PlaceArgs,
        what: &WhatArgs,
        configured: Option<(String, PathBuf, Migration)>,
    ) -> Result<Self, Failure> {
        let here = absolute(Path::new("."))?;
        let usual = || (USUAL_NAME.to_owned(), here.clone(), Migration::default());
        let (target, root, table) = configured.unwrap_or_else(usual);
        let name = match &place.name {
            Some(name) => name.clone(),
            None => target.parse()?,
        };
        let given = table.server.as_deref().map(str::parse::<Server>).transpose()?;
        let says_what = !what.paths.is_empty() || !what.command.is_empty();
        let command = table.command.iter().map(OsString::from).collect();
        let (files, command, folder) = if says_what {
            (within(&here, &what.paths), what.command.clone(), here.clone())
        } else {
            (within(&root, &table.files), command, root.clone())
        };
        place.database.iter().chain(&place.secrets).try_for_each(|name| variable(name))?;
        let database = place.database.clone().or(table.database);
        let kept = table.lease.map(|lease| from_root(lease, &root));
        let usual_lease = if database.is_some() { LeasePlace::Database } else { LeasePlace::File };
        Ok(Self {
            name,
            server: place.server.or(given),
            files,
            command,
            folder,
            lease: place.lease.clone().or(kept).unwrap_or(usual_lease),
            runner: table.runner,
            state: state(place, &here, &root, table.state.as_deref())?,
            gaps: if what.gaps || table.gaps { Gaps::Allowed } else { Gaps::Refused },
            secrets: database.iter().chain(&table.secrets).chain(&place.secrets).cloned().collect(),
            database,
        })
    }

    /// Whether the database may be out of reach from here: workers elsewhere use it, and nothing that
    /// this process needs is in it.
    pub(crate) fn may_do_without_database(&self) -> bool {
        self.runner != RunnerPlace::Local && self.lease != LeasePlace::Database
    }

    /// The flags that say the same to a worker, as far as they stand before what is applied.
    pub(crate) fn place_flags(&self) -> Vec<OsString> {
        let mut flags: Vec<OsString> = Vec::new();
        let mut add = |flag: &str, value: OsString| flags.extend([flag.into(), value]);
        add("--name", self.name.as_str().into());
        add("--state", self.state.clone().into());
        add("--folder", self.folder.clone().into());
        if let Some(lease) = lease::word(&self.lease) {
            add("--lease", lease.into());
        }
        self.server.iter().for_each(|server| add("--server", server.to_string().into()));
        self.database.iter().for_each(|name| add("--database", name.into()));
        self.secrets.iter().for_each(|name| add("--secret", name.into()));
        if self.gaps == Gaps::Allowed {
            flags.push("--gaps".into());
        }
        flags
    }

    /// What is applied, as a worker is told it.
    pub(crate) fn what_words(&self) -> Vec<OsString> {
        let mut words: Vec<OsString> = self.files.iter().map(Into::into).collect();
        if !self.command.is_empty() {
            words.push("--".into());
            words.extend(self.command.iter().cloned());
        }
        words
    }
}

/// Relative paths of a table start from the folder of the configuration.
fn from_root(lease: LeasePlace, root: &Path) -> LeasePlace {
    match lease {
        LeasePlace::Kubernetes(lease) => {
            let kubeconfig = lease.kubeconfig.map(|file| root.join(file));
            LeasePlace::Kubernetes(KubernetesLease { kubeconfig, ..lease })
        }
        other => other,
    }
}

/// What the configuration says, if one was named or there is one.
fn configured(place: &PlaceArgs) -> Result<Option<(String, PathBuf, Migration)>, Failure> {
    let usual = Path::new(USUAL_CONFIG);
    let is_asked_for = place.config.is_some() || place.env.is_some();
    if !is_asked_for && !usual.exists() {
        return Ok(None);
    }
    let path = place.config.as_deref().unwrap_or(usual);
    let Migrations { environment, target, table } = Migrations::load(path, place.env.as_deref())?;
    let Some(table) = table else {
        // Whoever names no environment may say all of it by flags.
        return if is_asked_for { Err(Failure::NoTable { environment }) } else { Ok(None) };
    };
    let root = absolute(&Path::new(".").join(path.parent().unwrap_or(Path::new(""))))?;
    Ok(Some((target, root, table)))
}

fn state(
    place: &PlaceArgs,
    here: &Path,
    root: &Path,
    table: Option<&Path>,
) -> Result<PathBuf, Failure> {
    let given = place.state.as_ref().map(|state| here.join(state));
    let given = given.or_else(|| table.map(|state| root.join(state)));
    given.or_else(surroundings::state_folder).ok_or(Failure::NoStateFolder)
}

/// The error does not repeat what was typed, for it may be the secret itself.
fn variable(text: &str) -> Result<(), Failure> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let starts_well = !text.starts_with(|first: char| first.is_ascii_digit());
    let is_name = !text.is_empty() && starts_well && text.bytes().all(fits);
    if is_name { Ok(()) } else { Err(Failure::NoVariable) }
}

fn within(root: &Path, paths: &[PathBuf]) -> Vec<PathBuf> {
    // A path that is relative where it can be keeps reports readable.
    paths.iter().map(|path| root.join(path)).collect()
}

fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path).map_err(|source: io::Error| Failure::Folder { source })
}
