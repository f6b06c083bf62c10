//! `resume`: go on with the unfinished run.

use pilotage_rollout::ExitCode;
use pilotage_rollout::journal::RunId;

use crate::args::{Global, ResumeArgs};
use crate::session::Session;
use crate::{Failure, Outfit, Platform};

pub(crate) async fn resume<P: Platform>(
    outfit: &Outfit<P>,
    global: &Global,
    args: &ResumeArgs,
) -> Result<ExitCode, Failure> {
    let session = Session::open(outfit, global).await?;
    let Some(run) = unfinished(&session, args.run.as_deref()).await? else {
        return nothing(&session);
    };
    let verdict = session
        .drive(args.approve, |driver, stop| async move { driver.resume(run, stop).await })
        .await?;
    Ok(verdict.exit_code())
}

/// The run that is meant: the named one, or the latest that is not over.
pub(crate) async fn unfinished<P: Platform>(
    session: &Session<'_, P>,
    named: Option<&str>,
) -> Result<Option<RunId>, Failure> {
    if let Some(named) = named {
        // The driver says precisely what is wrong with a journal, so it is left to it.
        return Ok(Some(RunId(named.into())));
    }
    let history = session.history().await?;
    Ok(history.unfinished().map(|run| run.id().clone()))
}

/// Says that there is nothing to go on with.
pub(crate) fn nothing<P: Platform>(session: &Session<'_, P>) -> Result<ExitCode, Failure> {
    let next = session.command("status", None);
    let code = ExitCode::Usage;
    if session.global.json {
        let object = serde_json::json!({
            "event": "finished", "run": null, "verdict": null, "exit_code": u8::from(code),
            "next": next, "written": 0,
        });
        session.show(&object, "")?;
    }
    let text = format!("no run of `{}` is unfinished\n  next: {next}", session.target_name());
    session.outfit.io.err.mention(&text);
    Ok(code)
}
