//! The share of the traffic that each release got.

use pilotage_rollout::Moment;

use super::chart::{Chart, Trace};
use super::page::Section;
use super::scale::Scale;
use crate::timeline::{Sample, Side, Timeline};

pub(super) fn section(timeline: &Timeline) -> Section {
    let title = "Traffic";
    if timeline.samples().is_empty() {
        let body = "<p class=\"none\">The router was not read.</p>\n".to_owned();
        return Section { id: "traffic", title, count: String::new(), body };
    }
    let scale = Scale::of(timeline);
    let chart = Chart {
        id: "traffic-chart".into(),
        label: "Share of the traffic, as read back from the router.".into(),
        words: words(timeline),
        top: 100.0,
        unit: |value| format!("{value:.0} %"),
        traces: traces(timeline),
        marks: marks(timeline),
    };
    Section { id: "traffic", title, count: String::new(), body: chart.figure(&scale) }
}

fn traces(timeline: &Timeline) -> Vec<Trace> {
    let plan = timeline.plan();
    let share = |side: Side| f64::from(side.share.basis_points()) / 100.0;
    let of = |name: String, class, side: fn(&Sample) -> Side| {
        let values = timeline.samples().iter().map(|sample| (sample.at, share(side(sample))));
        Trace::new(name, class, values)
    };
    let stable = plan.from.as_ref().map(|from| of(from.id.to_string(), "stable", |it| it.stable));
    let candidate = of(plan.to.id.to_string(), "candidate", |it| it.candidate);
    stable.into_iter().chain([candidate]).collect()
}

/// What the candidate was given, one after the other.
fn words(timeline: &Timeline) -> String {
    const MOST: usize = 12;
    let mut shares: Vec<_> = timeline.samples().iter().map(|it| it.candidate.share).collect();
    shares.dedup();
    let shown: Vec<_> = shares.iter().take(MOST).map(ToString::to_string).collect();
    let more = if shares.len() > MOST { " and so on" } else { "" };
    format!("The candidate {} got {}{more}.", timeline.plan().to.id, shown.join(", then "))
}

/// The beginnings of the parts of the run.
pub(super) fn marks(timeline: &Timeline) -> Vec<Moment> {
    let pairs = timeline.stays().windows(2);
    let begins = pairs.filter_map(|pair| match pair {
        [before, after] if before.chapter != after.chapter => Some(after.from),
        _ => None,
    });
    begins.collect()
}
