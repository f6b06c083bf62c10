//! What this process finds around itself: the environment's values. Read here alone.

use std::path::PathBuf;

use pilotage_ci::job;
use pilotage_ci::surface::Surface;
use pilotage_lease::Card;
use pilotage_redact::{Unmasked, Veil};
use secrecy::SecretString;

/// The value of a variable, if it has one and it is text.
#[expect(clippy::disallowed_methods, reason = "the composition reads the environment here")]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The value of a variable that is a secret.
pub(crate) fn secret(name: &str) -> Option<SecretString> {
    variable(name).map(Into::into)
}

/// Puts what these variables hold under the veil.
pub(crate) fn conceal(veil: &Veil, names: &[String]) -> Vec<Unmasked> {
    let values = names.iter().filter_map(|name| Some((name, variable(name)?)));
    values.flat_map(|(name, value)| veil.add(name, value.as_bytes())).collect()
}

/// Where words are shown.
pub(crate) fn surface(is_terminal: bool) -> Surface {
    Surface::detect(variable, is_terminal)
}

/// What others are told who find the lease taken.
pub(crate) fn card() -> Card {
    let user = variable("USER").unwrap_or_else(|| "somebody".into());
    let host = variable("HOSTNAME").unwrap_or_else(|| "this machine".into());
    let who = format!("{user} on {host}, process {}", std::process::id());
    Card { link: job::page(variable), ..Card::of(who) }
}

/// The folder in which programs of this user keep what they need to remember.
pub(crate) fn state_folder() -> Option<PathBuf> {
    let given = variable("XDG_STATE_HOME").map(PathBuf::from);
    let usual = || Some(PathBuf::from(variable("HOME")?).join(".local/state"));
    given.or_else(usual).map(|folder| folder.join("pilotage"))
}
