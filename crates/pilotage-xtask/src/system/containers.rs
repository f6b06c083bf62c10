//! Taking containers away, by id.

use std::path::Path;

use crate::Error;
use crate::command::Cmd;

/// Removes the containers of the daemon, or those with the label, whether they run or not. A daemon
/// whose socket is gone has none.
pub(super) fn remove(host: &str, label: Option<&str>) -> Result<(), Error> {
    if host.strip_prefix("unix://").is_some_and(|socket| !Path::new(socket).exists()) {
        return Ok(());
    }
    let label = label.map(|label| format!("label={label}"));
    let filter = label.iter().flat_map(|label| ["--filter", label.as_str()]);
    let listed =
        docker(host).args(["ps", "--all", "--quiet", "--no-trunc"]).args(filter).output()?;
    let ids: Vec<&str> = listed.lines().collect();
    if ids.is_empty() {
        return Ok(());
    }
    docker(host).args(["rm", "--force", "--volumes"]).args(ids).output().map(drop)
}

fn docker(host: &str) -> Cmd {
    Cmd::new("docker").args(["--host", host]).for_cleanup()
}
