//! How far a worker was listened to.

use std::collections::VecDeque;

use pilotage_aws::ecs::Task;
use pilotage_migration::saga::runner::{Heard, Words};

use crate::Tasks;
use crate::listen::{self, Listener};

/// The most lines of a worker that are kept until somebody hears them.
const MOST_LINES: usize = 10_000;

/// How far it was listened to.
#[derive(Debug)]
pub(super) struct Listening {
    listener: Listener,
    lines: VecDeque<String>,
    heard: u64,
    is_drained: bool,
}

impl Listening {
    pub(super) const fn new(listener: Listener) -> Self {
        Self { listener, lines: VecDeque::new(), heard: 0, is_drained: false }
    }

    /// Whether it has what comes after this; whoever begins anew gets all of it anew.
    pub(super) fn goes_on(&self, since: Heard) -> bool {
        self.first() <= since.0 && since.0 <= self.heard
    }

    /// The last lines of a container.
    pub(super) fn last_words(&self, container: &str) -> Vec<String> {
        self.listener.last_words(container)
    }

    /// The number of the first line that is still kept.
    fn first(&self) -> u64 {
        self.heard - self.lines.len() as u64
    }

    /// Hears what has come; all of it, if the worker has ended.
    pub(super) async fn hear(&mut self, tasks: &Tasks, ended: Option<&Task>) {
        let mut new = Vec::new();
        let mut take = |heard: listen::Heard| new.push(line(heard));
        match ended {
            Some(_) if self.is_drained => {}
            Some(task) => {
                self.listener.drain(task, &*tasks.clock, &mut take).await;
                self.is_drained = true;
            }
            None => drop(self.listener.hear(&mut take).await),
        }
        self.heard += new.len() as u64;
        self.lines.extend(new);
        while self.lines.len() > MOST_LINES {
            self.lines.pop_front();
        }
    }

    /// The lines after this one; what comes before is kept for nobody.
    pub(super) fn after(&mut self, since: Heard) -> Words {
        while self.first() < since.0 && self.lines.pop_front().is_some() {}
        Words { lines: self.lines.drain(..).collect(), heard: Heard(self.heard) }
    }
}

fn line(heard: listen::Heard) -> String {
    match heard {
        listen::Heard::Line { container, text } => format!("[{container}] {text}"),
        listen::Heard::Deaf { container, reason } => format!("[{container}] not heard: {reason}"),
    }
}
