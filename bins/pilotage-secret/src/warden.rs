//! This program as the warden of what `exec` runs. It is called so by nobody but itself.

use std::ffi::OsString;
use std::process::ExitCode;

use pilotage_child::{Duty, tether, warden};

/// The first argument that makes this program a warden.
const WARDEN: &str = "__warden";
/// The group of the program is its own, and ends with the supervisor.
const ALONE: &str = "alone";
/// The program stays in the group of the terminal.
const TETHERED: &str = "tethered";

/// The arguments, before those of the command, that make this file a warden of this process.
pub(crate) fn words(alone: bool) -> [String; 3] {
    let how = if alone { ALONE } else { TETHERED };
    [WARDEN.to_owned(), how.to_owned(), std::process::id().to_string()]
}

/// Stands guard, if these are the arguments of a warden, of which the first is the program.
pub fn stand_guard(args: &[OsString]) -> Option<ExitCode> {
    let [_, word, how, supervisor, command @ ..] = args else { return None };
    let supervisor = supervisor.to_str()?.parse().ok()?;
    match (word.to_str()?, how.to_str()?) {
        (WARDEN, ALONE) => Some(warden(supervisor, command, Duty::PassOn)),
        (WARDEN, TETHERED) => Some(tether(supervisor, command)),
        _ => None,
    }
}
