//! The summary of a run in Markdown, for the page of a job.
//!
//! GitHub Actions drops a summary over 1 MiB as a whole. So what matters most comes first, and the
//! journal gives up its oldest lines, and says so, until everything fits.

use super::Closing;
use crate::text::{clip, date_and_time, html, markdown, tail, time_of_day};
use crate::timeline::{FailingUnit, Line, Look, Stay, Timeline};

/// The size under which a summary is kept, in bytes; over it, the whole summary is dropped.
pub const SUMMARY_LIMIT: usize = (1 << 20) - 1;

/// The most rows of the tables above the journal: what a person reads.
const MOST_ROWS: usize = 200;

/// The most units whose own words are shown.
const MOST_UNITS: usize = 20;

/// The longest text in a table, and the longest words of one unit, in bytes: both are read whole
/// elsewhere.
const LONGEST_CELL: usize = 400;
const LONGEST_WORDS: usize = 4_000;

/// The summary, in at most this many bytes; nothing if not even its head fits.
pub fn summary(closing: &Closing, room: usize) -> String {
    let mut summary = head(closing);
    if summary.len() > room {
        return String::new();
    }
    let Some(timeline) = &closing.timeline else { return summary };
    for section in [stays(timeline), failing(timeline), judge(timeline)] {
        add(&mut summary, &section, room);
    }
    let left = room.saturating_sub(summary.len());
    summary.push_str(&journal(timeline, left));
    summary
}

/// Adds a section if there is room for it, or a line that says that there is none.
fn add(summary: &mut String, section: &str, room: usize) {
    const LEFT_OUT: &str = "There was no room for a section of this summary.\n\n";
    let left = room.saturating_sub(summary.len());
    if section.len() <= left {
        summary.push_str(section);
    } else if LEFT_OUT.len() <= left {
        summary.push_str(LEFT_OUT);
    }
}

fn head(closing: &Closing) -> String {
    let sign = if closing.is_success() { "✅" } else { "❌" };
    let mut head = format!("## {sign} {}\n\n", markdown(&closing.words()));
    if let Some(next) = closing.next_command() {
        head = format!("{head}Next: <code>{}</code>\n\n", html(&next));
    }
    if let Some(timeline) = &closing.timeline {
        head.push_str(&facts(timeline));
    }
    head
}

fn facts(timeline: &Timeline) -> String {
    let plan = timeline.plan();
    let from = plan.from.as_ref().map_or_else(|| "nothing".to_owned(), |from| from.id.to_string());
    let facts = [
        ("Target", timeline.target().to_owned()),
        ("Release", format!("{from} → {}", plan.to.id)),
        ("Digest", plan.to.digest.to_string()),
        ("Run", timeline.run().to_owned()),
        ("Began", date_and_time(timeline.opened())),
        ("Took", timeline.elapsed().to_string()),
    ];
    let rows = facts.map(|(name, value)| format!("| {name} | {} |\n", markdown(&value)));
    format!("| | |\n|---|---|\n{}\n", rows.concat())
}

fn stays(timeline: &Timeline) -> String {
    let row = |stay: &Stay| {
        format!(
            "| {} | {} | {} | {} | {} |\n",
            time_of_day(stay.from),
            markdown(&stay.chapter.to_string()),
            markdown(&clip(&stay.task, LONGEST_CELL)),
            stay.taken(timeline.now()),
            stay.ending.word(),
        )
    };
    let head = "| At | Part | What | Took | Ended |\n|---|---|---|---:|---|\n";
    section("Timeline", head, timeline.stays(), row)
}

fn judge(timeline: &Timeline) -> String {
    let row = |look: &Look| {
        format!("| {} | {} |\n", time_of_day(look.at), markdown(&clip(&look.words, LONGEST_CELL)))
    };
    section("Judge", "| At | What it said |\n|---|---|\n", timeline.looks(), row)
}

/// A table of the newest rows that says how many older ones it leaves out.
fn section<T>(title: &str, head: &str, all: &[T], row: impl Fn(&T) -> String) -> String {
    if all.is_empty() {
        return String::new();
    }
    let from = all.len().saturating_sub(MOST_ROWS);
    let rows: String = all.iter().skip(from).map(row).collect();
    let left_out =
        if from > 0 { format!("{from} older rows are left out.\n\n") } else { String::new() };
    format!("### {title}\n\n{left_out}{head}{rows}\n")
}

fn failing(timeline: &Timeline) -> String {
    let units = timeline.last_words();
    if units.is_empty() {
        return String::new();
    }
    let from = units.len().saturating_sub(MOST_UNITS);
    let shown: String = units.into_iter().skip(from).map(unit).collect();
    let left_out =
        if from > 0 { format!("{from} more units are left out.\n\n") } else { String::new() };
    format!("### Failing units, in their own words\n\n{left_out}{shown}")
}

/// Preformatted HTML, which unlike a fence has an end that no text can forge. An empty line would
/// end the HTML for a Markdown reader, so there is none.
fn unit(unit: &FailingUnit) -> String {
    let words = unit.words.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    let tail = tail(&words, LONGEST_WORDS);
    let times = if unit.times == 1 { "once".to_owned() } else { format!("{} times", unit.times) };
    format!("{} ({times}):\n\n<pre>{}</pre>\n\n", markdown(&unit.unit), html(tail))
}

/// The journal, or its newest lines if not all of them fit.
fn journal(timeline: &Timeline, room: usize) -> String {
    let rows: Vec<_> = timeline.lines().iter().map(row).collect();
    let whole = wrap(rows.len(), 0, &rows.concat());
    if whole.len() <= room {
        return whole;
    }
    let around = wrap(rows.len(), rows.len(), "").len();
    let mut room = room.saturating_sub(around);
    let fits = |row: &&String| {
        let left = room.checked_sub(row.len());
        room = left.unwrap_or_default();
        left.is_some()
    };
    let dropped = rows.len() - rows.iter().rev().take_while(fits).count();
    let newest = rows.get(dropped..).unwrap_or_default().concat();
    if newest.is_empty() { String::new() } else { wrap(rows.len(), dropped, &newest) }
}

fn wrap(all: usize, dropped: usize, rows: &str) -> String {
    let note = match dropped {
        0 => String::new(),
        some => format!("The oldest {some} of {all} records are left out to stay under 1 MiB.\n\n"),
    };
    format!(
        "<details><summary>Journal, {all} records</summary>\n\n{note}| # | At | Kind | What |\n\
         |---:|---|---|---|\n{rows}\n</details>\n"
    )
}

fn row(line: &Line) -> String {
    let (at, kind) = (time_of_day(line.at), line.kind.word());
    format!("| {} | {at} | {kind} | {} |\n", line.sequence, markdown(&line.text))
}
