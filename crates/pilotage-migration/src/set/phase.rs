//! When a file runs: before the new version, long after it, or beside it.

use core::fmt::{self, Display, Formatter};
use std::path::Path;

use serde::Serialize;

/// When a file runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Before the new version, while the old one serves: it may only add.
    #[default]
    Expand,
    /// When no version runs that needs what it removes.
    Contract,
    /// Beside the running versions, in batches: it changes rows only.
    Data,
}

impl Phase {
    const ALL: [Self; 3] = [Self::Expand, Self::Contract, Self::Data];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Expand => "expand",
            Self::Contract => "contract",
            Self::Data => "data",
        }
    }

    /// The phase of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.name() == name)
    }

    /// The phase that the path of a file says: a folder of that name, or `x.contract.sql`,
    /// `x_contract.sql`, `contract_x.sql`-like words are too common, so only the ends count.
    pub fn of_path(path: &Path) -> Option<Self> {
        let folders = path.parent().into_iter().flat_map(Path::components);
        let folder =
            folders.rev().find_map(|part| Self::named(&part.as_os_str().to_string_lossy()));
        let file = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let stem = file.as_deref().and_then(|file| file.strip_suffix(".sql")).unwrap_or_default();
        let stem = stem.strip_suffix(".up").unwrap_or(stem);
        let by_end = |phase: &Self| {
            let rest = stem.strip_suffix(phase.name());
            rest.is_some_and(|rest| rest.ends_with(['.', '_', '-']))
        };
        Self::ALL.into_iter().find(by_end).or(folder)
    }
}

impl Display for Phase {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_ends_of_names_say_the_phase() {
        for (path, phase) in [
            ("db/contract/V3__a.sql", Some(Phase::Contract)),
            ("db/expand/20260101_a/migration.sql", Some(Phase::Expand)),
            ("V3__drop_users.contract.sql", Some(Phase::Contract)),
            ("0003_backfill_data.up.sql", Some(Phase::Data)),
            ("contracts/V1__contract_terms.sql", None),
            ("V1__metadata.sql", None),
        ] {
            assert_eq!(Phase::of_path(Path::new(path)), phase, "{path}");
        }
    }
}
