//! Charts over the time of the run, as inline SVG with a table for whoever cannot see it.

use core::fmt::Write as _;

use pilotage_rollout::{Moment, Span};

use super::scale::Scale;
use super::table::table;
use crate::text::{html, time_of_day};

/// The drawing, in its own units; it is scaled to the page.
const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 120.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 28.0;

/// The least distance between two names at the right, so that they do not overlap.
const NAME_HEIGHT: f64 = 17.0;

/// The most points of one line: more than a screen has columns is not seen.
const MOST_POINTS: usize = 1_500;

/// The most rows of the table beside it.
const MOST_ROWS: usize = 300;

/// One quantity over time.
#[derive(Debug)]
pub(super) struct Trace {
    /// What it is, shown at its end.
    pub(super) name: String,
    /// How it is drawn: `candidate` or `stable`, perhaps with `wanted`.
    pub(super) class: &'static str,
    /// When it changed to what.
    pub(super) points: Vec<(Moment, f64)>,
}

/// A drawing of some quantities of one kind.
#[derive(Debug)]
pub(super) struct Chart {
    /// Its anchor.
    pub(super) id: String,
    /// What it shows.
    pub(super) label: String,
    /// What can be said of it in a sentence.
    pub(super) words: String,
    /// The greatest value that fits.
    pub(super) top: f64,
    /// How a value is written.
    pub(super) unit: fn(f64) -> String,
    /// What is drawn.
    pub(super) traces: Vec<Trace>,
    /// Moments that divide the run, such as the beginnings of its parts.
    pub(super) marks: Vec<Moment>,
}

impl Trace {
    /// A quantity of which only the changes are kept, for it stays the same in between.
    pub(super) fn new(
        name: String,
        class: &'static str,
        values: impl IntoIterator<Item = (Moment, f64)>,
    ) -> Self {
        let mut points: Vec<(Moment, f64)> = vec![];
        for (at, value) in values {
            let is_news = points.last().is_none_or(|(_, last)| last.to_bits() != value.to_bits());
            if is_news {
                points.push((at, value));
            }
        }
        Self { name, class, points }
    }

    fn last(&self) -> f64 {
        self.points.last().map_or(0.0, |(_, value)| *value)
    }
}

impl Chart {
    /// The figure: drawing, sentence and table.
    pub(super) fn figure(&self, scale: &Scale) -> String {
        let Self { id, label, words, .. } = self;
        format!(
            "<figure aria-labelledby=\"{id}-label\">\n\
             <svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-labelledby=\"{id}-label {id}-words\">\n\
             {grid}{marks}{lines}{names}</svg>\n\
             <figcaption><strong id=\"{id}-label\">{label}</strong> \
             <span id=\"{id}-words\">{words}</span></figcaption>\n\
             <details><summary>As a table</summary>\n{rows}</details>\n</figure>\n",
            label = html(label),
            words = html(words),
            grid = self.grid(scale),
            marks = self.marks(scale),
            lines = self.traces.iter().map(|trace| self.line(trace, scale)).collect::<String>(),
            names = self.names(),
            rows = self.rows(),
        )
    }

