//! The units that did not become ready, in their own words.

use super::page::Section;
use crate::text::{html, time_of_day};
use crate::timeline::{FailingUnit, Timeline};

pub(super) fn section(timeline: &Timeline) -> Section {
    let units = timeline.failing();
    let title = "Failing units";
    if units.is_empty() {
        let body = "<p class=\"none\">No unit reported a failure.</p>\n".to_owned();
        return Section { id: "failing", title, count: String::new(), body };
    }
    let body = units.iter().map(unit).collect();
    Section { id: "failing", title, count: units.len().to_string(), body }
}

fn unit(unit: &FailingUnit) -> String {
    let FailingUnit { release, unit, words, hopeless, first, last, times } = unit;
    let hopeless = if *hopeless { " · waiting could not help" } else { "" };
    let times = if *times == 1 { "seen once".to_owned() } else { format!("seen {times} times") };
    format!(
        "<article class=\"unit\">\n<h3>{unit} <span>of {release}</span></h3>\n\
         <p class=\"meta\">{times} · first {first}, last {last}{hopeless}</p>\n\
         <pre tabindex=\"0\" aria-label=\"What {unit} said\">{words}</pre>\n</article>\n",
        unit = html(unit),
        release = html(release),
        words = html(words),
        first = time_of_day(*first),
        last = time_of_day(*last),
    )
}
