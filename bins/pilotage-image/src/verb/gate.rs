//! `gate explain`: may a release enter an environment, and if not, what is missing?

use std::path::Path;

use pilotage_artifact::Digest;
use pilotage_cli::PlatformError;
use pilotage_record::gate::{Case, Destination, Entry, Explanation, Place, Ruling, Verdict};
use pilotage_record::record::Record;
use pilotage_record::statement::subjects;
use pilotage_record::text::EnvironmentName;
use pilotage_rollout::ExitCode;

use crate::args::GateVerb;
use crate::error::{Done, archive, store};
use crate::office::{self, Office};

pub(crate) async fn gate(office: &Office<'_>, verb: &GateVerb) -> Done<ExitCode> {
    let GateVerb::Explain { which, env, going_back, summary_for, key } = verb;
    let record = office.record(which).await?;
    let explanation = explain(office, &record, env, None, *going_back).await?;
    if let (Some(uri), Some(key)) = (summary_for, key) {
        summarise(office, &record, &explanation, uri, key).await?;
    }
    office.show(&explanation, &text(&explanation))?;
    Ok(match explanation.entry {
        Entry::Open | Entry::OpenByBrokenGlass => ExitCode::Success,
        Entry::Closed => ExitCode::Refused,
    })
}

/// What the gate says; once there is something at the destination, about that too.
pub(crate) async fn explain(
    office: &Office<'_>,
    record: &Record,
    environment: &EnvironmentName,
    destination: Option<&Destination>,
    going_back: bool,
) -> Done<Explanation> {
    let history = office.archive().history(record).await.map_err(store)?;
    let repository = &record.content().source.repository;
    let events = office.archive().events_in(repository, environment).await.map_err(archive)?;
    let case = Case {
        gates: &office.policy.gates,
        environment,
        record,
        history: &history,
        place: &Place::of(environment, events),
        destination,
        now: office.now,
        going_back,
    };
    case.explain().ok_or_else(|| {
        let known = office.policy.gates.environments().map(ToString::to_string);
        let known = known.collect::<Vec<_>>().join(", ");
        let what = format!("the policy says nothing of an environment `{environment}`");
        PlatformError::new(ExitCode::Usage, what).help(format!("it knows {known}"))
    })
}

async fn summarise(
    office: &Office<'_>,
    record: &Record,
    explanation: &Explanation,
    uri: &str,
    key: &Path,
) -> Done<()> {
    let key = office::key(key)?;
    let summary = explanation.summary(&office.policy.gates, uri);
    let attested = office.archive().attest(&key, record, subjects(record), &summary).await;
    let digest = attested.map_err(archive)?;
    office.io.err.mention(&format!("signed the summary {digest}"));
    Ok(())
}

pub(crate) fn text(explanation: &Explanation) -> String {
    let mut lines: Vec<_> = explanation.rulings.iter().flat_map(ruling).collect();
    let entry = match explanation.entry {
        Entry::Open => "open",
        Entry::OpenByBrokenGlass => "open by broken glass",
        Entry::Closed => "closed",
    };
    let (environment, record) = (&explanation.environment, explanation.record.short());
    lines.push(format!("the gate of `{environment}` is {entry} for {record}"));
    lines.join("\n")
}

fn ruling(ruling: &Ruling) -> Vec<String> {
    let verdict = match (ruling.verdict, ruling.waived_by) {
        (Verdict::Pass, _) => "pass",
        (_, Some(_)) => "waived",
        (Verdict::Unknown, None) => "unknown",
        (Verdict::Fail, None) => "fail",
    };
    let evidence: Vec<_> = ruling.evidence.iter().map(Digest::short).collect();
    let evidence =
        if evidence.is_empty() { String::new() } else { format!(" [{}]", evidence.join(" ")) };
    let mut lines =
        vec![format!("{verdict:<8}{:<12}{}{evidence}", ruling.rule.name(), ruling.says)];
    let remedy = ruling.remedy.as_ref().filter(|_| ruling.waived_by.is_none());
    lines.extend(remedy.map(|remedy| format!("{:20}to pass: {remedy}", "")));
    lines
}
