//! The timeline of the run, part by part, with a bar for when and how long.

use super::page::Section;
use super::scale::Scale;
use super::table::table;
use crate::text::{html, time_of_day};
use crate::timeline::{Chapter, Ending, Stay, Timeline};

pub(super) fn section(timeline: &Timeline) -> Section {
    let scale = Scale::of(timeline);
    let mut rows = String::new();
    let mut chapter: Option<Chapter> = None;
    for stay in timeline.stays() {
        if chapter.replace(stay.chapter) != Some(stay.chapter) {
            rows.push_str(&heading(stay.chapter));
        }
        rows.push_str(&row(stay, timeline, &scale));
    }
    let head = ["What", "Began", "Took", "When", "Ended"];
    let body = table("steps", "What the run did, and how long it took", &head, &rows);
    Section { id: "timeline", title: "Timeline", count: String::new(), body }
}

/// Each part is a row group of its own, headed by its name.
fn heading(chapter: Chapter) -> String {
    let name = html(&chapter.to_string());
    format!("<tbody><tr class=\"chapter\"><th colspan=\"5\" scope=\"rowgroup\">{name}</th></tr>\n")
}

fn row(stay: &Stay, timeline: &Timeline, scale: &Scale) -> String {
    let to = stay.to.unwrap_or_else(|| timeline.now());
    let (left, width) = (scale.percent(stay.from), scale.percent(to) - scale.percent(stay.from));
    let class = class(stay.ending);
    format!(
        "<tr><td>{task}</td><td class=\"num\">{from}</td><td class=\"num\">{taken}</td>\
         <td class=\"track\" aria-hidden=\"true\">\
         <span class=\"{class}\" style=\"left:{left:.2}%;width:{width:.2}%\"></span></td>\
         <td class=\"{class}\">{sign} {word}</td></tr>\n",
        task = html(&stay.task),
        from = time_of_day(stay.from),
        taken = stay.taken(to),
        sign = sign(stay.ending),
        word = stay.ending.word(),
    )
}

const fn class(ending: Ending) -> &'static str {
    match ending {
        Ending::Done => "good",
        Ending::Failed => "bad",
        Ending::Left | Ending::UnderWay => "odd",
    }
}

const fn sign(ending: Ending) -> &'static str {
    match ending {
        Ending::Done => "✓",
        Ending::Failed => "✗",
        Ending::Left | Ending::UnderWay => "…",
    }
}
