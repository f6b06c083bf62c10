//! How many units each release had, and how many of them were ready.

use super::chart::{Chart, Trace};
use super::page::Section;
use super::scale::Scale;
use super::traffic::marks;
use crate::timeline::{Sample, Side, Timeline};

pub(super) fn section(timeline: &Timeline) -> Section {
    let title = "Units and health";
    let samples = timeline.samples();
    if samples.is_empty() {
        let body = "<p class=\"none\">No units were seen.</p>\n".to_owned();
        return Section { id: "units", title, count: String::new(), body };
    }
    let most = samples.iter().flat_map(|it| [it.stable, it.candidate]);
    let most = most.map(|side| side.desired.max(side.ready)).max().unwrap_or_default();
    let chart = Chart {
        id: "units-chart".into(),
        label: "Units that are ready; the dashed line is how many there shall be.".into(),
        words: words(timeline),
        // Half of it is a tick, and there are no half units.
        top: f64::from(most.max(1).next_multiple_of(2)),
        unit: |value| format!("{value:.0}"),
        traces: traces(timeline),
        marks: marks(timeline),
    };
    let body = chart.figure(&Scale::of(timeline));
    Section { id: "units", title, count: String::new(), body }
}

fn traces(timeline: &Timeline) -> Vec<Trace> {
    let plan = timeline.plan();
    let of = |name: String, class, count: fn(&Sample) -> u16| {
        let values = timeline.samples().iter().map(|it| (it.at, f64::from(count(it))));
        Trace::new(name, class, values)
    };
    let to = &plan.to.id;
    let candidate = [
        of(String::new(), "candidate wanted", |it| it.candidate.desired),
        of(format!("{to} ready"), "candidate", |it| it.candidate.ready),
    ];
    let stable = plan.from.as_ref().map(|from| {
        [
            of(String::new(), "stable wanted", |it| it.stable.desired),
            of(format!("{} ready", from.id), "stable", |it| it.stable.ready),
        ]
    });
    stable.into_iter().flatten().chain(candidate).collect()
}

fn words(timeline: &Timeline) -> String {
    let plan = timeline.plan();
    let Some(last) = timeline.samples().last() else { return String::new() };
    let restarts = timeline.samples().iter().map(|it| it.candidate.restarts).max();
    let restarts = match restarts.unwrap_or_default() {
        0 => "without a restart".to_owned(),
        1 => "with 1 restart".to_owned(),
        some => format!("with {some} restarts"),
    };
    let ready = |side: Side| format!("{} of {} ready", side.ready, side.desired);
    let stable = plan
        .from
        .as_ref()
        .map_or_else(String::new, |from| format!("; {}: {}", from.id, ready(last.stable)));
    format!("In the end {}: {} {restarts}{stable}.", plan.to.id, ready(last.candidate))
}
