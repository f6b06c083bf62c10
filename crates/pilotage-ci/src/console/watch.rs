//! The driver's watcher that shows a run on a console.

use std::sync::{Mutex, MutexGuard, PoisonError};

use pilotage_driver::role::{News, Watcher};
use pilotage_rollout::Moment;
use pilotage_rollout::journal::Record;

use super::{Outlet, Scene, View};
use crate::timeline::{Timeline, Unfit};

/// Shows a run while it goes on.
#[derive(Debug)]
pub struct Console {
    stage: Mutex<Stage>,
    outlet: Outlet,
}

#[derive(Debug)]
struct Stage {
    timeline: Option<Timeline>,
    was_replayed: bool,
    is_unfit: bool,
    view: Box<dyn View>,
}

impl Console {
    /// A console with this view, written to this outlet.
    pub fn new(view: Box<dyn View>, outlet: Outlet) -> Self {
        let stage = Stage { timeline: None, was_replayed: false, is_unfit: false, view };
        Self { stage: Mutex::new(stage), outlet }
    }

    /// Shows that time has passed: a frame is redrawn, a log speaks up after a long silence.
    pub fn tick(&self, now: Moment) {
        let text = self.stage().pass(now);
        self.outlet.write(text);
    }

    /// Writes text of the caller between that of the view.
    pub fn write(&self, text: String) {
        self.outlet.write(text);
    }

    /// The run as it was shown so far.
    pub fn timeline(&self) -> Option<Timeline> {
        self.stage().timeline.clone()
    }

    /// A view that panicked leaves a timeline that is still whole.
    fn stage(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watcher for Console {
    fn see(&self, news: &News<'_>) {
        let text = self.stage().see(news);
        self.outlet.write(text);
    }
}

impl Stage {
    fn see(&mut self, news: &News<'_>) -> String {
        match news {
            News::Replayed { record, .. } => {
                self.was_replayed = true;
                self.follow(record).unwrap_or_default()
            }
            News::Recorded { record, .. } => self.record(record),
            News::Warned { warning } => self.view.show(Scene::Warned(warning)),
            News::Ended { .. } => {
                let resumed = self.resume();
                resumed + &self.view.show(Scene::Ended(self.timeline.as_ref()))
            }
        }
    }

    fn record(&mut self, record: &Record) -> String {
        let resumed = self.resume();
        if let Some(complaint) = self.follow(record) {
            return resumed + &complaint;
        }
        let Some(timeline) = &self.timeline else { return resumed };
        resumed + &self.view.show(Scene::Grown(timeline))
    }

    /// What was read back is shown as a whole, before the first thing that is new.
    fn resume(&mut self) -> String {
        match &self.timeline {
            Some(timeline) if core::mem::take(&mut self.was_replayed) => {
                self.view.show(Scene::Resumed(timeline))
            }
            _ => String::new(),
        }
    }

    /// Adds the record, or says once that the run cannot be shown any further.
    fn follow(&mut self, record: &Record) -> Option<String> {
        if self.is_unfit {
            return Some(String::new());
        }
        let unfit: Unfit = match &mut self.timeline {
            Some(timeline) => timeline.follow(record).err()?,
            None => match Timeline::open(record) {
                Ok(timeline) => {
                    self.timeline = Some(timeline);
                    return None;
                }
                Err(unfit) => unfit,
            },
        };
        self.is_unfit = true;
        Some(self.view.show(Scene::Unfit(&unfit.to_string())))
    }

    fn pass(&mut self, now: Moment) -> String {
        match &self.timeline {
            Some(timeline) => self.view.show(Scene::Passed(timeline, now)),
            None => String::new(),
        }
    }
}
