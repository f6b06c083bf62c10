//! A timeline as a log: what was not told yet, in order.

use pilotage_driver::drive::Warning;
use pilotage_rollout::{Moment, Span};

use crate::text::time_of_day;
use crate::timeline::{Chapter, FailingUnit, Kind, Line, Stay, Timeline, Tone};

/// How far a timeline was told.
#[derive(Debug, Default)]
pub(super) struct Bookmark {
    lines: usize,
    stays: usize,
    chapter: Option<Chapter>,
    /// When something was told last.
    told: Moment,
}

/// How long a log says nothing before it says what is waited for.
const SILENCE: Span = Span::from_secs(30);

/// Something to tell.
#[derive(Debug)]
pub(super) enum Item<'a> {
    /// A new part of the run begins.
    Chapter(Chapter),
    /// Something new is done.
    Stay(&'a Stay),
    /// Something happened.
    Line(&'a Line),
}

impl Bookmark {
    /// What was not told yet, quiet lines left out; afterwards all of it counts as told. What
    /// happened comes before what is done because of it.
    pub(super) fn turn<'a>(&mut self, timeline: &'a Timeline) -> Vec<Item<'a>> {
        let lines = timeline.lines().get(self.lines..).unwrap_or_default();
        let stays = timeline.stays().get(self.stays..).unwrap_or_default();
        self.lines = timeline.lines().len();
        self.stays = timeline.stays().len();
        let mut items: Vec<_> = lines.iter().filter(|line| !line.quiet).map(Item::Line).collect();
        for stay in stays {
            if self.chapter.replace(stay.chapter) != Some(stay.chapter) {
                items.push(Item::Chapter(stay.chapter));
            }
            items.push(Item::Stay(stay));
        }
        if !items.is_empty() {
            self.told = timeline.now();
        }
        items
    }

    /// What is waited for and how long at most, if nothing was told for a while.
    pub(super) fn silence(&mut self, timeline: &Timeline, now: Moment) -> Option<String> {
        let stay = timeline.current().filter(|_| now.since(self.told) >= SILENCE)?;
        self.told = now;
        let (awaits, taken) = (&stay.awaits, stay.taken(now));
        let limit = stay.limit.map_or_else(String::new, |limit| format!(" of at most {limit}"));
        Some(entry(now, "waits", &format!("for {awaits}, {taken}{limit}")))
    }

    /// Counts all of it as told.
    pub(super) fn skip(&mut self, timeline: &Timeline) {
        self.turn(timeline);
    }
}

impl Item<'_> {
    /// The line of a log that tells it; a chapter is told by its first stay.
    pub(super) fn told(&self) -> Option<String> {
        match self {
            Self::Chapter(_) => None,
            Self::Stay(stay) => Some(begun(stay)),
            Self::Line(line) => Some(entry(line.at, line.kind.word(), &line.text)),
        }
    }
}

fn begun(stay: &Stay) -> String {
    let Stay { chapter, task, limit, .. } = stay;
    let limit = limit.map_or_else(String::new, |limit| format!(", at most {limit}"));
    entry(stay.from, "now", &format!("{chapter} · {task}{limit}"))
}

/// A line of a log, with its line feed.
pub(super) fn entry(at: Moment, kind: &str, text: &str) -> String {
    format!("{}  {kind:<8}  {text}\n", time_of_day(at))
}

/// The line that says that a run goes on.
pub(super) fn resumed(timeline: &Timeline) -> String {
    let (run, records) = (timeline.run(), timeline.lines().len());
    let text = format!("run {run} goes on; {records} records were read back");
    entry(timeline.now(), "resumed", &text)
}

/// The line that says that something is odd.
pub(super) fn warned(warning: &Warning) -> String {
    const LONGEST: usize = 4_000;
    format!("warning: {}\n", crate::text::one_line(&warning.to_string(), LONGEST))
}

/// The line that says that the run cannot be shown.
pub(super) fn unfit(why: &str) -> String {
    format!("warning: the run cannot be shown: {why}\n")
}

/// The most lines of a failing unit that a log repeats, and the most units.
const MOST_LINES: usize = 50;
const MOST_UNITS: usize = 5;

/// What the failing units said last: a title and the end of their words.
pub(super) fn tails(timeline: Option<&Timeline>) -> Vec<(String, String)> {
    let units = timeline.map_or_else(Vec::new, Timeline::last_words);
    let last = units.len().saturating_sub(MOST_UNITS);
    let tail = |unit: &&FailingUnit| {
        let lines: Vec<_> = unit.words.lines().collect();
        let from = lines.len().saturating_sub(MOST_LINES);
        let words = lines.get(from..).unwrap_or_default().join("\n");
        (format!("what {} of {} said", unit.unit, unit.release), words)
    };
    units.iter().skip(last).map(tail).collect()
}

impl Item<'_> {
    /// Whether it may repeat what somebody outside said.
    pub(super) fn is_foreign(&self) -> bool {
        match self {
            Self::Chapter(_) => false,
            Self::Stay(stay) => stay.chapter == Chapter::StandStill,
            Self::Line(line) => {
                let is_said = matches!(line.kind, Kind::Smoke | Kind::Person | Kind::Signal);
                is_said || matches!(line.tone, Tone::Odd | Tone::Bad)
            }
        }
    }
}
