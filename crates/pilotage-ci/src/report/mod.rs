//! The report of a run: one HTML file that needs nothing but a browser.
//!
//! It is a view of the timeline, made once and kept with the job. It loads nothing, neither from
//! the network nor from disk, and its policy forbids it to. All of it can be read without its
//! script, which only filters the journal. Charts have a text alternative, and colour is never the
//! only sign of anything.
//!
//! The journal is cut into tables of some hundred rows that a browser lays out only when they come
//! into view, so that ten thousand records open at once.

mod chart;
mod failing;
mod head;
mod journal;
mod judge;
mod orders;
mod page;
mod scale;
mod steps;
mod table;
mod traffic;
mod units;

use crate::timeline::{Invocation, Timeline};

/// The report of this run, with what to run next.
pub fn report(timeline: &Timeline, again: &Invocation) -> String {
    let sections = [
        steps::section(timeline),
        traffic::section(timeline),
        units::section(timeline),
        judge::section(timeline),
        failing::section(timeline),
        orders::section(timeline),
        journal::section(timeline),
    ];
    page::page(timeline, &head::header(timeline, again), &sections)
}
