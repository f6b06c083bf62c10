//! `history`: the runs and how they ended.

use pilotage_artifact::ReleaseId;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::plan::Kind;
use pilotage_rollout::{ExitCode, Verdict};
use serde::Serialize;

use super::deploy::stamp;
use crate::args::{Global, HistoryArgs};
use crate::session::Session;
use crate::{Chronicle, Failure, Outfit, Platform, Standing};

/// One run, as `--json` prints it.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    run: RunId,
    kind: Kind,
    from: Option<ReleaseId>,
    to: ReleaseId,
    began: String,
    seconds: u64,
    state: &'static str,
    verdict: Option<Verdict>,
}

#[derive(Debug, Serialize)]
struct Unreadable<'a> {
    run: &'a RunId,
    reason: &'a str,
}

#[derive(Debug, Serialize)]
struct Listed<'a> {
    target: &'a str,
    runs: Vec<Line>,
    older: usize,
    unreadable: Vec<Unreadable<'a>>,
}

impl Line {
    pub(crate) fn of(run: &Chronicle) -> Self {
        let (state, verdict) = match run.standing() {
            Standing::Ended(verdict) => ("ended", Some(verdict.clone())),
            Standing::Held(verdict) => ("held", Some(verdict.clone())),
            Standing::Open => ("open", None),
        };
        Self {
            run: run.id().clone(),
            kind: run.plan().kind,
            from: run.plan().from.as_ref().map(|release| release.id.clone()),
            to: run.plan().to.id.clone(),
            began: stamp(run.began(), "%Y-%m-%dT%H:%M:%SZ"),
            seconds: run.latest().since(run.began()).as_millis() / 1_000,
            state,
            verdict,
        }
    }
}

pub(crate) async fn history<P: Platform>(
    outfit: &Outfit<P>,
    global: &Global,
    args: &HistoryArgs,
) -> Result<ExitCode, Failure> {
    let session = Session::open(outfit, global).await?;
    let history = session.latest(args.limit).await?;
    let runs = || history.runs.iter();
    let listed = Listed {
        target: session.target_name(),
        runs: runs().map(Line::of).collect(),
        older: history.older,
        unreadable: history
            .unreadable
            .iter()
            .map(|(run, reason)| Unreadable { run, reason })
            .collect(),
    };
    let text: Vec<String> = runs().map(text).collect();
    if global.json || !text.is_empty() {
        session.show(&listed, &text.join("\n"))?;
    } else {
        outfit.io.err.mention(&format!("`{}` has no run yet", session.target_name()));
    }
    for (run, reason) in &history.unreadable {
        outfit
            .io
            .err
            .mention(&format!("warning: the journal of run `{run}` cannot be read: {reason}"));
    }
    if history.older > 0 {
        let (older, limit) = (history.older, args.limit);
        outfit.io.err.mention(&format!("{older} older: see more than {limit} with `--limit`"));
    }
    Ok(ExitCode::Success)
}

fn text(run: &Chronicle) -> String {
    let began = stamp(run.began(), "%Y-%m-%d %H:%M:%S");
    let (kind, to) = (run.plan().kind, &run.plan().to.id);
    format!("{}  {began}  {kind} `{to}`  {}", run.id(), run.standing())
}
