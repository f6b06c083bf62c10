//! The whole journal, one row a record, with a filter for whoever has scripts.

use core::fmt::Write as _;

use super::page::Section;
use crate::text::{html, time_of_day};
use crate::timeline::{Kind, Line, Timeline, Tone};

/// How many rows are laid out together.
const ROWS_AT_ONCE: usize = 200;

pub(super) fn section(timeline: &Timeline) -> Section {
    let lines = timeline.lines();
    let count = lines.len();
    let mut body = filter(count);
    for (index, chunk) in lines.chunks(ROWS_AT_ONCE).enumerate() {
        body.push_str(&table(chunk, index * ROWS_AT_ONCE, timeline));
    }
    Section { id: "journal", title: "Journal", count: count.to_string(), body }
}

/// Hidden until the script shows it, for without the script it does nothing.
fn filter(count: usize) -> String {
    let kinds = Kind::ALL.map(Kind::word).map(|kind| {
        format!("<label><input type=\"checkbox\" name=\"kind\" value=\"{kind}\" checked> {kind}</label>\n")
    });
    format!(
        "<form class=\"filter\" id=\"filter\" role=\"search\" aria-label=\"Filter the journal\" hidden>\n\
         <label class=\"find\">Find <input type=\"search\" id=\"find\" autocomplete=\"off\" \
         placeholder=\"text, unit, release\"></label>\n\
         <fieldset><legend>Kinds</legend>\n{kinds}</fieldset>\n\
         <p><output id=\"shown\" aria-live=\"polite\">{count} of {count} records</output></p>\n</form>\n",
        kinds = kinds.concat(),
    )
}

/// The head is seen once and heard with each table.
fn table(lines: &[Line], from: usize, timeline: &Timeline) -> String {
    let to = from + lines.len().saturating_sub(1);
    let head = if from == 0 { "" } else { " class=\"heard\"" };
    let rows: String = lines.iter().map(|line| row(line, timeline)).collect();
    format!(
        "<div class=\"chunk\" style=\"--rows:{count}\">\n<table class=\"journal\">\n\
         <caption>Records {from} to {to}</caption>\n\
         <colgroup><col class=\"no\"><col class=\"at\"><col class=\"in\"><col class=\"kind\"><col></colgroup>\n\
         <thead{head}><tr><th scope=\"col\">No.</th><th scope=\"col\">At</th>\
         <th scope=\"col\">Into the run</th><th scope=\"col\">Kind</th>\
         <th scope=\"col\">What</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n",
        count = lines.len(),
    )
}

fn row(line: &Line, timeline: &Timeline) -> String {
    let class = match line.tone {
        Tone::Plain if line.quiet => " class=\"quiet\"",
        Tone::Plain => "",
        Tone::Good => " class=\"good\"",
        Tone::Odd => " class=\"odd\"",
        Tone::Bad => " class=\"bad\"",
    };
    let mut row = String::with_capacity(line.text.len() + 100);
    // Writing to a string cannot fail.
    let _infallible = writeln!(
        row,
        "<tr{class}><td>{}<td>{}<td>{}<td>{}<td>{}",
        line.sequence,
        time_of_day(line.at),
        line.at.since(timeline.opened()),
        line.kind.word(),
        html(&line.text),
    );
    row
}
