//! `verify`: exactly the recorded release runs and serves.

use pilotage_artifact::Release;
use pilotage_rollout::{ExitCode, Observation, Share};
use serde::Serialize;

use crate::args::Global;
use crate::session::{Session, in_a_line};
use crate::{Failure, History, Outfit, Platform};

/// What `verify --json` prints.
#[derive(Debug, Serialize)]
struct Comparison<'a> {
    target: &'a str,
    verified: bool,
    recorded: Option<&'a Release>,
    problems: &'a [String],
    exit_code: u8,
    next: Option<String>,
}

pub(crate) async fn verify<P: Platform>(
    outfit: &Outfit<P>,
    global: &Global,
) -> Result<ExitCode, Failure> {
    let session = Session::open(outfit, global).await?;
    let history = session.history().await?;
    let live = session.observe().await?;
    let (code, problems, verb) = compare(&history, &live);
    let next = verb.map(|verb| session.command(verb, None));
    let recorded = history.recorded();
    let comparison = Comparison {
        target: session.target_name(),
        verified: code == ExitCode::Success,
        recorded,
        problems: &problems,
        exit_code: code.into(),
        next: next.clone(),
    };
    let release = recorded.map_or_else(|| "no release".into(), in_a_line);
    let text = match code {
        ExitCode::Success => format!("verified: exactly {release} runs and serves"),
        _ => format!("not verified: {}", problems.join("; ")),
    };
    session.show(&comparison, &text)?;
    if let Some(next) = next {
        outfit.io.err.mention(&format!("  next: {next}"));
    }
    Ok(code)
}

/// What differs from the record, and what to do about it.
fn compare(history: &History, live: &Observation) -> (ExitCode, Vec<String>, Option<&'static str>) {
    if let Some(run) = history.unfinished() {
        return (
            ExitCode::Unknown,
            vec![format!("run `{}` is unfinished", run.id())],
            Some("resume"),
        );
    }
    let Some(recorded) = history.recorded() else {
        return (ExitCode::Refused, vec!["no run recorded a release".into()], Some("deploy"));
    };
    let problems = differences(recorded, live);
    if problems.is_empty() {
        return (ExitCode::Success, problems, None);
    }
    (ExitCode::Refused, problems, Some("status"))
}

fn differences(recorded: &Release, live: &Observation) -> Vec<String> {
    let mut problems = Vec::new();
    let others =
        live.groups.iter().filter(|group| group.is_live() && group.release.id != recorded.id);
    problems.extend(others.map(|group| format!("`{}` runs or serves as well", group.release.id)));
    let Some(group) = live.group(&recorded.id).filter(|group| group.is_live()) else {
        problems.push(format!("`{}` does not run", recorded.id));
        return problems;
    };
    if group.release.digest != recorded.digest {
        let (found, wanted) = (group.release.digest.short(), recorded.digest.short());
        problems.push(format!("`{}` runs as {found} instead of {wanted}", recorded.id));
    }
    if group.ready == 0 || group.ready < group.desired {
        let (ready, desired) = (group.ready, group.desired);
        problems.push(format!("`{}` has {ready} of {desired} units healthy", recorded.id));
    }
    if group.share != Share::ALL {
        problems.push(format!("`{}` gets {} of the traffic", recorded.id, group.share));
    }
    problems
}
