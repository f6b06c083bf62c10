//! The environment of the child: what it needs, what it was promised, and nothing else.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;

use pilotage_secrets::manifest::Form;

use super::injection::Injection;
use super::memory;
use crate::failure::{Done, failed, wrong};

/// What programs need of the environment they run in.
const KEPT: [&str; 8] = ["PATH", "HOME", "USER", "LANG", "TZ", "TERM", "TMPDIR", "SHELL"];

/// The environment of a child, and the descriptors that it names.
#[derive(Debug)]
pub(crate) struct ChildEnvironment {
    pub(super) variables: Vec<(OsString, OsString)>,
    /// Open until the child has them.
    pub(super) descriptors: Vec<OwnedFd>,
}

/// Builds it from the environment of this process.
pub(crate) fn build(
    ours: &BTreeMap<OsString, OsString>,
    keep: &[String],
    injections: &[Injection],
) -> Done<ChildEnvironment> {
    let is_kept = |name: &OsStr| {
        let name = name.to_str().unwrap_or_default();
        KEPT.contains(&name) || name.starts_with("LC_") || keep.iter().any(|one| one == name)
    };
    let kept = ours.iter().filter(|(name, _)| is_kept(name));
    let mut variables: Vec<_> = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
    let mut descriptors = Vec::new();
    for Injection { variable, form, value } in injections {
        if keep.iter().any(|one| one == variable.as_str()) {
            let failure = wrong(format!("`{variable}` is kept and is a secret"));
            return Err(failure.help("leave it out of `--keep`"));
        }
        let value = match form {
            Form::Env => OsStr::from_bytes(value.expose()).to_owned(),
            Form::Fd => {
                let sealed = memory::sealed(value).map_err(|error| {
                    failed(format!("there is no descriptor for `{variable}`"), error)
                })?;
                let path = format!("/dev/fd/{}", sealed.as_raw_fd());
                descriptors.push(sealed);
                path.into()
            }
        };
        variables.retain(|(name, _)| name != variable.as_str());
        variables.push((variable.as_str().into(), value));
    }
    Ok(ChildEnvironment { variables, descriptors })
}
