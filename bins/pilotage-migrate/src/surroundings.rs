//! What this process finds around itself: the environment's values. Read here alone.

use std::path::PathBuf;

use pilotage_ci::job;
use pilotage_ci::surface::Surface;
use pilotage_lease::Card;
use pilotage_migration::local::Veil;
use secrecy::SecretString;

/// What a variable is called that holds a secret, or a part of its name.
const SECRETIVE: [&str; 6] = ["PASSWORD", "PASSWD", "_PWD", "SECRET", "TOKEN", "API_KEY"];

/// A value that is shorter is no secret, and would be found in every text.
const SHORTEST: usize = 6;

/// The value of a variable, if it has one and it is text.
#[expect(clippy::disallowed_methods, reason = "the composition reads the environment here")]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The value of a variable that is a secret.
pub(crate) fn secret(name: &str) -> Option<SecretString> {
    variable(name).map(Into::into)
}

/// Covers everything that looks like a secret here, and what these variables hold.
pub(crate) fn veil(more: &[String]) -> Veil {
    let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    let all = std::env::vars_os().filter_map(text);
    let is_named = |name: &String| more.contains(name);
    let secrets = all.filter(|(name, value)| is_named(name) || is_secret(name, value));
    Veil::over(secrets.map(|(_, value)| value))
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

fn is_secret(name: &str, value: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let is_named_so = SECRETIVE.iter().any(|part| name.contains(part)) && value.len() >= SHORTEST;
    is_named_so || holds_a_password(value)
}

/// Whether it is an address with a password in it.
fn holds_a_password(value: &str) -> bool {
    let Some((_, rest)) = value.split_once("://") else { return false };
    rest.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_known_by_its_name_or_by_its_form() {
        assert!(is_secret("PGPASSWORD", "hush-hush") && is_secret("db_token", "abcdef"));
        assert!(is_secret("ANY", "mysql://u:hush@host/db"));
        assert!(!is_secret("PATH", "/usr/bin") && !is_secret("URL", "https://host/a:b"));
        assert!(!is_secret("TOKEN", "x"), "it would be covered in every word");
    }
}
