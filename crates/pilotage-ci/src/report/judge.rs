//! What the judge saw, metric by metric, and what it said.

use core::fmt::Write as _;

use super::chart::{Chart, Trace};
use super::page::Section;
use super::scale::Scale;
use super::table::table;
use crate::text::{html, time_of_day};
use crate::timeline::{Look, Seen, Timeline};

/// The most looks whose words are shown.
const MOST_ROWS: usize = 500;

pub(super) fn section(timeline: &Timeline) -> Section {
    let looks = timeline.looks();
    let Some(last) = looks.last() else {
        let body = "<p class=\"none\">The judge was not asked.</p>\n".to_owned();
        return Section { id: "judge", title: "Judge", count: String::new(), body };
    };
    let mut body = format!("<p class=\"lead\">{}</p>\n", html(&last.words));
    let scale = Scale::of(timeline);
    for (index, seen) in last.seen.iter().enumerate() {
        body.push_str(&chart(timeline, index, seen).figure(&scale));
    }
    body.push_str(&said(looks));
    let count = looks.len().to_string();
    Section { id: "judge", title: "Judge", count, body }
}

fn chart(timeline: &Timeline, index: usize, seen: &Seen) -> Chart {
    let plan = timeline.plan();
    let of = |name: String, class, value: fn(&Seen) -> Option<f64>| {
        let values = timeline.looks().iter().filter_map(|look| {
            let seen = look.seen.iter().find(|it| it.metric == seen.metric)?;
            Some((look.at, value(seen)?))
        });
        Trace::new(name, class, values)
    };
    let stable = plan.from.as_ref().map(|from| of(from.id.to_string(), "stable", |it| it.stable));
    let candidate = of(plan.to.id.to_string(), "candidate", |it| it.candidate);
    let traces: Vec<_> = stable.into_iter().chain([candidate]).collect();
    Chart {
        id: format!("judge-chart-{index}"),
        label: format!("{}, as the judge saw it.", seen.metric),
        words: format!("In the last look, {seen}."),
        top: top(&traces, seen.is_rate),
        unit: if seen.is_rate { percent } else { plain },
        traces,
        marks: super::traffic::marks(timeline),
    }
}

/// A round number that nothing is above; rates of nothing but zero get a scale all the same.
fn top(traces: &[Trace], is_rate: bool) -> f64 {
    let values = traces.iter().flat_map(|trace| &trace.points).map(|(_, value)| *value);
    let most = values.fold(if is_rate { 0.01 } else { 1e-9 }, f64::max);
    let mut round = 1e-9;
    while round < most && round < 1e18 {
        let factors = [2.0, 5.0, 10.0];
        match factors.iter().map(|factor| round * factor).find(|round| *round >= most) {
            Some(fits) => return fits,
            None => round *= 10.0,
        }
    }
    round
}

fn percent(value: f64) -> String {
    format!("{:.2} %", value * 100.0)
}

fn plain(value: f64) -> String {
    if value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.3}") }
}

fn said(looks: &[Look]) -> String {
    let left_out = looks.len().saturating_sub(MOST_ROWS);
    let mut rows = String::new();
    for look in looks.iter().skip(left_out) {
        let (at, words) = (time_of_day(look.at), html(&look.words));
        // Writing to a string cannot fail.
        let _infallible = writeln!(rows, "<tr><td class=\"num\">{at}</td><td>{words}</td></tr>");
    }
    let caption = match left_out {
        0 => "What the judge said".to_owned(),
        some => format!("What the judge said, without the oldest {some} looks"),
    };
    table("looks", &caption, &["At", "What it said"], &rows)
}

#[cfg(test)]
mod tests {
    use pilotage_rollout::Moment;

    use super::*;

    #[test]
    fn the_scale_of_a_metric_is_round_and_never_too_small() {
        let of = |value: f64| {
            top(&[Trace::new(String::new(), "stable", [(Moment::default(), value)])], false)
        };
        for (value, expected) in [(0.03, 0.05), (0.7, 1.0), (1.2, 2.0), (130.0, 200.0)] {
            assert!((of(value) / expected - 1.0).abs() < 1e-9, "{value}: {}", of(value));
        }
        assert!(of(1e300).is_finite());
    }
}
