//! `abort`: give the unfinished run up.

use pilotage_rollout::ExitCode;

use super::resume::{nothing, unfinished};
use crate::args::{AbortArgs, Global};
use crate::session::Session;
use crate::{Failure, Outfit, Platform};

pub(crate) async fn abort<P: Platform>(
    outfit: &Outfit<P>,
    global: &Global,
    args: &AbortArgs,
) -> Result<ExitCode, Failure> {
    let session = Session::open(outfit, global).await?;
    let Some(run) = unfinished(&session, args.run.as_deref()).await? else {
        return nothing(&session);
    };
    let by = args.by.clone();
    let verdict = session
        .drive(false, |driver, stop| async move { driver.abort(run, by, stop).await })
        .await?;
    Ok(verdict.exit_code())
}
