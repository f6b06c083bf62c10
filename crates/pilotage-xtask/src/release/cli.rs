//! What can be typed after `cargo xtask release`.

use std::path::Path;

use clap::{Args, Subcommand};
use pilotage_artifact::next::{Build, PreLabel};
use pilotage_release::{Applied, Check, Desk, Wanted};
use serde_json::json;

use super::{ReleaseFailure, text};
use crate::{Error, terminal};

/// Make releases, and look at them
///
/// Exit codes: 0 done, or nothing to do; 1 failed; 2 usage or configuration; 4 unknown whether it
/// was published; 6 refused, because something is not as planned.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Say what the next release would be, and why; changes nothing and asks nobody
    Plan(PlanArgs),
    /// Make the release: one push publishes the commit and the tag, or neither
    ///
    /// With `--plan` it makes that plan or nothing. Without, it makes whatever is next, and starts
    /// again from the tip of the branch when another run was faster.
    Apply(ApplyArgs),
    /// Show a release; without a name, the one that the checked-out commit contains
    Show(Named),
    /// Check a release: the tag at the remote, the branch, the version files, and its record if given
    Verify(VerifyArgs),
    /// Print the version of what is checked out: a release, or a build that names its commit
    Version(VersionArgs),
}

/// What every command understands.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// The configuration, below the root of the repository
    #[arg(long, value_name = "FILE", default_value = "release.toml")]
    config: String,
    /// One JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// What to plan.
#[derive(Debug, Clone, Args)]
pub struct PlanArgs {
    #[command(flatten)]
    common: Common,
    /// A pre-release of this series, such as `rc`
    #[arg(long, value_name = "LABEL")]
    pre: Option<PreLabel>,
}

/// What to release.
#[derive(Debug, Clone, Args)]
pub struct ApplyArgs {
    #[command(flatten)]
    series: PlanArgs,
    /// The hash of the plan, or its first twelve digits
    #[arg(long, value_name = "HASH", value_parser = plan_name)]
    plan: Option<String>,
    /// How often to start again when others are faster
    #[arg(long, value_name = "N", default_value_t = 5)]
    retry: u32,
}

/// What is built.
#[derive(Debug, Clone, Args)]
pub struct VersionArgs {
    #[command(flatten)]
    common: Common,
    /// It is the build of this branch; otherwise the CI system or the checkout says
    #[arg(long, value_name = "NAME", conflicts_with = "pull_request")]
    branch: Option<String>,
    /// It is the build of this pull request
    #[arg(long, value_name = "NUMBER")]
    pull_request: Option<u64>,
}

/// Which release.
#[derive(Debug, Clone, Args)]
pub struct Named {
    #[command(flatten)]
    common: Common,
    /// Its version or its tag
    release: Option<String>,
}

/// Which release to check, and against what.
#[derive(Debug, Clone, Args)]
pub struct VerifyArgs {
    #[command(flatten)]
    named: Named,
    #[cfg(feature = "records")]
    #[command(flatten)]
    record: RecordArgs,
}

/// The record of the release, and what was signed about it.
#[cfg(feature = "records")]
#[derive(Debug, Clone, Args)]
pub struct RecordArgs {
    /// The file of the release record, or its id in the evidence
    #[arg(long, value_name = "RECORD")]
    record: Option<String>,
    /// The directory of what was signed about it
    #[arg(long, value_name = "FOLDER", default_value = ".pilotage/evidence", requires = "record")]
    evidence: std::path::PathBuf,
    /// Whom to believe
    #[arg(long, value_name = "FILE", default_value = "promotion.toml", requires = "record")]
    policy: std::path::PathBuf,
}

impl Command {
    /// Does it. `ci_ref` is the reference that a CI system says it builds, if there is one.
    pub fn run(&self, root: &Path, ci_ref: Option<&str>) -> Result<(), ReleaseFailure> {
        match self {
            Self::Plan(args) => args.run(root),
            Self::Apply(args) => args.run(root),
            Self::Show(Named { common, release }) => {
                let shown = common.desk(root)?.show(release.as_deref())?;
                common.say(&json!(shown), text::shown(&shown))
            }
            Self::Verify(args) => args.run(root),
            Self::Version(args) => args.run(root, ci_ref),
        }
    }
}

impl PlanArgs {
    fn run(&self, root: &Path) -> Result<(), ReleaseFailure> {
        let plan = self.common.desk(root)?.plan(self.pre.as_ref())?;
        let mut whole = json!(plan);
        whole["plan"] = json!(plan.hash());
        self.common.say(&whole, text::plan(&plan))
    }
}

