//! Which value goes where, once it is certain that it can.

use std::collections::BTreeMap;

use pilotage_rollout::ExitCode;
use pilotage_secrets::manifest::{Form, Manifest};
use pilotage_secrets::reference::Variable;
use pilotage_secrets::resolve::Resolved;
use pilotage_secrets::{Reference, Secret};

use crate::failure::{Done, Failure, wrong};

/// The longest that Linux takes as one variable, with its name, `=` and the end.
const LONGEST: usize = 128 << 10;

/// A value on its way to a program.
#[derive(Debug, Clone)]
pub(crate) struct Injection {
    pub(crate) variable: Variable,
    pub(crate) form: Form,
    pub(crate) value: Secret,
}

/// Brings variables and values together, and refuses what an environment cannot hold.
pub(crate) fn prepare(
    manifest: &Manifest,
    values: &BTreeMap<Reference, Resolved>,
) -> Done<Vec<Injection>> {
    let wanted = manifest.components.values().flatten();
    let injection = |(variable, wanted): (&Variable, &pilotage_secrets::manifest::Wanted)| {
        let missing = || wrong(format!("`{variable}` has no value"));
        let value = values.get(&wanted.from).ok_or_else(missing)?.value.clone();
        if wanted.form == Form::Env {
            fits_variable(variable, &value)?;
        }
        Ok(Injection { variable: variable.clone(), form: wanted.form, value })
    };
    wanted.map(injection).collect()
}

fn fits_variable(variable: &Variable, value: &Secret) -> Done<()> {
    let refused = |what: &str| {
        let what = format!("the value of `{variable}` {what}, which no variable can hold");
        Failure::new(ExitCode::Refused, what).help("inject it `as = \"fd\"`")
    };
    if value.expose_text().is_none() {
        return Err(refused("is not text"));
    }
    if value.expose().contains(&0) {
        return Err(refused("has a zero byte"));
    }
    if variable.as_str().len() + value.len() + 2 > LONGEST {
        return Err(refused("is too long"));
    }
    Ok(())
}
