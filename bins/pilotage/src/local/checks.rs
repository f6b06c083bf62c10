//! The smoke checks of the configuration, as this machine performs them.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use pilotage_cli::{Deed, PlatformError};
use pilotage_host::local::{self, Check, Command};
use pilotage_host::runtime::Identity;
use pilotage_lookout::variable;

use super::{LocalBerth, wrong};

/// The checks, by name.
pub(super) fn of(
    berth: &LocalBerth,
    root: &Path,
) -> Result<BTreeMap<String, Check>, PlatformError> {
    let check = |(name, check): (&String, &pilotage_cli::Check)| {
        let deed = deed(&check.deed, root);
        let deed = deed.map_err(|error| wrong(&format!("check `{name}` is unfit"), error))?;
        let within = Duration::from_millis(check.within.as_millis());
        Ok((name.clone(), Check { deed, within }))
    };
    berth.checks.iter().map(check).collect()
}

fn deed(deed: &Deed, root: &Path) -> Result<local::Deed, pilotage_host::runtime::InvalidSpec> {
    Ok(match deed {
        Deed::Http { path, named } => {
            let identity = if *named { Identity::Required } else { Identity::IfNamed };
            local::Deed::Http { path: path.parse()?, identity }
        }
        Deed::Command { program, args, env } => {
            // A name is looked for in the path, anything else starts from the configuration.
            let is_path = program.contains('/');
            let path = variable("PATH").map(|path| ("PATH".to_owned(), path));
            local::Deed::Command(Command {
                program: if is_path { root.join(program) } else { program.into() },
                args: args.clone(),
                env: path.into_iter().chain(env.clone()).collect(),
                directory: root.to_owned(),
            })
        }
    })
}
