//! The head of the report: what was done, how it ended, what to do next.

use pilotage_rollout::journal::RunId;
use pilotage_rollout::plan::Kind;
use pilotage_rollout::{ExitCode, Verdict};

use crate::text::{date_and_time, html};
use crate::timeline::{Invocation, Timeline, in_words};

pub(super) fn header(timeline: &Timeline, again: &Invocation) -> String {
    let plan = timeline.plan();
    let kind = match plan.kind {
        Kind::Deploy => "Deploy report",
        Kind::Rollback => "Rollback report",
    };
    format!(
        "<header>\n<p class=\"eyebrow\">{kind}</p>\n<h1>{to} <span>at</span> {target}</h1>\n\
         {verdict}{facts}</header>\n",
        to = html(&plan.to.id.to_string()),
        target = html(timeline.target()),
        verdict = verdict(timeline, again),
        facts = facts(timeline),
    )
}

fn verdict(timeline: &Timeline, again: &Invocation) -> String {
    let verdict = timeline.verdict();
    let (class, sign, title) = verdict.as_ref().map_or(NO_VERDICT, shown);
    let words = verdict.as_ref().map_or_else(
        || "The journal ends in the middle of the run: its process was killed.".to_owned(),
        in_words,
    );
    // Whoever finds a run without a verdict resumes it, like one that was interrupted.
    let to_act_on = verdict.unwrap_or(Verdict::Interrupted);
    let next = again.next(&RunId(timeline.run().to_owned()), &to_act_on);
    let next = next.map_or_else(String::new, |next| {
        format!("<p class=\"next\">Next: <code>{}</code></p>\n", html(&next))
    });
    format!(
        "<div class=\"verdict {class}\" role=\"group\" aria-label=\"Verdict\">\n\
         <span class=\"sign\" aria-hidden=\"true\">{sign}</span>\n\
         <div><p class=\"word\">{title}</p>\n<p>{words}</p>\n{next}</div>\n</div>\n",
        words = html(&words),
    )
}

const NO_VERDICT: (&str, &str, &str) = ("odd", "?", "No verdict");

const fn shown(verdict: &Verdict) -> (&'static str, &'static str, &'static str) {
    match verdict.exit_code() {
        ExitCode::Success => ("good", "✓", "Success"),
        ExitCode::Reverted => ("bad", "↩", "Reverted"),
        ExitCode::NotReverted => ("bad", "✗", "Failed, not reverted"),
        ExitCode::Unknown => ("bad", "?", "Unknown"),
        ExitCode::Busy => ("odd", "⧗", "Busy"),
        ExitCode::Refused | ExitCode::Usage => ("odd", "⊘", "Refused"),
        ExitCode::Paused => ("odd", "⏸", "Paused"),
        ExitCode::Interrupted => ("odd", "⏸", "Interrupted"),
    }
}

fn facts(timeline: &Timeline) -> String {
    let plan = timeline.plan();
    let from = plan.from.as_ref().map_or_else(|| "nothing".to_owned(), |from| from.id.to_string());
    let facts = [
        ("Release", format!("{from} → {}", plan.to.id)),
        ("Began", date_and_time(timeline.opened())),
        ("Took", timeline.elapsed().to_string()),
        ("Units", plan.size.to_string()),
        ("Run", timeline.run().to_owned()),
        ("Plan", plan.id().to_string()),
        ("Digest", plan.to.digest.to_string()),
    ];
    let facts =
        facts.map(|(name, value)| format!("<div><dt>{name}</dt><dd>{}</dd></div>\n", html(&value)));
    format!("<dl class=\"facts\">\n{}</dl>\n", facts.concat())
}
