//! `rollback`: bring back an earlier release, as a run of its own.

use pilotage_artifact::Release;
use pilotage_rollout::plan::{Kind, Planned};
use pilotage_rollout::{ExitCode, Observation, Share};

use super::{deploy, plan};
use crate::args::{Global, RollbackArgs};
use crate::session::Session;
use crate::{Failure, History, Outfit, Platform};

pub(crate) async fn rollback<P: Platform>(
    outfit: &Outfit<P>,
    global: &Global,
    args: &RollbackArgs,
) -> Result<ExitCode, Failure> {
    let session = Session::open(outfit, global).await?;
    if let Some(busy) = session.refuse_unfinished().await? {
        return Ok(busy.exit_code());
    }
    match planned(&session, args).await {
        Ok(Planned::Unchanged(release)) => deploy::unchanged(&session, release),
        Ok(Planned::Plan(plan)) => deploy::begin(&session, plan, args.approve).await,
        Err(failure) if failure.exit_code() == ExitCode::Refused => {
            session.busy_or(failure).await.map(|busy| busy.exit_code())
        }
        Err(failure) => Err(failure),
    }
}

async fn planned<P: Platform>(
    session: &Session<'_, P>,
    args: &RollbackArgs,
) -> Result<Planned, Failure> {
    let history = session.history().await?;
    let live = session.observe().await?;
    let to = earlier(&history, &live, args.to.as_deref(), session.target_name())?;
    let wish = plan::Wish { kind: Kind::Rollback, allow_downgrade: true };
    plan::make(session, to, &history, wish).await
}

/// The named release, or the last that was proven and is not live.
fn earlier(
    history: &History,
    live: &Observation,
    named: Option<&str>,
    target: &str,
) -> Result<Release, Failure> {
    let serves = |release: &&&Release| {
        live.group(&release.id).is_some_and(|group| group.share > Share::NONE)
    };
    let proven = history.proven();
    let found = match named {
        Some(named) => proven.iter().find(|release| release.id.as_str() == named),
        None => proven.iter().find(|release| !serves(release)),
    };
    found.map(|release| (*release).clone()).ok_or_else(|| Failure::NoEarlierRelease {
        target: target.into(),
        known: proven.iter().map(|release| format!("`{}`", release.id)).collect(),
    })
}
