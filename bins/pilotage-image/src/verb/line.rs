//! `version`, `tags`: what history says about the checked-out commit. Nothing is written.
//!
//! In a CI job both hand on what later steps need as outputs of the step.

use std::path::Path;

use pilotage_artifact::next::Build;
use pilotage_artifact::{Digest, Version};
use pilotage_ci::ci::hand_on;
use pilotage_cli::{Io, PlatformError};
use pilotage_release::{Built, Desk, ImageTagging, Plan, Tagged, Tagging, why};
use pilotage_rollout::ExitCode;
use serde::Serialize;

use crate::args::{Global, LineArgs, VersionArgs};
use crate::error::{Done, release};
use crate::office::show;
use crate::surroundings::Surroundings;

/// What the verbs on history work with.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    pub(crate) global: &'a Global,
    pub(crate) io: &'a Io,
    pub(crate) surroundings: &'a Surroundings,
}

/// What a version is, and what comes next, as `--json` prints it.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    build: &'a Version,
    /// What a release would do, with its hash; nothing where none is made of such a build.
    plan: Option<Digest>,
    next: Option<&'a Plan>,
}

impl Line<'_> {
    pub(crate) fn version(&self, args: &VersionArgs) -> Done<ExitCode> {
        let desk = desk(&args.line)?;
        let asked = self.asked(&args.line, &desk);
        let Built { version: build, build: what } = desk.built(asked).map_err(release)?;
        // A commit of a branch may still be worded anew; only the trunk has to be readable.
        let releases = matches!(what, None | Some(Build::Trunk));
        let next = releases.then(|| desk.plan(args.pre.as_ref())).transpose().map_err(release)?;
        let next = next.as_ref();
        let answer = Answer { build: &build, plan: next.map(Plan::hash), next };
        let mut text = vec![format!("this build: {build}")];
        text.extend(next.map_or_else(Vec::new, why));
        show(self.io, self.global.json, &answer, &text.join("\n"))?;
        self.hand_on(&outputs(&build, next))
    }

    pub(crate) fn tags(&self, args: &LineArgs) -> Done<ExitCode> {
        let desk = desk(args)?;
        let tagging = desk.tagging(self.asked(args, &desk)).map_err(release)?;
        show(self.io, self.global.json, &tagging, &listed(&tagging).join("\n"))?;
        let written = |of: fn(&ImageTagging) -> &[Tagged]| {
            let images = tagging.images.iter();
            let names = images.flat_map(|image| of(image).iter().map(|one| name(image, one)));
            names.flatten().collect::<Vec<_>>().join("\n")
        };
        let (build, later) = (written(|image| &image.build), written(|image| &image.release));
        self.hand_on(&[("tags", build), ("release-tags", later)])
    }

    fn asked(&self, args: &LineArgs, desk: &Desk) -> Option<Build> {
        args.build(self.surroundings.reference.as_deref(), desk.trunk())
    }

    /// Tells the CI system; what it reads from the log goes to stderr, beside the data.
    fn hand_on(&self, outputs: &[(&str, String)]) -> Done<ExitCode> {
        let Surroundings { surface, files, .. } = self.surroundings;
        let told = hand_on(*surface, outputs, files).map_err(|error| {
            PlatformError::new(ExitCode::Unknown, "later steps cannot be told").because(error)
        })?;
        if !told.is_empty() {
            self.io.err.mention(told.trim_end());
        }
        Ok(ExitCode::Success)
    }
}

fn desk(args: &LineArgs) -> Done<Desk> {
    Desk::open(Path::new("."), &args.config).map_err(release)
}

fn outputs(build: &Version, next: Option<&Plan>) -> [(&'static str, String); 4] {
    let current = next.and_then(|plan| plan.current.as_ref());
    let version = next.and_then(|plan| plan.version.as_ref());
    [
        ("build", build.to_string()),
        ("version", version.map(ToString::to_string).unwrap_or_default()),
        ("git-tag", next.and_then(|plan| plan.tag.clone()).unwrap_or_default()),
        ("current", current.map(|current| current.version.to_string()).unwrap_or_default()),
    ]
}

/// The whole reference of a tag that is to be written.
fn name(image: &ImageTagging, tagged: &Tagged) -> Option<String> {
    tagged.is_written().then(|| reference(image, tagged))
}

fn reference(image: &ImageTagging, tagged: &Tagged) -> String {
    match &image.repository {
        Some(repository) => repository.tagged(tagged.tag.clone()).to_string(),
        None => tagged.tag.to_string(),
    }
}

fn listed(tagging: &Tagging) -> Vec<String> {
    let mut lines = vec![format!("build {}", tagging.version)];
    let tags = |of: fn(&ImageTagging) -> &[Tagged]| {
        let images = tagging.images.iter();
        images.flat_map(move |image| of(image).iter().map(|one| line(image, one)))
    };
    lines.extend(tags(|image| &image.build));
    if let Some(version) = &tagging.release {
        lines.push(format!("and on top, once it is released as {version}"));
        lines.extend(tags(|image| &image.release));
    }
    lines.extend(tagging.notes.iter().map(|note| format!("note: {note}")));
    lines
}

fn line(image: &ImageTagging, tagged: &Tagged) -> String {
    let Tagged { lasting, why, .. } = tagged;
    format!("  {:<9}  {}  ({why})", lasting.word(), reference(image, tagged))
}
