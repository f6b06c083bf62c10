//! Plans and releases as a person reads them.

use super::apply::Applied;
use super::plan::{ImageTags, Plan};
use super::show::{Check, Shown};

/// More lines than this are counted instead of listed; `--json` has them all.
const LISTED: usize = 40;

pub(super) fn plan(plan: &Plan) -> Vec<String> {
    let mut lines = vec![headline(plan)];
    lines.extend(plan.changes.iter().take(LISTED).map(|change| {
        let (commit, bump) = (change.commit.short(), change.bump.to_string());
        format!("  {commit}  {bump:<5}  {}  ({})", change.subject, change.why)
    }));
    if let Some(more @ 1..) = plan.changes.len().checked_sub(LISTED) {
        lines.push(format!("  and {more} more"));
    }
    let (Some(version), Some(tag)) = (&plan.version, &plan.tag) else { return lines };
    lines.extend(plan.files.iter().map(|f| format!("file   {}: {} -> {version}", f.path, f.from)));
    lines.push(format!("git    {tag} on `{}`", plan.branch));
    lines.extend(plan.images.iter().map(image));
    lines.extend(plan.notes.iter().map(|note| format!("note   {note}")));
    lines.push(format!("plan   {}", plan.hash()));
    lines.push(format!("make it with `cargo xtask release apply --plan {}`", plan.hash().short()));
    lines
}

fn headline(plan: &Plan) -> String {
    let current = plan.current.as_ref().map(|current| current.version.to_string());
    let current = current.unwrap_or_else(|| "no release".into());
    match &plan.version {
        Some(version) => format!("{current} -> {version}: {}", plan.because),
        None => format!("{current}: nothing to release, {}", plan.because),
    }
}

fn image(image: &ImageTags) -> String {
    let tags: Vec<&str> = image.tags.iter().map(pilotage_artifact::Tag::as_str).collect();
    format!("image  {} -> {}", image.from, tags.join(", "))
}

pub(super) fn applied(applied: &Applied) -> Vec<String> {
    match applied {
        Applied::Released { tag, commit, here, images, .. } => {
            let mut lines = vec![format!("released {tag} at {commit}")];
            lines.extend(images.iter().map(image));
            if !here {
                lines.push("the local branch was left where it is; `git pull` brings it".into());
            }
            lines
        }
        Applied::Already { tag, commit } => vec![format!("{tag} is released already, at {commit}")],
        Applied::Nothing => vec!["nothing to release".into()],
    }
}

pub(super) fn shown(shown: &Shown) -> Vec<String> {
    let plan = shown.plan.map_or_else(|| "unknown".into(), |plan| plan.to_string());
    let mut lines = vec![
        format!("{} is {} at {}", shown.tag, shown.version, shown.commit),
        format!("plan   {plan}"),
    ];
    let files = shown.files.iter().map(|(path, version)| format!("file   {path}: {version}"));
    lines.extend(files);
    lines
}

pub(super) fn checks(checks: &[Check]) -> Vec<String> {
    let line = |check: &Check| match &check.problem {
        None => format!("ok      {}", check.what),
        Some(problem) => format!("FAILED  {}: {problem}", check.what),
    };
    checks.iter().map(line).collect()
}
