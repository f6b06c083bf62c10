//! What the target was asked for, and what became of it.

use super::page::Section;
use super::table::table;
use crate::text::{html, time_of_day};
use crate::timeline::{Answer, GivenOrder, Timeline};

pub(super) fn section(timeline: &Timeline) -> Section {
    let orders = timeline.orders();
    let rows: String = orders.iter().map(row).collect();
    let head = ["No.", "At", "What was asked for", "What became of it", "After"];
    let body = table("orders", "What the target was asked for", &head, &rows);
    Section { id: "orders", title: "Orders", count: orders.len().to_string(), body }
}

fn row(order: &GivenOrder) -> String {
    let (class, words, after) = match &order.answer {
        Some(answer) => {
            (class(answer), answer.words.as_str(), answer.at.since(order.at).to_string())
        }
        None => ("odd", "no answer was written down", String::new()),
    };
    format!(
        "<tr><td class=\"num\">{}</td><td class=\"num\">{}</td><td>{}</td>\
         <td class=\"{class}\">{}</td><td class=\"num\">{after}</td></tr>\n",
        order.number,
        time_of_day(order.at),
        html(&order.action),
        html(words),
    )
}

const fn class(answer: &Answer) -> &'static str {
    match answer.applied {
        Some(true) => "good",
        Some(false) => "bad",
        None => "odd",
    }
}
