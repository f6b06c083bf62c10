//! Plans and releases as a person reads them.

use pilotage_release::{Applied, Check, ImageTags, Plan, Shown, why};

pub(super) fn plan(plan: &Plan) -> Vec<String> {
    let mut lines = why(plan);
    let (Some(version), Some(tag)) = (&plan.version, &plan.tag) else { return lines };
    lines.extend(plan.files.iter().map(|f| format!("file   {}: {} -> {version}", f.path, f.from)));
    lines.push(format!("git    {tag} on `{}`", plan.branch));
    lines.extend(plan.images.iter().map(image));
    lines.extend(plan.notes.iter().map(|note| format!("note   {note}")));
    lines.push(format!("plan   {}", plan.hash()));
    lines.push(format!("make it with `cargo xtask release apply --plan {}`", plan.hash().short()));
    lines
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
        Applied::Already { tag, commit, images, .. } => {
            let said = format!("{tag} is released already, at {commit}");
            std::iter::once(said).chain(images.iter().map(image)).collect()
        }
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
