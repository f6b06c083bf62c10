//! Ways through the space of everything that can go wrong.
pub mod swarm;
use crate::sim::world::DAWN;
use pilotage_rollout::journal::{Entry, Record};

/// A record on one line.
pub fn line(record: &Record) -> String {
    let at = record.at.since(DAWN);
    match &record.entry {
        Entry::Opened { fence, .. } => format!("{at} opened {fence}"),
        Entry::Intent(order) => format!("{at} intent {} {:?}", order.action, order.stamp),
        Entry::Happened(event) => format!("{at} {event:?}"),
    }
}
