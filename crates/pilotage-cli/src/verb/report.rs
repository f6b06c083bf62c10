//! `report`: a run, explained.

use pilotage_rollout::ExitCode;
use pilotage_rollout::journal::{Record, RunId};
use serde::Serialize;

use super::file;
use super::history::Line;
use crate::args::{Global, ReportArgs};
use crate::session::Session;
use crate::{Chronicle, Failure, History, Outfit, Platform};

/// What `report --json` prints.
#[derive(Debug, Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    run: Line,
    records: &'a [Record],
}

pub(crate) async fn report<P: Platform>(
    outfit: &Outfit<P>,
    global: &Global,
    args: &ReportArgs,
) -> Result<ExitCode, Failure> {
    let session = Session::open(outfit, global).await?;
    // A run that is named may be older than what is usually read.
    let most = if args.run.is_some() { usize::MAX } else { 1 };
    let history = session.latest(most).await?;
    let run = find(&history, args.run.as_deref(), session.target_name())?;
    let text = outfit.lookout.report(run, &session.options());
    if let Some(path) = &args.out {
        // Runs of before may have been written down by who did not know a secret yet.
        file::write(path, &outfit.io.veil().cover(&text))?;
        outfit.io.err.mention(&format!("the report is in {}", path.display()));
    } else {
        let told = Told { run: Line::of(run), records: run.records() };
        session.show(&told, text.trim_end())?;
    }
    Ok(ExitCode::Success)
}

fn find<'a>(
    history: &'a History,
    named: Option<&str>,
    target: &str,
) -> Result<&'a Chronicle, Failure> {
    let target = || target.to_owned();
    match named.map(|named| RunId(named.into())) {
        None => history.runs.first().ok_or_else(|| Failure::NoRuns { target: target() }),
        Some(run) => history.run(&run).ok_or_else(|| Failure::NoSuchRun { target: target(), run }),
    }
}
