//! `deploy`: bring out a release.

use std::path::Path;
use std::sync::Arc;

use pilotage_artifact::ReleaseId;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::plan::{Kind, Plan, Planned, Refusal};
use pilotage_rollout::{ExitCode, Moment, Verdict};

use super::{file, plan};
use crate::args::{DeployArgs, Global};
use crate::session::Session;
use crate::{Failure, Outfit, Platform};

pub(crate) async fn deploy<P: Platform>(
    outfit: &Outfit<P>,
    global: &Global,
    args: &DeployArgs<P::Flags>,
) -> Result<ExitCode, Failure> {
    let session = Session::open(outfit, global).await?;
    if !args.supersede
        && let Some(busy) = session.refuse_unfinished().await?
    {
        return Ok(busy.exit_code());
    }
    match prepared(&session, args).await {
        Ok(Planned::Unchanged(release)) => unchanged(&session, release),
        Ok(Planned::Plan(plan)) => begin(&session, plan, args.approve).await,
        // What another process does to the target meanwhile looks like a reason to refuse.
        Err(failure) if failure.exit_code() == ExitCode::Refused => {
            session.busy_or(failure).await.map(|busy| busy.exit_code())
        }
        Err(failure) => Err(failure),
    }
}

/// The plan, of a release that the target knows.
async fn prepared<P: Platform>(
    session: &Session<'_, P>,
    args: &DeployArgs<P::Flags>,
) -> Result<Planned, Failure> {
    let planned = match &args.plan {
        Some(path) => Planned::Plan(Arc::new(printed(session, path, args.plan_id.as_deref())?)),
        None => fresh(session, args).await?,
    };
    if let Planned::Plan(plan) = &planned {
        session.outfit.platform.register(&session.berth, &args.flags, &plan.to).await?;
    }
    Ok(planned)
}

async fn fresh<P: Platform>(
    session: &Session<'_, P>,
    args: &DeployArgs<P::Flags>,
) -> Result<Planned, Failure> {
    let release = session.outfit.platform.name(&session.berth, &args.flags).await?;
    let history = session.history().await?;
    let wish = plan::Wish { kind: Kind::Deploy, allow_downgrade: args.allow_downgrade };
    plan::make(session, release, &history, wish).await
}

/// The plan in a file, if it is the one that is meant.
fn printed<P: Platform>(
    session: &Session<'_, P>,
    path: &Path,
    wanted: Option<&str>,
) -> Result<Plan, Failure> {
    let plan = file::read_plan(path)?;
    if plan.target != session.target_name() {
        let target = session.target_name().into();
        return Err(Failure::OtherTarget { planned: plan.target, target });
    }
    plan.limits.check().map_err(|source| Failure::Refused {
        target: plan.target.clone(),
        source: Refusal::Limits(source),
    })?;
    let found = plan.id().to_string();
    match wanted.filter(|wanted| *wanted != found) {
        Some(wanted) => Err(Failure::OtherPlan { found, wanted: wanted.into() }),
        None => Ok(plan),
    }
}

/// Opens a run of a plan and drives it.
pub(crate) async fn begin<P: Platform>(
    session: &Session<'_, P>,
    plan: Arc<Plan>,
    approve: bool,
) -> Result<ExitCode, Failure> {
    if !session.global.quiet {
        session.outfit.io.err.mention(&plan.to_string());
    }
    let id = run_id(session.outfit.clock.now(), &plan);
    let verdict = session
        .drive(approve, |driver, stop| async move { driver.drive(id, plan, stop).await })
        .await?;
    Ok(verdict.exit_code())
}

/// Says that nothing had to be done.
pub(crate) fn unchanged<P: Platform>(
    session: &Session<'_, P>,
    release: ReleaseId,
) -> Result<ExitCode, Failure> {
    let verdict = session.ashore(Verdict::Unchanged { release })?;
    Ok(verdict.exit_code())
}

/// The name of a run: when it began, so that names sort by time, and of which plan it is.
fn run_id(now: Moment, plan: &Plan) -> RunId {
    let hash = plan.id().to_string();
    let hash: String = hash.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    RunId(format!("{}-{hash}", stamp(now, "%Y%m%d-%H%M%S")))
}

/// A moment in UTC.
pub(crate) fn stamp(moment: Moment, format: &str) -> String {
    let millis = i64::try_from(moment.as_millis()).unwrap_or(i64::MAX);
    let time = jiff::Timestamp::from_millisecond(millis).unwrap_or(jiff::Timestamp::MAX);
    time.strftime(format).to_string()
}
