//! How people see a run.

use core::fmt::Debug;
use std::fmt::Write;
use std::sync::Arc;

use pilotage_driver::role::{News, Notifier, Silence, Watcher};
use pilotage_rollout::Event;
use pilotage_rollout::journal::{Entry, Record};
use pilotage_rollout::target::Outcome;

use crate::record::Chronicle;
use crate::{Out, Receiver};

/// How a run is shown.
#[derive(Debug, Clone)]
pub struct View {
    /// Where progress goes.
    pub err: Out,
    /// Whether colours may be used there.
    pub color: bool,
    /// Whether progress is wanted at all.
    pub quiet: bool,
    /// The options with which this program is called for the same environment again.
    pub options: String,
}

/// How people see a run: live, by messages, and afterwards.
pub trait Lookout: Debug + Send + Sync {
    /// Whoever shows a run that is under way.
    fn watcher(&self, view: &View) -> Arc<dyn Watcher>;

    /// Whoever tells these receivers. One that cannot be told is no reason to fail: that is said
    /// where progress goes.
    fn notifier(&self, receivers: &[Receiver], view: &View) -> Arc<dyn Notifier>;

    /// The report of a run, as one document, whatever it is called with next.
    fn report(&self, run: &Chronicle, options: &str) -> String;

    /// Text that may repeat what somebody outside said, such as a verdict or an error, made
    /// harmless for where it is shown.
    fn fit(&self, text: &str, err: &Out) -> String;
}

/// Plain lines for a log, nobody elsewhere, and a report in plain text.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlainLookout;

impl Lookout for PlainLookout {
    fn watcher(&self, view: &View) -> Arc<dyn Watcher> {
        Arc::new(PlainWatcher { view: view.clone() })
    }

    fn notifier(&self, receivers: &[Receiver], view: &View) -> Arc<dyn Notifier> {
        if !receivers.is_empty() {
            view.err.mention("warning: nobody is told of the run: this program cannot do that");
        }
        Arc::new(Silence)
    }

    fn report(&self, run: &Chronicle, _: &str) -> String {
        let mut text = format!("run {}: {}\n{}\n\n", run.id(), run.standing(), run.plan());
        let first = run.records().first().map(|record| record.at).unwrap_or_default();
        for record in run.records() {
            let line = line(record);
            // Writing to a string cannot fail.
            let _infallible = writeln!(text, "{:>10}  {line}", record.at.since(first).to_string());
        }
        text
    }

    fn fit(&self, text: &str, _: &Out) -> String {
        let shown = |char: &char| *char == '\n' || !char.is_control();
        text.chars().filter(shown).collect()
    }
}

#[derive(Debug)]
struct PlainWatcher {
    view: View,
}

impl Watcher for PlainWatcher {
    fn see(&self, news: &News<'_>) {
        if self.view.quiet {
            return;
        }
        match news {
            News::Recorded { record, .. } if is_progress(record) => {
                self.view.err.mention(&line(record));
            }
            News::Warned { warning } => self.view.err.mention(&format!("warning: {warning}")),
            News::Recorded { .. } | News::Replayed { .. } | News::Ended { .. } => {}
        }
    }
}

/// Whether a record is worth a line: what is read again and again is not.
const fn is_progress(record: &Record) -> bool {
    !matches!(
        record.entry,
        Entry::Happened(
            Event::Observed(Ok(_))
                | Event::Woke
                | Event::Acted(Outcome::Applied)
                | Event::Inspected(Ok(_))
        )
    )
}

fn line(record: &Record) -> String {
    match &record.entry {
        Entry::Opened { plan, fence, .. } => {
            format!("begin: {} `{}` under fence {fence}", plan.kind, plan.to.id)
        }
        Entry::Intent(order) => format!("order: {}", order.action),
        Entry::Happened(event) => happened(event),
    }
}

fn happened(event: &Event) -> String {
    match event {
        Event::Acted(Outcome::Applied) => "done".into(),
        Event::Acted(Outcome::NotApplied(rejection)) => format!("not done: {rejection:?}"),
        Event::Acted(Outcome::Unknown { reason }) => format!("no answer, reading back: {reason}"),
        Event::Observed(Ok(seen)) => {
            let groups = seen.groups.iter().map(|group| {
                let (release, ready, desired) = (&group.release.id, group.ready, group.desired);
                format!("`{release}` {ready}/{desired} at {}", group.share)
            });
            format!("seen: {}", groups.collect::<Vec<_>>().join(", "))
        }
        Event::Observed(Err(failure)) => format!("the target cannot be read: {failure:?}"),
        Event::Inspected(Ok(schema)) => format!("migrations: {schema:?}"),
        Event::Inspected(Err(failure)) => format!("the migrations cannot be read: {failure:?}"),
        Event::Probed(Ok(())) => "smoke check passed".into(),
        Event::Probed(Err(reason)) => format!("smoke check failed: {reason}"),
        Event::Measured(readings) => format!("judged {} metrics", readings.len()),
        Event::Answered(answer) => format!("a person was asked: {answer:?}"),
        Event::Woke => "waited".into(),
        Event::Aborted { by } => format!("given up by {by}"),
        Event::Interrupted => "told to stop".into(),
        Event::LeaseLost { reason } => format!("the lease was lost: {reason}"),
        Event::Resumed { fence, .. } => format!("resumed under fence {fence}"),
    }
}