impl ApplyArgs {
    fn run(&self, root: &Path) -> Result<(), ReleaseFailure> {
        let PlanArgs { common, pre } = &self.series;
        let (plan, label) = (self.plan.as_deref(), pre.as_ref());
        let wanted = Wanted { plan, label, attempts: self.retry.saturating_add(1) };
        let applied = common.desk(root)?.apply(&wanted)?;
        common.say(&applied_json(&applied), text::applied(&applied))
    }
}

impl VerifyArgs {
    fn run(&self, root: &Path) -> Result<(), ReleaseFailure> {
        let Named { common, release } = &self.named;
        let desk = common.desk(root)?;
        let mut checks = desk.verify(release.as_deref())?;
        checks.extend(self.record_checks(&desk, root)?);
        common.say(&json!({ "checks": checks }), text::checks(&checks))?;
        all_hold(&checks)
    }

    #[cfg(feature = "records")]
    fn record_checks(&self, desk: &Desk, root: &Path) -> Result<Vec<Check>, ReleaseFailure> {
        let RecordArgs { record, evidence, policy } = &self.record;
        let Some(record) = record else { return Ok(Vec::new()) };
        let (store, policy) = (root.join(evidence), root.join(policy));
        let evidence = pilotage_release::Evidence { root, record, store: &store, policy: &policy };
        Ok(desk.verify_record(self.named.release.as_deref(), &evidence)?)
    }

    #[cfg(not(feature = "records"))]
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "records have more to say")]
    fn record_checks(&self, _: &Desk, _: &Path) -> Result<Vec<Check>, ReleaseFailure> {
        Ok(Vec::new())
    }
}

impl VersionArgs {
    fn run(&self, root: &Path, ci_ref: Option<&str>) -> Result<(), ReleaseFailure> {
        let desk = self.common.desk(root)?;
        let named = self.branch.as_deref().map(|name| Build::of_branch(name, desk.trunk()));
        let asked = self.pull_request.map(Build::PullRequest).or(named);
        let told = || Build::of_ref(ci_ref?, desk.trunk());
        let version = desk.version(asked.or_else(told))?;
        let json = json!({ "version": version, "tag": version.tag() });
        self.common.say(&json, vec![version.to_string()])
    }
}

impl Common {
    fn desk(&self, root: &Path) -> Result<Desk, ReleaseFailure> {
        Ok(Desk::open(root, &self.config)?)
    }

    fn say(&self, json: &serde_json::Value, text: Vec<String>) -> Result<(), ReleaseFailure> {
        let lines = if self.json { vec![json.to_string()] } else { text };
        let said: Result<(), Error> = lines.iter().try_for_each(terminal::say);
        Ok(said?)
    }
}

/// A text that can name a plan: what is too short or no hash names none that ever was.
fn plan_name(text: &str) -> Result<String, &'static str> {
    let digits = text.strip_prefix("sha256:").unwrap_or(text);
    let is_hash = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if is_hash && (12..=64).contains(&digits.len()) {
        return Ok(text.to_owned());
    }
    Err("a plan is named by its hash, or by at least the first twelve digits of it")
}

fn applied_json(applied: &Applied) -> serde_json::Value {
    match applied {
        Applied::Released { version, tag, commit, images, .. } => {
            json!({ "outcome": "released", "version": version, "tag": tag, "commit": commit,
                    "images": images })
        }
        Applied::Already { version, tag, commit, images } => {
            json!({ "outcome": "already-released", "version": version, "tag": tag,
                    "commit": commit, "images": images })
        }
        Applied::Nothing => json!({ "outcome": "nothing-to-release" }),
    }
}

fn all_hold(checks: &[Check]) -> Result<(), ReleaseFailure> {
    match checks.iter().filter(|check| check.problem.is_some()).count() {
        0 => Ok(()),
        failed => Err(ReleaseFailure::Failed(failed)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_named_by_enough_of_its_hash() {
        let whole = format!("sha256:{}", "0f".repeat(32));
        for text in ["0123456789ab", &whole, &whole[7..]] {
            assert_eq!(plan_name(text).as_deref(), Ok(text));
        }
        for text in ["", "abc", "sha256:abc", "0123456789AB", "latest-plan-of-all", &whole[3..]] {
            assert!(plan_name(text).is_err(), "{text}");
        }
    }
}
