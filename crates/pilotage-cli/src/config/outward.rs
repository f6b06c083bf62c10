//! The shape of what reaches outwards, as it is written: smoke checks and receivers of notes.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::quantity::Length;

/// A smoke check, performed once.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Check {
    /// A request that the candidate must answer with a 2xx status.
    Http(HttpCheck),
    /// A command that must exit with code 0.
    Command(CommandCheck),
}

/// A request as a check.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct HttpCheck {
    /// What is asked for: a path, perhaps with a query.
    #[cfg_attr(test, schemars(regex(pattern = r"^/[!-~]*$")))]
    pub(crate) path: String,
    /// What the header `x-pilotage-release` of the answer must say; `if-named` if absent.
    #[serde(default)]
    pub(crate) identity: Option<Identity>,
    /// How long one attempt may take; 10 seconds if absent, at most 30.
    #[serde(default)]
    pub(crate) within: Option<Length>,
}

/// What an answer must say of the release that it is from.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Identity {
    /// It names the candidate.
    Required,
    /// It names the candidate or nothing; another name is refused all the same.
    IfNamed,
}

/// A command as a check. It is told the address in `PILOTAGE_ADDRESS` and the candidate in
/// `PILOTAGE_RELEASE`, runs in the directory of this file, and inherits only `PATH`.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct CommandCheck {
    /// The program: a name that is looked for in `PATH`, or a path from the directory of this file.
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub(crate) program: String,
    /// Its arguments.
    #[serde(default)]
    pub(crate) args: Vec<String>,
    /// The rest of its environment.
    #[serde(default)]
    pub(crate) env: BTreeMap<String, String>,
    /// How long one attempt may take; 10 seconds if absent, at most 30.
    #[serde(default)]
    pub(crate) within: Option<Length>,
}

/// Somebody who is told of a run.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Receiver {
    /// What kind of receiver it is.
    pub(crate) kind: ReceiverKind,
    /// The environment variable that holds its address, which is a secret and never written here.
    #[cfg_attr(test, schemars(regex(pattern = r"^[A-Za-z_][A-Za-z0-9_]{0,99}$")))]
    pub(crate) variable: String,
}

/// What kind of receiver somebody is.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ReceiverKind {
    /// A program that takes plain JSON.
    Webhook,
    /// An incoming webhook of Slack.
    Slack,
    /// A workflow of Teams.
    Teams,
}
