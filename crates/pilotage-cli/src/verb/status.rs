//! `status`: what is live, what is unfinished, who owns the target.

use core::fmt::Write;

use pilotage_driver::role::Holder;
use pilotage_rollout::{ExitCode, Moment, Observation};
use serde::Serialize;

use super::deploy::stamp;
use super::history::Line;
use crate::args::Global;
use crate::session::{Session, in_a_line};
use crate::{Failure, History, Outfit, Platform};

/// What `status --json` prints.
#[derive(Debug, Serialize)]
struct Status<'a> {
    target: &'a str,
    address: Option<&'a str>,
    live: Option<&'a Observation>,
    error: Option<String>,
    unfinished: Option<Line>,
    latest: Option<Line>,
    owner: Option<&'a Holder>,
    next: Option<String>,
}

pub(crate) async fn status<P: Platform>(
    outfit: &Outfit<P>,
    global: &Global,
) -> Result<ExitCode, Failure> {
    let session = Session::open(outfit, global).await?;
    let history = session.history().await?;
    let owner = session.holder().await?;
    let live = session.observe().await;
    // Whoever is at work on the run goes on with it.
    let left = history.unfinished().filter(|_| owner.is_none());
    let next = left.map(|run| session.command("resume", Some(run.id())));
    let status = Status {
        target: session.target_name(),
        address: session.harbour.address.as_deref(),
        error: live.as_ref().err().map(ToString::to_string),
        live: live.as_ref().ok(),
        unfinished: history.unfinished().map(Line::of),
        latest: history.runs.first().map(Line::of),
        owner: owner.as_ref(),
        next,
    };
    session.show(&status, &text(&status, &history, outfit.clock.now()))?;
    Ok(live.map_or(ExitCode::Unknown, |_| ExitCode::Success))
}

fn text(status: &Status<'_>, history: &History, now: Moment) -> String {
    let mut text = format!("target      {}", status.target);
    // Writing to a string cannot fail.
    let mut add = |name: &str, value: &str| {
        let _infallible = write!(text, "\n{name:<11} {value}");
    };
    if let Some(address) = status.address {
        add("address", address);
    }
    match (status.live, &status.error) {
        (Some(live), _) if live.groups.is_empty() => add("live", "nothing"),
        (Some(live), _) => {
            for group in live.groups.iter().filter(|group| group.is_live()) {
                let (ready, desired, share) = (group.ready, group.desired, group.share);
                let release = in_a_line(&group.release);
                add(
                    "live",
                    &format!("{release}, {ready} of {desired} units, {share} of the traffic"),
                );
                for failing in &group.failing {
                    add("", &format!("{}: {}", failing.unit, failing.reason));
                }
            }
        }
        (None, error) => add("live", error.as_deref().unwrap_or("unknown")),
    }
    let since = |holder: &Holder| {
        holder.since.map(|since| format!(" (since {})", stamp(since, "%Y-%m-%d %H:%M:%S")))
    };
    let owner = status.owner.map(|owner| owner.by(now) + &since(owner).unwrap_or_default());
    add("owner", owner.as_deref().unwrap_or("nobody"));
    if let Some(run) = history.runs.first() {
        add("latest", &format!("{}, {}", run.id(), run.standing()));
    }
    if let Some(run) = history.unfinished() {
        add("unfinished", &format!("{}, {}", run.id(), run.standing()));
    }
    if let Some(next) = &status.next {
        add("next", next);
    }
    text
}