    fn y(&self, value: f64) -> f64 {
        let part = if self.top > 0.0 { (value / self.top).clamp(0.0, 1.0) } else { 0.0 };
        TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - part)
    }

    fn grid(&self, scale: &Scale) -> String {
        let right = WIDTH - RIGHT;
        let mut grid = String::new();
        for part in [0.0, 0.5, 1.0] {
            let (y, value) = (self.y(self.top * part), html(&(self.unit)(self.top * part)));
            // Writing to a string cannot fail.
            let _infallible = writeln!(
                grid,
                "<line class=\"grid\" x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{right}\" y2=\"{y:.1}\"/>\
                 <text class=\"axis\" x=\"{x}\" y=\"{y:.1}\" dy=\"4\" text-anchor=\"end\">{value}</text>",
                x = LEFT - 8.0,
            );
        }
        for tick in scale.ticks() {
            let (x, y) = (x(scale, scale.at(tick)), HEIGHT - 8.0);
            let tick = if tick == Span::ZERO { "0".to_owned() } else { tick.to_string() };
            let _infallible = writeln!(
                grid,
                "<text class=\"axis\" x=\"{x:.1}\" y=\"{y}\" text-anchor=\"middle\">{tick}</text>"
            );
        }
        grid
    }

    fn marks(&self, scale: &Scale) -> String {
        let bottom = HEIGHT - BOTTOM;
        let mark = |at: &Moment| {
            let x = x(scale, *at);
            format!(
                "<line class=\"mark\" x1=\"{x:.1}\" y1=\"{TOP}\" x2=\"{x:.1}\" y2=\"{bottom}\"/>\n"
            )
        };
        self.marks.iter().take(100).map(mark).collect()
    }

    /// A line that stays level until the next change.
    fn line(&self, trace: &Trace, scale: &Scale) -> String {
        let Some((first, value)) = trace.points.first() else { return String::new() };
        let mut path = format!("M{:.1} {:.1}", x(scale, *first), self.y(*value));
        for (at, value) in thinned(&trace.points) {
            let _infallible = write!(path, "H{:.1}V{:.1}", x(scale, at), self.y(value));
        }
        let _infallible = write!(path, "H{:.1}", x(scale, scale.end()));
        format!("<path class=\"{}\" d=\"{path}\"/>\n", trace.class)
    }

    /// The names at the ends of their lines, pushed apart where the lines end together.
    fn names(&self) -> String {
        let named = self.traces.iter().filter(|trace| !trace.name.is_empty());
        let mut named: Vec<_> = named.map(|trace| (self.y(trace.last()), trace)).collect();
        named.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        let mut lowest = TOP - NAME_HEIGHT;
        let below = |index: usize| NAME_HEIGHT * index_as_float(named.len() - 1 - index);
        let places = named.iter().enumerate().map(|(index, (y, trace))| {
            let deepest = HEIGHT - BOTTOM - below(index);
            lowest = y.min(deepest).max(lowest + NAME_HEIGHT);
            let (x, name) = (WIDTH - RIGHT + 10.0, html(&trace.name));
            format!(
                "<text class=\"name {}\" x=\"{x}\" y=\"{lowest:.1}\" dy=\"4\">{name}</text>\n",
                trace.class
            )
        });
        places.collect()
    }

    fn rows(&self) -> String {
        let mut changes: Vec<_> = self
            .traces
            .iter()
            .flat_map(|trace| {
                trace.points.iter().map(move |(at, value)| (*at, &trace.name, *value))
            })
            .filter(|(_, name, _)| !name.is_empty())
            .collect();
        changes.sort_by_key(|(at, ..)| *at);
        let left_out = changes.len().saturating_sub(MOST_ROWS);
        let rows = changes.iter().skip(left_out).map(|(at, name, value)| {
            let (name, value) = (html(name), html(&(self.unit)(*value)));
            format!(
                "<tr><td class=\"num\">{}</td><td>{name}</td><td class=\"num\">{value}</td></tr>\n",
                time_of_day(*at)
            )
        });
        let rows: String = rows.collect();
        let caption = match left_out {
            0 => format!("{}: changes", self.label),
            some => format!("{}: changes, without the oldest {some}", self.label),
        };
        table("changes", &html(&caption), &["At", "What", "Changed to"], &rows)
    }
}

fn x(scale: &Scale, at: Moment) -> f64 {
    LEFT + (WIDTH - LEFT - RIGHT) * scale.part(at)
}

/// Not more points than can be seen: of each run of points, the lowest and the highest.
fn thinned(points: &[(Moment, f64)]) -> Vec<(Moment, f64)> {
    if points.len() <= MOST_POINTS {
        return points.to_vec();
    }
    let by_value = |one: &&(Moment, f64), other: &&(Moment, f64)| one.1.total_cmp(&other.1);
    let of = |chunk: &[(Moment, f64)]| {
        let mut pair: Vec<_> = [chunk.iter().min_by(by_value), chunk.iter().max_by(by_value)]
            .into_iter()
            .flatten()
            .copied()
            .collect();
        pair.sort_by_key(|(at, _)| *at);
        pair
    };
    points.chunks(points.len().div_ceil(MOST_POINTS / 2)).flat_map(of).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a chart has a handful of names")]
const fn index_as_float(index: usize) -> f64 {
    index as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_the_same_is_one_point() {
        let at = Moment::from_millis;
        let trace = Trace::new("a".into(), "c", [(at(1), 1.0), (at(2), 1.0), (at(3), 2.0)]);
        assert_eq!(trace.points, [(at(1), 1.0), (at(3), 2.0)]);
    }

    #[test]
    fn long_lines_are_thinned_and_keep_their_extremes() {
        let point = |at: u32| {
            (Moment::from_millis(at.into()), if at == 7_777 { 9.0 } else { f64::from(at % 2) })
        };
        let points: Vec<_> = (0..10_000).map(point).collect();
        let thin = thinned(&points);
        assert!(thin.len() <= MOST_POINTS, "{}", thin.len());
        assert!(thin.contains(&point(7_777)));
        assert!(thin.is_sorted_by_key(|(at, _)| *at));
    }
}
