//! `plan`: what a deploy would do.

use pilotage_artifact::{Release, ReleaseId};
use pilotage_rollout::ExitCode;
use pilotage_rollout::plan::{Kind, Plan, Planned, Request};
use serde::Serialize;

use super::file;
use crate::args::{Global, PlanArgs};
use crate::session::{Session, to_json};
use crate::{Failure, History, Outfit, Platform};

/// What `plan --json` prints.
#[derive(Debug, Serialize)]
struct Shown<'a> {
    result: &'static str,
    plan_id: Option<String>,
    plan: Option<&'a Plan>,
    release: &'a ReleaseId,
    next: Option<String>,
}

/// What is asked of the planner beside the release.
pub(crate) struct Wish {
    pub(crate) kind: Kind,
    pub(crate) allow_downgrade: bool,
}

pub(crate) async fn plan<P: Platform>(
    outfit: &Outfit<P>,
    global: &Global,
    args: &PlanArgs<P::Flags>,
) -> Result<ExitCode, Failure> {
    let session = Session::open(outfit, global).await?;
    let release = outfit.platform.name(&session.berth, &args.flags).await?;
    let history = session.history().await?;
    let wish = Wish { kind: Kind::Deploy, allow_downgrade: args.allow_downgrade };
    match make(&session, release, &history, wish).await? {
        Planned::Unchanged(release) => {
            let shown = Shown {
                result: "unchanged",
                plan_id: None,
                plan: None,
                release: &release,
                next: None,
            };
            session.show(&shown, &format!("unchanged: `{release}` serves already"))?;
        }
        Planned::Plan(plan) => show(&session, &plan, args)?,
    }
    Ok(ExitCode::Success)
}

fn show<P: Platform>(
    session: &Session<'_, P>,
    plan: &Plan,
    args: &PlanArgs<P::Flags>,
) -> Result<(), Failure> {
    let mut next = session.command("deploy", None);
    if let Some(path) = &args.out {
        file::write(path, &to_json(plan)?)?;
        next = format!("{next} --plan {} --plan-id {}", path.display(), plan.id());
    }
    let (plan_id, release) = (Some(plan.id().to_string()), &plan.to.id);
    let shown =
        Shown { result: "plan", plan_id, plan: Some(plan), release, next: Some(next.clone()) };
    session.show(&shown, &plan.to_string())?;
    session.outfit.io.err.mention(&format!("  next: {next}"));
    Ok(())
}

/// Makes a plan to bring this release out, or back.
pub(crate) async fn make<P: Platform>(
    session: &Session<'_, P>,
    to: Release,
    history: &History,
    wish: Wish,
) -> Result<Planned, Failure> {
    let live = session.observe().await?;
    let (environment, can) = (&session.environment, session.harbour.target.capabilities());
    let strategy = match wish.kind {
        Kind::Deploy => &environment.strategy,
        Kind::Rollback => &environment.rollback,
    };
    let migration = match wish.kind {
        Kind::Deploy => session.outfit.platform.migration(&session.berth).await?,
        Kind::Rollback => None,
    };
    let earlier = |keep: usize| {
        history.proven().into_iter().take(keep).map(|release| release.id.clone()).collect()
    };
    let request = Request {
        kind: wish.kind,
        target: session.target_name().into(),
        to,
        strategy: strategy.clone(),
        size: environment.size.filter(|_| wish.kind == Kind::Deploy),
        health: environment.health,
        migration,
        keep: environment.keep.map(earlier),
        limits: Some(environment.limits(&can)),
        allow_downgrade: wish.allow_downgrade,
        valid_for: environment.plan_valid_for,
    };
    let now = session.outfit.clock.now();
    let planned = pilotage_rollout::plan::plan(request, &live, &can, now);
    planned.map_err(|source| Failure::Refused { target: session.target_name().into(), source })
}
